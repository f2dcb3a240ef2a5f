# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Makes external text safe for terminals and logs: one line of limited length without control characters."""

from __future__ import annotations

import re

LIMIT = 1000
"""Maximum length of a text in characters, including the mark."""

MARK = "\u2026 (shortened)"
REPLACEMENT = "\ufffd"

# Terminal commands: CSI, strings such as OSC with their payload, and short escapes. No class contains a character that
# could start another match, so matching takes linear time.
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
LINE_ENDS = re.compile(" ?[\t-\r\x1c-\x1f\x85\u2028\u2029]+ *")
# Control characters, lone surrogates, and format characters that reorder or hide text. The two joiners are kept,
# because some scripts need them.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)


def printable(text: object, limit: int = LIMIT) -> str:
    """Returns ``text`` as one line of at most ``limit`` characters.

    Terminal escapes are removed; line breaks and tabs become a space; other control characters, bidi overrides and lone
    surrogates become U+FFFD. A text that is too long is cut at a space and gets a mark. It is never cut inside a word,
    because masking would not recognise a part of a secret. The function is idempotent.
    """
    whole = str(text)
    # This also bounds the work: an escape sequence can be much longer than what remains of the text.
    line = whole[: 8 * limit]
    if not line.isprintable():
        line = UNPRINTABLE.sub(REPLACEMENT, LINE_ENDS.sub(" ", ESCAPES.sub("", line)))
    line = line.strip(" ")
    if len(line) <= limit and len(whole) <= 8 * limit:
        return line
    room = limit - len(MARK)
    if len(line) > room:
        line = line[: room + 1].rpartition(" ")[0] or line[:room]
    return line.rstrip(" ") + MARK
