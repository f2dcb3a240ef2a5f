# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can be drawn of each value type: valid values, other spellings of them, and what the server makes of both.

A value type of its own needs a class here; a text with a ``check`` of its own needs ``examples`` in its table.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Generic, TypeVar
from unittest.mock import ANY

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._access.membership_table import Roles
from ansible_collections.machineid.infisical.plugins.module_utils._access.permissions import Permissions
from ansible_collections.machineid.infisical.plugins.module_utils._access.privilege_table import (
    StartTime,
    TemporaryRange,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.aws_auth import (
    account_error,
    arn_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oci_auth import (
    tenancy_error,
    username_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.public_keys import (
    KeySet,
    PublicKeys,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import id_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.key_values import KeyValues
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList, Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists_by_key import KeyedLists, ListsByKey
from ansible_collections.machineid.infisical.plugins.module_utils._model.nested import Nested
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    LEFT_OUT,
    Boolean,
    Integer,
    Text,
    ValueType,
)

Values = st.SearchStrategy[Any]
Draw = Callable[[Values], Any]
OfType = TypeVar("OfType", bound=ValueType)

WORD = st.text("abcXYZ019-_", min_size=1, max_size=12)
ACCOUNT = st.integers(0, 10**12 - 1).map("{:012}".format)
TENANCY = st.text("abcdefghij0123456789", min_size=1, max_size=20).map("ocid1.tenancy.oc1..{}".format)
USERNAME = st.text("abcXYZ019._@-", min_size=1, max_size=12)
UUIDS = st.uuids().map(str)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BLANKS = st.sampled_from(["", " ", "  "])
BIG = 2**63 - 1


def arns(profile: str) -> Values:
    """ARNs that the release takes; 2024-10 knows neither paths nor sessions
    (server-notes#forms-of-an-aws-principal)."""
    simple = st.builds("arn:aws:iam::{}:{}/{}".format, ACCOUNT, st.sampled_from(["user", "role"]), WORD)
    every = simple | st.builds("arn:aws:iam::{}:*".format, ACCOUNT)
    if profile != "current":
        return every
    return (
        every
        | st.builds("arn:aws:iam::{}:role/{}/{}".format, ACCOUNT, WORD, WORD)
        | st.builds("arn:{}:sts::{}:assumed-role/{}".format, st.sampled_from(["aws", "aws-us-gov"]), ACCOUNT, WORD)
    )


def certificate(number: int) -> str:
    """A certificate in PEM, always the same one for a number."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"ca {number}")])
    dated = x509.CertificateBuilder(name, name, key.public_key(), number).not_valid_before(datetime(2026, 1, 1))
    signed = dated.not_valid_after(datetime(2046, 1, 1)).sign(key, None)
    return signed.public_bytes(Encoding.PEM).decode().strip()


def public_key(number: int) -> str:
    """A public key in PEM, always the same one for a number."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().strip()


FORMS: dict[Callable[[str], str | None], Callable[[str], Values]] = {
    arn_error: arns,
    account_error: lambda profile: ACCOUNT,
    tenancy_error: lambda profile: TENANCY,
    username_error: lambda profile: USERNAME,
    id_error: lambda profile: UUIDS,
    certificate_error: lambda profile: st.sampled_from([certificate(1), certificate(2)]),
}
"""Richer than the examples of a table can be."""


def texts(one: Text | CommaList, profile: str) -> Values:
    if one.check in FORMS:
        return FORMS[one.check](profile)
    if one.examples:
        return st.sampled_from(one.examples)
    if one.check is None:
        return WORD | UUIDS
    raise LookupError(f"nobody knows what {one.check.__qualname__} accepts: give the value type examples in its table")


def upper_uuid(text: str) -> str:
    return text.upper() if UUID.fullmatch(text) else text


@st.composite
def padded(draw: st.DrawFn, text: str) -> str:
    return draw(BLANKS) + text + draw(BLANKS)


@st.composite
def repeated(draw: st.DrawFn, items: list[Any]) -> list[Any]:
    """The items in another order, some of them more than once."""
    again = draw(st.lists(st.sampled_from(items), max_size=2)) if items else []
    return draw(st.permutations([*items, *again]))


@st.composite
def networks(draw: st.DrawFn) -> str:
    """A network in the spelling that the collection returns."""
    address = draw(st.ip_addresses())
    bits = address.max_prefixlen
    prefix = draw(st.sampled_from([0, 8, bits - 1, bits]) | st.integers(0, bits))
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    return str(network.network_address) if prefix == bits else str(network)


@st.composite
def network_text(draw: st.DrawFn, network: str, *, by_value: bool = True) -> str:
    """One network in any of its spellings; with ``by_value`` also by another address in it."""
    parsed = ipaddress.ip_network(network)
    address = parsed.network_address
    if by_value and parsed.num_addresses > 1 and draw(st.booleans()):
        address = draw(st.sampled_from([parsed[1], parsed[-1]]))
    text = str(address)
    if parsed.version == 6:
        text = draw(st.sampled_from([text, text.upper(), address.exploded]))
    if parsed.num_addresses == 1 and draw(st.booleans()):
        return text
    return f"{text}/{parsed.prefixlen}"


class Generator(Generic[OfType]):
    """What can be drawn of one value type. A value is in normal form; ``wire`` is what the API holds."""

    def __init__(self, type: OfType) -> None:
        self.type = type

    def values(self, profile: str) -> Values:
        """Values that the release takes."""
        raise NotImplementedError

    def spelled(self, draw: Draw, value: Any) -> Any:
        """The value in any spelling that means the same, as a playbook may hold it."""
        return value

    def foreign(self, draw: Draw, value: Any) -> Any:
        """The value as another client may have sent it: the server keeps order, duplicates and spelling."""
        return value

    def meaning(self, wire: Any) -> Any:
        """What a value of the API means, found without the collection's own code."""
        return wire

    def meaning_of(self, value: Any) -> Any:
        """The same of a normal form."""
        return value


class Integers(Generator[Integer]):
    def values(self, profile: str) -> Values:
        low, high = self.type.minimum, BIG if self.type.maximum is None else self.type.maximum
        return st.sampled_from([low, low + 1, high]) | st.integers(low, min(high, 10_000))

    def spelled(self, draw: Draw, value: Any) -> Any:
        return draw(st.sampled_from([value, str(value)]))


class Booleans(Generator[Boolean]):
    def values(self, profile: str) -> Values:
        return st.booleans()

    def spelled(self, draw: Draw, value: Any) -> Any:
        return draw(st.sampled_from([value, *(["yes", "true", "on", 1] if value else ["no", "false", "off", 0])]))


class Texts(Generator[Text]):
    def values(self, profile: str) -> Values:
        if self.type.choices:
            return st.sampled_from(self.type.choices)
        given = texts(self.type, profile)
        return given | st.just("") if self.type.cleared_by else given

    def spelled(self, draw: Draw, value: Any) -> Any:
        if self.type.choices:
            return value
        if self.type.several_lines and draw(st.booleans()):
            return draw(padded(value.replace("\n", "\r\n")))
        return draw(padded(draw(st.sampled_from([value, upper_uuid(value) if self.type.uuid else value]))))

    def foreign(self, draw: Draw, value: Any) -> Any:
        if not value and self.type.cleared_by in ("null", "omitted"):
            return None
        return draw(st.sampled_from([value, upper_uuid(value)])) if self.type.uuid else value

    def meaning(self, wire: Any) -> Any:
        text = "" if wire is None or wire is LEFT_OUT else wire
        text = re.sub(r"[ \t\r]*\n", "\n", text.strip()) if self.type.several_lines else text
        return text.lower() if self.type.uuid and UUID.fullmatch(text) else text


class CommaLists(Generator[CommaList]):
    def values(self, profile: str) -> Values:
        # Short enough for the 255 characters that a column of 2024-10 holds (server-notes#column-lengths).
        return st.lists(texts(self.type, profile), min_size=self.type.never_empty, max_size=3, unique=True)

    def spelled(self, draw: Draw, value: Any) -> Any:
        items = [draw(padded(draw(st.sampled_from([item, upper_uuid(item)])))) for item in draw(repeated(value))]
        return draw(st.sampled_from([items, ",".join(items), [",".join(items)]] if items else [[]]))

    def foreign(self, draw: Draw, value: Any) -> Any:
        return draw(st.sampled_from([",", ", ", " ,"])).join(draw(repeated(value))) or self.type.empty

    def meaning(self, wire: Any) -> Any:
        return frozenset(item.strip().lower() for item in (wire or "").split(",") if item.strip())

    def meaning_of(self, value: Any) -> Any:
        return frozenset(item.lower() for item in value)


class NetworkLists(Generator[Networks]):
    def values(self, profile: str) -> Values:
        return st.just(["0.0.0.0/0", "::/0"]) | st.lists(networks(), min_size=1, max_size=4, unique=True)

    def spelled(self, draw: Draw, value: Any) -> Any:
        if draw(st.booleans()):
            return ",".join(draw(padded(draw(network_text(item)))) for item in draw(repeated(value)))
        return [self.element(draw, item) for item in draw(repeated(value))]

    def element(self, draw: Draw, network: str) -> Any:
        """An element as a user, Terraform or the API itself would write it."""
        text = draw(network_text(network))
        form = draw(st.sampled_from(["text", "terraform", "wire", "stored"]))
        if form == "text":
            return draw(padded(text))
        if form == "stored" and "/" in text:
            address, _slash, prefix = text.partition("/")
            return {"ipAddress": address, "prefix": int(prefix), "type": "ipv6" if ":" in text else "ipv4"}
        return {"ip_address" if form == "terraform" else "ipAddress": text}

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [{"ipAddress": draw(network_text(item))} for item in draw(repeated(value))]

    def meaning(self, wire: Any) -> Any:
        given = (f"{one['ipAddress']}/{one['prefix']}" if "prefix" in one else one["ipAddress"] for one in wire)
        return frozenset(ipaddress.ip_network(text, strict=False) for text in given)

    def meaning_of(self, value: Any) -> Any:
        return frozenset(ipaddress.ip_network(item) for item in value)


class Dictionaries(Generator[KeyValues]):
    def values(self, profile: str) -> Values:
        return st.dictionaries(WORD, WORD, max_size=3)

    def spelled(self, draw: Draw, value: Any) -> Any:
        return {draw(padded(key)): draw(padded(value[key])) for key in draw(st.permutations(sorted(value)))}

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [{"key": key, "value": value[key]} for key in draw(st.permutations(sorted(value)))]

    def meaning(self, wire: Any) -> Any:
        return {pair["key"]: pair["value"] for pair in wire or []}


class DictionariesOfLists(Generator[ListsByKey]):
    @property
    def lists(self) -> CommaLists:
        return CommaLists(self.type.values)

    def values(self, profile: str) -> Values:
        return st.dictionaries(WORD, self.lists.values(profile).filter(bool), max_size=3)

    def spelled(self, draw: Draw, value: Any) -> Any:
        keys = draw(st.permutations(sorted(value)))
        return {draw(padded(key)): self.lists.spelled(draw, value[key]) for key in keys}

    def foreign(self, draw: Draw, value: Any) -> Any:
        return {key: self.lists.foreign(draw, value[key]) for key in draw(st.permutations(sorted(value)))}

    def meaning(self, wire: Any) -> Any:
        return {key: self.lists.meaning(joined) for key, joined in (wire or {}).items()}

    def meaning_of(self, value: Any) -> Any:
        return {key: self.lists.meaning_of(elements) for key, elements in value.items()}


class ListsOfPairs(Generator[KeyedLists]):
    @property
    def lists(self) -> CommaLists:
        return CommaLists(self.type.values)

    def values(self, profile: str) -> Values:
        pair = st.fixed_dictionaries({"key": WORD, "value": self.lists.values(profile).filter(bool)})
        return st.lists(pair, max_size=3, unique_by=lambda one: (one["key"], frozenset(map(str.lower, one["value"]))))

    def spelled(self, draw: Draw, value: Any) -> Any:
        return [
            {"key": draw(padded(one["key"])), "value": self.lists.spelled(draw, one["value"])}
            for one in draw(repeated(value))
        ]

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [{"key": one["key"], "value": self.lists.foreign(draw, one["value"])} for one in draw(repeated(value))]

    def meaning(self, wire: Any) -> Any:
        return frozenset((one["key"], self.lists.meaning(one["value"])) for one in wire or [])

    def meaning_of(self, value: Any) -> Any:
        return frozenset((one["key"], self.lists.meaning_of(one["value"])) for one in value)


class KeysInPem(Generator[PublicKeys]):
    def values(self, profile: str) -> Values:
        return st.lists(st.sampled_from([public_key(number) for number in (1, 2, 3)]), max_size=3, unique=True)

    def spelled(self, draw: Draw, value: Any) -> Any:
        keys = [draw(padded(key.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))))) for key in draw(repeated(value))]
        return draw(st.sampled_from([keys, ["\n".join(keys)]] if keys else [[]]))

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [key + draw(st.sampled_from(["", "\n"])) for key in draw(repeated(value))]

    def meaning(self, wire: Any) -> Any:
        return frozenset(key.strip() for key in wire if key.strip())

    def meaning_of(self, value: Any) -> Any:
        return frozenset(value)


