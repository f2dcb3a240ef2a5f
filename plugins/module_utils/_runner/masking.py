# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keeps run-time secrets out of Ansible's output, in every spelling, on cores with and without a secrets API."""

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
"""Minimum length of a line of a secret that is masked separately. Shorter lines would match ordinary text."""


def register_secrets(secrets: Iterable[str]) -> set[str]:
    """Returns every spelling of ``secrets``, which the caller removes from the result. Registers them with cores that
    have a secrets API (2.22 and later)."""
    values = spelled(secrets)
    if core_register_secrets is not None and values:
        core_register_secrets(sorted(values))
    return values


def spelled(secrets: Iterable[str]) -> set[str]:
    """Returns ``secrets`` in every spelling in which a message, a log or an error of another program may quote them."""
    return {spelling for secret in secrets if secret.strip() for spelling in spellings(secret) if spelling}


def spellings(secret: str) -> Iterator[str]:
    yield secret
    if re.fullmatch("[A-Za-z0-9._~-]+", secret):
        # Quoting does not change any of these characters.
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
    """Yields the text as Python, JSON, YAML, shells and HTML write it within quotes."""
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield text.encode("unicode_escape").decode()
    for literal in (repr(text)[1:-1], ascii(text)[1:-1], repr(text.encode("utf-8", "surrogatepass"))[2:-1]):
        yield literal
        # Whether a quote inside is escaped depends on the other characters of the text around the secret.
        yield literal.replace("\\'", "'")
        yield re.sub(r"(?<!\\)'", r"\\'", literal)
    yield text.replace("'", "''")
    yield text.replace("'", "'\"'\"'")
    yield text.replace("'", "'\\''")
    yield html.escape(text)
    yield html.escape(text, quote=False)


def encoded(text: str) -> Iterator[str]:
    """Yields the text as it is encoded in URLs and forms."""
    for by_url in (
        quote(text, safe="", errors="surrogatepass"),
        quote(text, errors="surrogatepass"),
        quote_plus(text, errors="surrogatepass"),
    ):
        yield by_url
        yield re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), by_url)
