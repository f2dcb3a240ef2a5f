# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keeping run-time secrets out of what Ansible prints, in every spelling, on cores with and without a secrets API."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable

try:
    from ansible.module_utils.secrets import register_secrets as core_register_secrets
except ImportError:
    core_register_secrets = None

SHORTEST_PART = 8
"""Characters of a secret's line that is masked on its own. Less would be masked in half of all texts."""


def register_secrets(secrets: Iterable[str]) -> set[str]:
    """Every spelling of ``secrets``, for the caller to take out of the result; a core that masks by itself what it is
    asked (2.22 and later) masks them, too."""
    values = spelled(secrets)
    if core_register_secrets is not None and values:
        core_register_secrets(sorted(values))
    return values


def spelled(secrets: Iterable[str]) -> set[str]:
    """``secrets`` in every spelling in which a message, a log or another program's error may quote them."""
    return {spelling for secret in secrets if secret.strip() for spelling in spellings(secret) if spelling}


def spellings(secret: str) -> Iterator[str]:
    yield secret
    if re.fullmatch("[A-Za-z0-9._~-]+", secret):
        # No way of quoting changes any of these.
        return
    bare = secret.strip()
    yield bare
    lines = [line.strip() for line in bare.splitlines()]
    yield from (line for line in lines if len(line) >= SHORTEST_PART)
    yield " ".join(bare.split())
    yield printable(secret, limit=8 * len(secret) + 100)
    for text in (secret, bare):
        yield from escaped(text)
        yield from encoded(text)


def escaped(text: str) -> Iterator[str]:
    """As Python, JSON, YAML, shells and HTML write a text within quotes."""
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield text.encode("unicode_escape").decode()
    for literal in (repr(text)[1:-1], ascii(text)[1:-1], repr(text.encode("utf-8", "surrogatepass"))[2:-1]):
        yield literal
        # Whether a quote within is escaped depends on the other characters of the text that holds the secret.
        yield literal.replace("\\'", "'")
        yield re.sub(r"(?<!\\)'", r"\\'", literal)
    yield text.replace("'", "''")
    yield text.replace("'", "'\"'\"'")
    yield text.replace("'", "'\\''")
    yield html.escape(text)
    yield html.escape(text, quote=False)


def encoded(text: str) -> Iterator[str]:
    """As URLs and forms carry a text."""
    for by_url in (
        quote(text, safe="", errors="surrogatepass"),
        quote(text, errors="surrogatepass"),
        quote_plus(text, errors="surrogatepass"),
    ):
        yield by_url
        yield re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), by_url)