class KeySets(Generator[KeySet]):
    def values(self, profile: str) -> Values:
        key = st.fixed_dictionaries({"kty": st.just("EC"), "kid": WORD, "x": WORD})
        return st.lists(key, max_size=2, unique_by=lambda one: one["kid"]).map(lambda keys: {"keys": keys})

    def spelled(self, draw: Draw, value: Any) -> Any:
        keys = {"keys": draw(st.permutations(value["keys"]))}
        return draw(st.sampled_from([keys, json.dumps(keys), json.dumps(keys, indent=2, sort_keys=True) + "\n"]))

    def foreign(self, draw: Draw, value: Any) -> Any:
        return json.dumps(value, indent=draw(st.sampled_from([None, 1])))

    def meaning(self, wire: Any) -> Any:
        return frozenset(json.dumps(key, sort_keys=True) for key in json.loads(wire)["keys"])

    def meaning_of(self, value: Any) -> Any:
        return self.meaning(json.dumps(value))


class Objects(Generator[Nested]):
    """One variant of nested options, complete: what a value has of them, and only that, is what it means."""

    def values(self, profile: str) -> Values:
        variants = sorted({part.variant for part in self.type.fields if part.variant}) or [("", "")]
        return st.sampled_from(variants).flatmap(lambda variant: self.values_of(dict([variant]), profile))

    def values_of(self, variant: dict[str, str], profile: str) -> Values:
        own = [part for part in self.type.fields if part.is_in_variant(variant)]
        drawn = {part.option: generator(part.type).values(profile) for part in own}
        needed = {part.option: drawn[part.option].filter(bool) if part.required else drawn[part.option] for part in own}
        return st.fixed_dictionaries(
            {**needed, **{option: st.just(value) for option, value in variant.items() if option}}
        )

    def spelled(self, draw: Draw, value: Any) -> Any:
        parts = [part for part in self.type.fields if part.option in value]
        return {part.option: generator(part.type).spelled(draw, value[part.option]) for part in parts}

    def foreign(self, draw: Draw, value: Any) -> Any:
        parts = [part for part in self.type.fields if value.get(part.option, "") != ""]
        return {part.wire: generator(part.type).foreign(draw, value[part.option]) for part in parts}

    def meaning(self, wire: Any) -> Any:
        held = {
            part.option: generator(part.type).meaning(wire[part.wire]) for part in self.type.fields if part.wire in wire
        }
        return {option: one for option, one in held.items() if one != ""}

    def meaning_of(self, value: Any) -> Any:
        parts = [part for part in self.type.fields if value.get(part.option, "") != ""]
        return {part.option: generator(part.type).meaning_of(value[part.option]) for part in parts}


