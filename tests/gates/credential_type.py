# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The credential type of AWX, generated from the table of the connection options: fields and environment variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.machineid.infisical.plugins.module_utils._login.choice import PLAIN_METHODS, proving_methods
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import (
    CONNECTION_OPTIONS,
    ConnectionOption,
)

HEAD = """---
# The credential type of AWX for this collection, written by `make generate` from the table of the connection options.
# AWX sets the variable of an empty field to an empty string, which the modules take for not set.
"""

REQUIRED = ("url",)

FILES = {
    "ca_path": ("ca_certificates", "The authorities that the server's certificate is checked with, as PEM text."),
    "client_cert": ("client_certificate", "A TLS client certificate, as PEM text."),
    "client_key": ("client_certificate_key", "The key of the client certificate, as PEM text."),
    "tls_cert_path": ("tls_certificate", "The TLS client certificate that logs in, as PEM text."),
    "tls_key_path": ("tls_certificate_key", "The key of that certificate, as PEM text."),
}
"""Options with paths become fields with the content, because the author of a credential has no files on the node."""

SECRET_FILES = ("client_key", "tls_key_path")

LEFT_OUT = {
    "timeout": "a matter of the playbook",
    "retries": "a matter of the playbook",
    "oidc_audience": "a matter of CI systems",
    "kubernetes_token_path": "where a container's token lies is not the credential's to say",
    "aws_region": "belongs to the credential of the cloud, whose library takes an empty variable for a value",
    "azure_client_id": "belongs to the credential of the cloud, whose library takes an empty variable for a value",
    "azure_resource": "a matter of the playbook",
    "gcp_service_account_key_path": "belongs to the credential of the cloud",
    "oci_config_file": "belongs to the credential of the cloud, whose library takes an empty variable for a value",
    "oci_profile": "belongs to the credential of the cloud, whose library takes an empty variable for a value",
    "alicloud_access_key_id": "belongs to the credential of the cloud",
    "alicloud_access_key_secret": "belongs to the credential of the cloud",
    "alicloud_profile": "belongs to the credential of the cloud",
    "spiffe_jwt_path": "where a container's token lies is not the credential's to say",
    "spiffe_endpoint_socket": "where a container's Workload API listens is not the credential's to say",
    "spiffe_audience": "a matter of the playbook",
}
"""Options without a field, each with the reason. The generator fails for an option that is in neither place."""

WORDS = {"ca": "CA", "certs": "certificates", "id": "ID", "jwt": "JWT", "ldap": "LDAP", "tls": "TLS", "url": "URL"}

TWO_SENTENCES = ("url", "auth_method")
"""Options with two sentences of their description in the help text."""

Field = dict[str, Any]


class Indented(yaml.SafeDumper):
    """Indents lists as yamllint requires."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def field_id(option: ConnectionOption) -> str:
    return FILES[option.name][0] if option.name in FILES else option.name


def variable(option: ConnectionOption) -> str:
    """Returns the first environment variable of an option."""
    return [*option.env, *(name for names in option.env_of_method.values() for name in names)][0]


def label(identifier: str) -> str:
    words = [WORDS.get(word, word) for word in identifier.split("_")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def plain(description: str | list[str], sentences: int) -> str:
    """Returns the first sentences of a description, without markup."""
    text = description if isinstance(description, str) else description[0]
    first = " ".join(re.split(r"(?<=\.)\s", text)[:sentences])
    return re.sub(r"\b[A-Z]\(([^)]*)\)", r"\1", first)


def choices(option: ConnectionOption) -> list[str]:
    if option.name == "auth_method":
        return [method.name for method in (*PLAIN_METHODS, *proving_methods())]
    # AWX treats an empty boolean as false, so the certificate of the server would not be verified.
    return ["true", "false"] if option.type == "bool" else []


def default(option: ConnectionOption) -> str | None:
    """Returns the default. Every field with choices needs one: AWX replaces an empty answer,
    which is not a choice, by it."""
    if option.name == "auth_method":
        return PLAIN_METHODS[0].name
    return None if option.default is None else str(option.default).lower()


def field(option: ConnectionOption, description: str) -> Field:
    identifier = field_id(option)
    made: Field = {"id": identifier, "type": "string", "label": label(identifier), "help_text": description}
    if option.name in FILES:
        made["multiline"] = True
    if option.secret or option.name in SECRET_FILES:
        made["secret"] = True
    if offered := choices(option):
        made["choices"] = offered
    if (preset := default(option)) is not None:
        made["default"] = preset
    return made


def credential_type(documented: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the credential type. ``documented`` are the options of the doc fragment, whose
    descriptions become help texts."""
    chosen = [option for option in CONNECTION_OPTIONS if option.name not in LEFT_OUT]
    fields, env, files = [], {}, {}
    for option in chosen:
        identifier = field_id(option)
        if option.name in FILES:
            label_of_file = f"template.{identifier}"
            files[label_of_file] = f"{{{{ {identifier} }}}}"
            env[variable(option)] = f"{{{{ tower.filename.{identifier} if {identifier} else '' }}}}"
            fields.append(field(option, FILES[option.name][1]))
        else:
            env[variable(option)] = f"{{{{ {identifier} }}}}"
            sentences = 2 if option.name in TWO_SENTENCES else 1
            fields.append(field(option, plain(documented[option.name]["description"], sentences)))
    return {
        "name": "Infisical machine identity",
        "description": "Where the Infisical server is, and the machine identity that jobs log in as.",
        "kind": "cloud",
        "inputs": {"fields": fields, "required": list(REQUIRED)},
        "injectors": {"env": env, "file": files},
    }


def text(documented: Mapping[str, Any]) -> str:
    made = credential_type(documented)
    return HEAD + yaml.dump(made, Dumper=Indented, sort_keys=False, width=118, allow_unicode=False)
