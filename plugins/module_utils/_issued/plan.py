# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan of an issued credential: one valid credential per name, renewed before it expires.

A credential can only be created, listed and revoked, so it has a life cycle and is not a table. The plan is a pure
function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    DeclaredCredential,
    Issued,
    Listing,
)


@dataclass(frozen=True)
class CredentialPlan:
    """The plan for one declaration. ``create``: a new credential is created. ``revoke``: ids of those to revoke.
    ``current``: the previously valid one, which is due for renewal if a new one is created. ``others``: ids of usable
    ones that no declaration explains. ``unlisted``: the server has more credentials than it lists."""

    declared: DeclaredCredential
    create: bool
    revoke: tuple[str, ...]
    current: Issued | None
    before: tuple[str, ...]
    differing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()
    unlisted: bool = False

    @property
    def changed(self) -> bool:
        return self.create or bool(self.revoke)

    @property
    def kept(self) -> Issued | None:
        return None if self.create else self.current

    def diff(self) -> dict[str, Any]:
        """Returns the ids of the credentials before and after. One that has not been created has none."""
        after = [one for one in self.before if one not in self.revoke] + (["(new)"] if self.create else [])
        if not self.changed:
            return {"before": {}, "after": {}}
        return {"before": {self.declared.label: list(self.before)}, "after": {self.declared.label: after}}


def plan_credential(
    declared: DeclaredCredential, listing: Listing, now: float, delivered: frozenset[str] | None = None
) -> CredentialPlan:
    """Returns the plan, given the server's list of credentials and its time. Raises InfisicalError if the server does
    not list all of them, and therefore may already have the declared one.

    ``delivered`` are the ids of the credentials that may be in the file of ``dest``, None without ``dest``.
    """
    ours = sorted((one for one in listing.credentials if concerns(declared, one)), key=Issued.age_key, reverse=True)
    ids = tuple(one.id for one in reversed(ours))
    if not declared.present:
        return CredentialPlan(declared, False, ids, None, ids, unlisted=not listing.complete)
    usable = [one for one in ours if one.is_usable(now)]
    dead = tuple(one.id for one in ours if one not in usable)
    in_force = [one for one in usable if delivered is None or one.id in delivered]
    current = in_force[0] if in_force else None
    if current is None and not listing.complete and not declared.renew_now:
        raise out_of_sight(declared)
    undelivered = tuple(one.id for one in usable) if current is None else ()
    create = declared.renew_now or current is None or is_due(current, declared, now)
    if create and delivered is not None and declared.overlap == 0:
        # The new credential is already in its file at that time, so there is no need to wait.
        superseded = [one.id for one in usable]
    elif current is None:
        superseded = []
    else:
        superseded = [one.id for one in superseded_by(current, usable, declared, now, delivered is None)]
    revoke = dead + tuple(superseded)
    if create or current is None:
        return CredentialPlan(declared, True, revoke, current, ids, undelivered=undelivered)
    differing = tuple(name for name, value in declared.settings.items() if current.settings[name] != value)
    others = tuple(one.id for one in unaccounted(current, usable, declared) if one.id not in revoke)
    return CredentialPlan(declared, False, revoke, current, ids, differing, others)


def concerns(declared: DeclaredCredential, credential: Issued) -> bool:
    if declared.credential_id:
        return credential.id == declared.credential_id
    return credential.name == declared.name


def out_of_sight(declared: DeclaredCredential) -> InfisicalError:
    noun = declared.type.noun
    return InfisicalError(
        "conflict",
        f"The identity has more {noun}s than the server lists, and '{declared.name}' is not one of the latest. Nothing"
        " was changed, because it may already exist.",
        advice=f"Revoke {noun}s that nobody uses, or create another one with renew: now.",
    )


def is_due(credential: Issued, declared: DeclaredCredential, now: float) -> bool:
    return credential.ends_at is not None and credential.ends_at - now <= declared.renew_before


def superseded_by(
    current: Issued, usable: Sequence[Issued], declared: DeclaredCredential, now: float, unproved: bool
) -> list[Issued]:
    """Returns the older credentials whose overlap is over.

    ``unproved`` says that no file proves that anybody has the current one. Older ones then remain until the current one
    has been used: its text may have been lost with the answer, and nobody could log in any more.
    """
    if declared.overlap is None or current.created_at + declared.overlap > now or (unproved and not current.num_uses):
        return []
    return [one for one in usable if one.age_key() < current.age_key()]


def unaccounted(current: Issued, usable: Sequence[Issued], declared: DeclaredCredential) -> list[Issued]:
    """Returns the usable credentials other than the current one that no renewal explains, or
    that remain for ever after one."""
    return [
        one
        for one in usable
        if one is not current
        and (
            one.age_key() > current.age_key()
            or (declared.overlap is None and not is_due(one, declared, current.created_at))
        )
    ]


def plan_warnings(planned: CredentialPlan) -> list[str]:
    """Returns warnings about the existing credentials."""
    declared, kept, credential = planned.declared, planned.kept, planned.declared.type
    name = f"{credential.title} '{declared.label}'"
    warnings = []
    if planned.unlisted and not declared.credential_id:
        warnings.append(
            f"{name}: the identity has more {credential.noun}s than the server lists. Older ones with this"
            f" {credential.name_option} may exist: run the task again, or revoke them by {credential.id_option}."
        )
    if planned.differing:
        warnings.append(
            f"{name}: the server cannot change its {' and '.join(planned.differing)}. The declared values apply from"
            " the next renewal on; to apply them immediately, set renew: now."
        )
    if kept is not None and declared.dest is None and not kept.num_uses:
        warnings.append(
            f"{name} ({kept.id}) was never used. If nobody has it, because the answer with its value was lost, create"
            " another one with renew: now."
        )
    if planned.others:
        warnings.append(
            f"{name}: besides {kept.id if kept else 'it'} there are usable {credential.noun}s with this"
            f" {credential.name_option} that no declaration explains: {', '.join(planned.others)}. If nobody uses them,"
            f" revoke them: {credential.by_id}."
        )
    if planned.undelivered and declared.dest is not None:
        kept_on = "remain usable" if declared.overlap is None else "remain usable until the overlap is over"
        warnings.append(
            f"{name}: {declared.dest} does not contain it, so another one is created. The existing {credential.noun}s"
            f" {kept_on}: {', '.join(planned.undelivered)}."
        )
    return warnings
