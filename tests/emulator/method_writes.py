# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a validated body to the row that is stored: the one way every attach and every PATCH goes."""

from __future__ import annotations

from urllib.parse import urlsplit

from .addresses import needs_plan, stored
from .call import Call
from .errors import ApiError, DatabaseError, bad_request, not_found
from .method_table import AuthMethod, Reference, Write
from .outgoing import is_loopback
from .permissions import require
from .schema import MISSING
from .templates import follow_template
from .world import Row

BIGINT = 2**63


def carry_out(call: Call, method: AuthMethod, sent: Row, row: Row, before: Row, org_id: str) -> Row:
    """Bring `row` to its stored form, or refuse the write, in the server's order (server-notes#order-of-the-checks).

    `sent` is the validated body, `row` what it makes of the row `before`, which is empty when the method is attached.
    """
    write = Write(call, method, sent, before, row)
    follow_template(write, org_id)
    check_plan(write)
    row.update({name: stored(sent[name]) for name in method.ip_fields if name in sent})
    store_values(write)
    for condition in method.conditions:
        if not condition.holds(row):
            raise bad_request(condition.message)
    for name, reference in method.references.items():
        if sent.get(name) is not None:
            check_reference(call, reference, sent[name], org_id)
    check_contact(write)
    fit_columns(write)
    return row


def check_plan(write: Write) -> None:
    """The plan comes before the IP syntax (server-notes#order-of-the-checks)."""
    call, method = write.call, write.method
    if method.plan_feature and not call.world.has_feature(method.plan_feature):
        raise bad_request(method.plan_texts[not write.attaching])
    if call.world.has_feature("ipAllowlisting"):
        return
    if any(needs_plan(write.sent[name]) for name in method.ip_fields if name in write.sent):
        raise bad_request(
            f"Failed to add IP access range to {method.ip_plan_noun} due to plan restriction. "
            "Upgrade plan to add IP access range."
        )


def store_values(write: Write) -> None:
    """Apply the table's words about what a sent, an empty and an omitted value store."""
    method, sent, row = write.method, write.sent, write.row
    for name in method.kept_by_empty:
        if sent.get(name) == "" and name in write.stored:
            row[name] = write.stored[name]
    for name, value in method.null_stores.items():
        if row.get(name) is None:
            row[name] = value
    for name, other in method.displaces.items():
        if name in sent and other not in sent:
            row[other] = None
    for name, derive in method.derived.items():
        value = MISSING if name in sent or name in write.copied else derive(sent, write.attaching)
        if value is not MISSING:
            row[name] = value
    if method.after_write:
        method.after_write(write)


def check_reference(call: Call, reference: Reference, value: str, org_id: str) -> None:
    """Hold plan, existence and permission against the use of something of the organisation."""
    if not call.world.has_feature(reference.feature):
        raise bad_request(reference.plan_text)
    if reference.permission_first:
        require(call, org_id, *reference.permission)
    if value not in getattr(call.world, reference.table) and not call.world.any_gateway:
        raise not_found(f"{reference.name} with ID {value} not found")
    require(call, org_id, *reference.permission)


def check_contact(write: Write) -> None:
    contact = write.method.contact
    address = contact.address(write) if contact else None
    if contact is None or address is None:
        return
    here = is_loopback(urlsplit(address if "://" in address else f"//{address}").hostname)
    if address in write.call.world.unreachable or (here and not contact.answers(write)):
        raise ApiError(400, contact.error, contact.message.format(address=address))


def fit_columns(write: Write) -> None:
    """Fail as the database does on numbers (server-notes#mistakes-answered-with-500) and texts
    (server-notes#column-lengths) that its columns cannot hold."""
    limit = write.call.profile.column_limit
    unbounded = {name for name, field in write.method.every_field() if field.unbounded}
    for name, value in write.sent.items():
        too_big = isinstance(value, int) and value >= BIGINT
        too_long = limit and isinstance(value, str) and len(value) > limit and name not in unbounded
        if too_big or too_long:
            raise DatabaseError("Create" if write.attaching else "Update by id")
