"""Text that is safe to print: names of files and units come from outside, and terminals execute control characters."""

from __future__ import annotations

import re

# control characters (ESC, C1, line ends …), marks that turn the direction of text, line and paragraph separators,
# halves of surrogate pairs
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str, keep: str = "") -> str:
    """The text with control characters escaped as in JSON, such as ``\\u001b``, except for those to keep."""
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)
