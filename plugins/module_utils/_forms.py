# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The forms that the server holds ids and slugs to, and the check of options that are no fields of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._kinds import Faults, Kind
from ansible_collections.machineid.infisical.plugins.module_utils._uuids import uuid_fault


def id_fault(text: str) -> str | None:
    wrong = uuid_fault(text)
    return f"{wrong}, got {quoted(text)}" if wrong else None


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def slug_fault(text: str) -> str | None:
    if SLUG.match(text):
        return None
    return f"must be lower-case letters and digits, with single hyphens between them, got {quoted(text)}"


def project_slug_fault(text: str) -> str | None:
    """A shorter or longer one is a 401 or 422 on the server, which says nothing of the project."""
    if 5 <= len(text) <= 36:
        return slug_fault(text)
    return f"must be 5 to 36 characters, got {quoted(text)}"


def project_id_fault(text: str) -> str | None:
    """A UUID, or what an installation has brought along from before there were UUIDs."""
    if re.match(r"[A-Za-z0-9-]{1,36}\Z", text):
        return None
    return f"must be the id of a project, at most 36 letters, digits and hyphens, got {quoted(text)}"


def parse_given(
    kinds: Mapping[str, Kind], params: Mapping[str, Any], faults: Faults, prefix: str = ""
) -> dict[str, Any]:
    """The normal forms of those options of ``kinds`` that are given."""
    given = {option: kind for option, kind in kinds.items() if params.get(option) is not None}
    return {option: kind.parse(prefix + option, params[option], faults) for option, kind in given.items()}
