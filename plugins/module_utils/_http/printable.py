# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Text from outside as one line that a terminal or a log can display: without control characters, and not too long."""

from __future__ import annotations

import re

LIMIT = 1000
"""Characters that one text may have, the mark included."""

MARK = "\u2026 (shortened)"
REPLACEMENT = "\ufffd"

# Commands to a terminal: CSI, strings such as OSC with their payload, and short escapes. None of the classes contains
# what another match could begin with, so that no text takes more than linear time.
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
LINE_ENDS = re.compile(" ?[\t-\r\x1c-\x1f\x85\u2028\u2029]+ *")
# Controls, lone surrogates, and the format characters that reorder or hide text. The two joiners stay: some scripts
# need them.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)


def printable(text: object, limit: int = LIMIT) -> str:
    """``text`` as one line of at most ``limit`` characters.

    Terminal escapes are dropped, line ends and tabs become a blank, other control characters, bidi overrides and lone
    surrogates become U+FFFD. What is too long ends at a blank, so that no word is cut in two (a part of a secret would
    not be recognised by masking), and with a mark. Cleaning twice changes nothing.
    """
    whole = str(text)
    # Bounds the work, too: an escape sequence may be longer than what is left of it.
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
