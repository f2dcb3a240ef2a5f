# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Limits of former servers, which allow only one auth method per identity, checked before the first write.

Some values would only be rejected by the second write of a plan (server-notes#lifetime-bounds).
"""

from __future__ import annotations

from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan


def check_former_limits(planned: Plan, current: Wire | None, is_former: Callable[[], bool]) -> None:
    """Raises InfisicalError if the plan sends a value that this server rejects because it is a former one.
    ``is_former`` determines that, and is only called if the plan has such a value and ``current``, the current state,
    does not answer the question."""
    errors = former_errors(planned)
    newer = [field.wire for field in planned.resource.fields if field.newer]
    if not errors or any(wire in (current or {}) for wire in newer) or not is_former():
        return
    raise InfisicalError(
        "unsupported_by_server",
        f"This server is a release with only one auth method per identity, which requires {' and '.join(errors)}.",
        advice="Nothing was changed. Set another value, or upgrade the Infisical server.",
    )


def former_errors(planned: Plan) -> list[str]:
    """Returns what a former server requires of the plan's writes, by option."""
    errors = []
    for field in planned.resource.fields:
        for index, body in enumerate(planned.bodies):
            creates = planned.action == "create" and index == 0
            minimum = field.former_minimum_on_create if creates else field.former_minimum
            if minimum is not None and field.wire in body and body[field.wire] < minimum:
                errors.append(f"{field.option} of at least {minimum}{' when it is attached' if creates else ''}")
                break
            lacks = not body.get(field.wire) and (creates or field.wire in body)
            if field.former_required and lacks:
                errors.append(f"{field.option}{' when it is attached' if creates else ''}")
                break
    return errors
