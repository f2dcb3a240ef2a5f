# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Body and query validation, with the issue objects of the server's own validator.

A rule takes a value, its path and the list of issues, and returns what is stored. `values` has the rules for single
values, `objects` those that are made of other rules, `issues` how each refusal is worded.
"""

from __future__ import annotations

from .issues import MISSING, Issues, Path, Rule, kind_of, refuse, refuse_type, too_small
from .objects import Field, array, nullable, record, refined, required, shape, union, variant
from .values import (
    boolean,
    coerced_number,
    comma_list,
    is_uuid,
    number,
    one_of,
    query_boolean,
    slug,
    text,
    url,
    utc_time,
    uuid_text,
)

__all__ = [
    "MISSING",
    "Field",
    "Issues",
    "Path",
    "Rule",
    "array",
    "boolean",
    "coerced_number",
    "comma_list",
    "is_uuid",
    "kind_of",
    "nullable",
    "number",
    "one_of",
    "query_boolean",
    "record",
    "refined",
    "refuse",
    "refuse_type",
    "required",
    "shape",
    "slug",
    "text",
    "too_small",
    "union",
    "url",
    "utc_time",
    "uuid_text",
    "variant",
]
