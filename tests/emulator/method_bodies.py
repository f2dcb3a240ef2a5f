# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The bodies of POST and PATCH: the token settings that every method has, and bodies that come in several forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .addresses import trusted_ips_field
from .profiles import OLD, Profile
from .schema import Field, Issues, Path, Rule, number, refuse, refuse_type, shape, union, variant

MONTH = 2_592_000
TEN_YEARS = 315_360_000
FormFields = dict[str, Field]
# Makes one rule of the fields of each form.
Join = Callable[[Mapping[str, FormFields]], Rule]


@dataclass(frozen=True)
class Forms:
    """The forms of a body: the fields of each beside those that all have, and how the server distinguishes them."""

    fields: Mapping[str, FormFields]
    join: Join

    def rule(self, common: FormFields) -> Rule:
        return self.join({name: {**own, **common} for name, own in self.fields.items()})


def first_that_fits(forms: Mapping[str, FormFields]) -> Rule:
    """A union: what the form taken does not know is dropped like any unknown key."""
    return union(*(shape(fields) for fields in forms.values()))


def named_by(field: str) -> Join:
    """A discriminated union."""
    return lambda forms: variant(field, forms)


def chosen_by(choose: Callable[[dict[str, Any]], str]) -> Join:
    """The form that a look at the body decides on."""

    def join(forms: Mapping[str, FormFields]) -> Rule:
        shapes = {name: shape(fields) for name, fields in forms.items()}

        def rule(value: Any, path: Path, issues: Issues) -> Any:
            if not isinstance(value, dict):
                return refuse_type(issues, path, "object", value)
            return shapes[choose(value)](value, path, issues)

        return rule

    return join


def not_beside(message: str) -> Field:
    """A field that this form refuses, whatever its value."""
    return Field(lambda value, path, issues: refuse(issues, path, message))


@dataclass(frozen=True)
class TokenFields:
    """The token settings with the bounds of a release (server-notes#lifetime-bounds)."""

    profile: Profile
    max_ttl_minimum: int = 0

    def of_attach(self) -> FormFields:
        if self.profile is OLD:
            ttl = number(whole=True, minimum=1, maximum=TEN_YEARS, nonzero="accessTokenTTL must have a non zero number")
            max_ttl = number(whole=True, maximum=TEN_YEARS, nonzero="accessTokenMaxTTL must have a non zero number")
        else:
            ttl = number(whole=True, minimum=0, maximum=TEN_YEARS)
            max_ttl = number(whole=True, minimum=self.max_ttl_minimum, maximum=TEN_YEARS)
        return {
            "accessTokenTrustedIps": trusted_ips_field(),
            "accessTokenTTL": Field(ttl, default=MONTH),
            "accessTokenMaxTTL": Field(max_ttl, default=MONTH),
            "accessTokenNumUsesLimit": Field(number(whole=True, minimum=0), default=0),
        }

    def of_update(self, *, strict: bool = False) -> FormFields:
        """All optional; TTL 0 passes everywhere but where the bounds of POST were kept."""
        fields = {name: entry.optional() for name, entry in self.of_attach().items()}
        if not strict:
            fields["accessTokenTTL"] = Field(number(whole=True, minimum=0, maximum=TEN_YEARS))
        return fields