class RoleLists(Generator[Roles]):
    def values(self, profile: str) -> Values:
        slugs = st.lists(st.sampled_from(["admin", "member", "viewer", "no-access"]), min_size=1, unique=True)
        return slugs.map(lambda chosen: [{"role": slug} for slug in chosen])

    def spelled(self, draw: Draw, value: Any) -> Any:
        slugs = draw(repeated([role["role"] for role in value]))
        return [draw(st.sampled_from([slug, {"role": slug}, {"role": slug, "is_temporary": False}])) for slug in slugs]

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [{"role": role["role"], "isTemporary": False} for role in draw(st.permutations(value))]

    def meaning(self, wire: Any) -> Any:
        return frozenset(role["role"] for role in wire)

    def meaning_of(self, value: Any) -> Any:
        return self.meaning(value)


class RuleLists(Generator[Permissions]):
    """Rules whose order counts, with actions and conditions in every form."""

    def values(self, profile: str) -> Values:
        text = st.sampled_from(["dev", "prod", "/apps/**", "/{{identity.metadata.team}}"])
        several = st.lists(text, min_size=1, max_size=3, unique=True)
        operators = st.fixed_dictionaries({"$ne": text}, optional={"$glob": text}) | st.fixed_dictionaries(
            {"$in": several}, optional={"$all": several}
        )
        conditions = st.dictionaries(
            st.sampled_from(["environment", "secretPath", "secretTags"]), text | operators, min_size=1, max_size=2
        )
        rule = st.fixed_dictionaries(
            {
                "subject": st.sampled_from(["secrets", "secret-folders", "identity"]),
                "action": st.lists(st.sampled_from(["read", "edit", "create"]), min_size=1, unique=True),
                "inverted": st.booleans(),
            },
            optional={"conditions": conditions},
        )
        return st.lists(rule, max_size=3)

    def spelled(self, draw: Draw, value: Any) -> Any:
        return [self.rule(draw, rule) for rule in value]

    def foreign(self, draw: Draw, value: Any) -> Any:
        return [self.rule(draw, rule) for rule in value]

    def rule(self, draw: Draw, rule: Any) -> Any:
        actions = draw(repeated(rule["action"]))
        conditions = {key: self.condition(draw, one) for key, one in rule.get("conditions", {}).items()}
        respelled = {"subject": rule["subject"], "action": actions}
        if len(set(actions)) == 1 and draw(st.booleans()):
            respelled["action"] = actions[0]
        if conditions or draw(st.booleans()):
            respelled["conditions"] = conditions
        if rule["inverted"] or draw(st.booleans()):
            respelled["inverted"] = rule["inverted"]
        return respelled

    def condition(self, draw: Draw, condition: Any) -> Any:
        if isinstance(condition, str):
            return draw(st.sampled_from([condition, {"$eq": condition}]))
        return {key: draw(repeated(one)) if isinstance(one, list) else one for key, one in condition.items()}

    def meaning(self, wire: Any) -> Any:
        return [
            (
                rule["subject"],
                frozenset([rule["action"]] if isinstance(rule["action"], str) else rule["action"]),
                {key: self.meaning_of_condition(one) for key, one in (rule.get("conditions") or {}).items()},
                bool(rule.get("inverted")),
            )
            for rule in wire
        ]

    def meaning_of_condition(self, condition: Any) -> Any:
        operators = condition if isinstance(condition, dict) else {"$eq": condition}
        return {key: frozenset(one) if isinstance(one, list) else one for key, one in operators.items()}

    def meaning_of(self, value: Any) -> Any:
        return self.meaning(value)


