# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The connection of a task: the argument spec of its options, their validation, and the client for them."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Callable
from urllib.parse import unquote, urlsplit

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import stripped, token_errors
from ansible_collections.machineid.infisical.plugins.module_utils._login.address import (
    hostname,
    is_address,
    is_loopback,
    normal_url,
)
from ansible_collections.machineid.infisical.plugins.module_utils._login.choice import login_class
from ansible_collections.machineid.infisical.plugins.module_utils._login.login_data import (
    HELD,
    divided,
    held_by,
    login_data_spec,
    text_of_connection,
)
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.option_table import CONNECTION_OPTIONS
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import parse_given
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text, ValueType

CONNECTION_SPEC: dict[str, dict[str, Any]] = {
    **{option.name: option.argument_spec() for option in CONNECTION_OPTIONS},
    "login_data": login_data_spec({option.name: option.type for option in CONNECTION_OPTIONS}),
}

LONGEST_TIMEOUT = 3600
MOST_RETRIES = 100
ONE_LINE = (
    "organization_slug",
    "oidc_audience",
    "aws_region",
    "azure_client_id",
    "azure_resource",
    "oci_profile",
    "alicloud_profile",
    "spiffe_endpoint_socket",
    "spiffe_audience",
)
CONNECTION_TYPES: dict[str, ValueType] = {
    "timeout": Integer(1, LONGEST_TIMEOUT, "seconds"),
    "retries": Integer(0, MOST_RETRIES),
    **dict.fromkeys(ONE_LINE, Text(cleared_by="null")),
}

CONNECTION_RULES = {"required_by": {"client_key": ["client_cert"], "tls_key_path": ["tls_cert_path"]}}


class Connection:
    """The connection options of one task: their validation, and the client for them."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params = stripped(params)
        self.login_data: Mapping[str, Any] = params.get("login_data") or {}
        self.url = normal_url(self.login_data.get("url") or params["url"])

    def errors(self) -> list[str]:
        errors: list[str] = []
        if "@" in self.url:
            # It would appear in every message with the address of the server, including this one.
            errors.append("url must not contain a user name or password; use the login options")
        elif not is_address(self.url):
            errors.append(f"url must be an address such as https://infisical.example.com, got {quoted(self.url)}")
        own, held = divided(self.params)
        for given, prefix in ((own, ""), (held, HELD)):
            for option in ("ca_path", "client_cert", "client_key"):
                path = given.get(option)
                if path and not os.path.exists(path):
                    errors.append(f"{prefix}{option} must be an existing file, got {quoted(path)}")
        parse_given(CONNECTION_TYPES, own, errors)
        parse_given(CONNECTION_TYPES, held_by(self.params), errors, HELD)
        if self.login_data:
            token = self._ready_token()
            found = token_errors(token) if token else ["must not be empty"]
            return errors + [f"login_data.access_token {error}" for error in found]
        return errors + self._login_method().errors()

    def warnings(self) -> list[str]:
        warnings: list[str] = []
        if urlsplit(self.url).scheme == "http" and not is_loopback(hostname(self.url) or ""):
            warnings.append(f"{self.url} is not encrypted: the credentials can be read on the network. Use https.")
        if self.validate_certs and not self.params["validate_certs"]:
            warnings.append(f"validate_certs: false has no effect, because {HELD}validate_certs is true.")
        return warnings

    @property
    def validate_certs(self) -> bool:
        """Whether to verify the server's certificate: if either the task or its login_data requires it."""
        return bool(self.params["validate_certs"] or held_by(self.params).get("validate_certs"))

    def client(self, mask: Callable[[str], None] = lambda secret: None) -> Client:
        """Returns a client with a token. Raises InfisicalError if credentials are missing or the login fails.

        ``mask`` is called with all other secrets of the login.
        """
        client = Client(self.server())
        if self.login_data:
            client.token = self._ready_token()
        else:
            client.token = self._login_method(mask).token(client)
        return client

    def login_data_of(self, client: Client) -> dict[str, Any]:
        """Returns the ``login_data`` that lets another task use the token of ``client``,
        which belongs to this connection."""
        connection = text_of_connection({**self.params, "validate_certs": self.validate_certs})
        return {"url": self.url, "access_token": client.token, "connection": connection}

    def key(self) -> Hashable:
        """The key of the client cache: equal for tasks that can share a client."""
        given = {name: self.params.get(name) for name in CONNECTION_SPEC}
        return tuple(sorted((name, repr(value)) for name, value in given.items()))

    def server(self) -> Server:
        params = self.params
        verify = params["ca_path"] if self.validate_certs and params.get("ca_path") else self.validate_certs
        cert = (params["client_cert"], params.get("client_key")) if params.get("client_cert") else None
        return Server(self.url, verify=verify, cert=cert, timeout=float(params["timeout"]), retries=params["retries"])

    def _login_method(self, mask: Callable[[str], None] = lambda secret: None) -> LoginMethod:
        chosen = login_class(self.params)
        given = {
            option.name: self.params.get(option.name) or option.from_environment(chosen.name)
            for option in CONNECTION_OPTIONS
            if option.env_of_method
        }
        return chosen(stripped({**self.params, **given}), mask)

    def _ready_token(self) -> str:
        return str(self.login_data["access_token"] or "")


def urls_of(params: Mapping[str, Any]) -> list[Any]:
    """Returns all addresses of the server in ``params`` as given, or in the environment."""
    login_data = params.get("login_data")
    given = [params.get("url"), login_data.get("url") if isinstance(login_data, Mapping) else None]
    (option,) = (option for option in CONNECTION_OPTIONS if option.name == "url")
    return given + [os.environ.get(variable) for variable in option.env]


def secrets_in_urls(urls: Iterable[Any]) -> set[str]:
    """Returns the user names and passwords in these addresses. An address that contains them fails validation, but
    would have been displayed by then."""
    found: set[str] = set()
    for url in texts_in(list(urls)):
        # Without urlsplit, which does not recognise a user name if the password contains a slash.
        userinfo, at, _host = url.strip().rpartition("@")
        if at:
            userinfo = userinfo.rpartition("://")[2]
            password = userinfo.partition(":")[2] or userinfo
            found |= {userinfo, password, unquote(password)} - {""}
    return found


def texts_in(value: Any) -> Iterator[str]:
    """Yields the texts in ``value``. Values of other types contain no password, and infinity
    cannot be converted to text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in (*value, *value.values()) for text in texts_in(one))
    elif isinstance(value, (list, tuple)):
        yield from (text for one in value for text in texts_in(one))
