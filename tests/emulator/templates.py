# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Auth templates: a connection that identities share, copied to the row of each one that is linked."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import DatabaseError, bad_request, not_found
from .method_table import AuthMethod, Template, Write
from .permissions import require
from .schema import MISSING, is_uuid
from .world import Identity, Row, World

SUBJECT = "machine-identity-auth-template"
FEATURE = "machineIdentityAuthTemplates"
PLAN_TEXT = (
    "Failed to use identity auth template due to plan restriction. "
    "Upgrade plan to access machine identity auth templates."
)
LINK = "templateId"
# Kept in a row, and never answered: which of its secrets came from a template that does not give them away.
MASKED = "_masked"


def follow_template(write: Write, org_id: str) -> None:
    """Link the row to the template that was sent, or hold the write against the one it is linked to."""
    template = write.method.template
    if template is None:
        return
    keep_masks(write)
    wanted, linked = write.sent.get(LINK, MISSING), write.stored.get(LINK)
    if wanted is MISSING:
        if linked and template.managed and changes_copies(write, template):
            raise bad_request(template.managed)
    elif wanted is not None and not (wanted == linked and template.managed):
        link(write, template, wanted, org_id)


def changes_copies(write: Write, template: Template) -> bool:
    sent = {name for name, value in write.sent.items() if not (value == "" and name in write.method.kept_by_empty)}
    return bool(sent & set(template.fields))


def link(write: Write, template: Template, template_id: str, org_id: str) -> None:
    call = write.call
    if template.licensed and not call.world.has_feature(FEATURE):
        raise bad_request(PLAN_TEXT)
    require(call, org_id, "attach-templates", SUBJECT)
    if not is_uuid(template_id):
        raise DatabaseError("Find one")
    found = call.world.templates.get(template_id)
    if found is None or found["authMethod"] != template.auth_method:
        if template.missing:
            raise not_found(template.missing.format(id=template_id))
        write.row[LINK] = None
        return
    copy(write.row, template, found["templateFields"])
    write.copied = frozenset(template.fields)


def copy(row: Row, template: Template, held: Row) -> None:
    row.update({**template.blanks, **{name: held[name] for name in template.fields if name in held}})
    row[MASKED] = [name for name in template.masked if row[name]]


def keep_masks(write: Write) -> None:
    """A copied secret stays masked after the link is gone, until another value or null takes its place
    (server-notes#kubernetes-templates)."""
    replaced = {name for name, value in write.sent.items() if value or value is None}
    if write.stored.get(MASKED):
        write.row[MASKED] = [name for name in write.stored[MASKED] if name not in replaced]


def linked_rows(world: World, method: AuthMethod, template_id: str) -> Iterator[tuple[Identity, Row]]:
    """The identities that use a template, with their rows of its method."""
    for identity in world.identities.values():
        row = identity.methods.get(method.slug)
        if row is not None and row.get(LINK) == template_id:
            yield identity, row
