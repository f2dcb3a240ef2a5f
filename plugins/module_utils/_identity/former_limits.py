# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Values that former servers refuse, those that keep one auth method per identity: known before the first write.

Some would be refused by the second write of a plan only (server-notes#lifetime-bounds).
"""

from __future__ import annotations

from typing import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan


def refuse_former_limits(planned: Plan, current: Wire | None, is_former: Callable[[], bool]) -> None:
    """Raises where the plan sends a value that a former server refuses and this is one. ``is_former`` finds that out,
    and is asked only where the plan has such a value and ``current``, what the server holds, does not tell."""
    errors = former_errors(planned)
    newer = [field.wire for field in planned.resource.fields if field.newer]
    if not errors or any(wire in (current or {}) for wire in newer) or not is_former():
        return
    raise InfisicalError(
        "unsupported_by_server",
        f"This server is of a release that keeps one auth method per identity, which needs {' and '.join(errors)}.",
        advice="Nothing was changed. Give another value, or upgrade the Infisical server.",
    )


def former_errors(planned: Plan) -> list[str]:
    """What a former server would demand of the plan's writes, by option."""
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