class Ranges(Generator[TemporaryRange]):
    SPELLINGS = (("", " "), ("30m", "1800s", "0.5h"), ("2h", "120 m", " 2h"), ("7d", "1w"))

    def values(self, profile: str) -> Values:
        return st.sampled_from([spellings[0] for spellings in self.SPELLINGS])

    def spelled(self, draw: Draw, value: Any) -> Any:
        return draw(st.sampled_from(next(one for one in self.SPELLINGS if value in one)))

    def foreign(self, draw: Draw, value: Any) -> Any:
        return self.spelled(draw, value).strip() or None

    def meaning(self, wire: Any) -> Any:
        return next(one for one in self.SPELLINGS if (wire or "") in one)

    def meaning_of(self, value: Any) -> Any:
        return self.meaning(value)


class Starts(Generator[StartTime]):
    def values(self, profile: str) -> Values:
        moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))
        return moments.map(lambda one: one.replace(microsecond=0).isoformat() + ".000Z")

    def spelled(self, draw: Draw, value: Any) -> Any:
        if not value:
            return value
        zone = timezone(timedelta(minutes=draw(st.integers(-720, 720))))
        return draw(st.sampled_from([value, datetime.fromisoformat(value).astimezone(zone).isoformat()]))

    def meaning(self, wire: Any) -> Any:
        return datetime.fromisoformat(wire) if wire else ""

    def meaning_of(self, value: Any) -> Any:
        """An empty one fits any start."""
        return self.meaning(value) or ANY


GENERATORS: dict[type[ValueType], type[Generator[Any]]] = {
    Integer: Integers,
    Boolean: Booleans,
    Text: Texts,
    CommaList: CommaLists,
    Networks: NetworkLists,
    KeyValues: Dictionaries,
    ListsByKey: DictionariesOfLists,
    KeyedLists: ListsOfPairs,
    Nested: Objects,
    PublicKeys: KeysInPem,
    KeySet: KeySets,
    Roles: RoleLists,
    Permissions: RuleLists,
    TemporaryRange: Ranges,
    StartTime: Starts,
}


def generator(one: ValueType) -> Generator[Any]:
    if type(one) not in GENERATORS:
        raise LookupError(f"tests/unit/generators.py has no generator for the value type {type(one).__name__}: add one")
    return GENERATORS[type(one)](one)
