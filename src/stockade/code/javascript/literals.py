"""What string and number literals of JavaScript stand for."""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex

_ESCAPE: Final = lazy_regex(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_ENDS: Final = ("\n", "\r\n", "\r", "\u2028", "\u2029")


def unescape(raw: str) -> str:
    """The text of a string literal or a template's piece; a line that goes on is joined with the next."""

    def one(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            value = int(code, 16)
            return chr(value) if value <= 0x10FFFF else "\ufffd"
        return "" if found[4] in _ENDS else _LETTERS.get(found[4], found[4])

    return _ESCAPE.sub(one, raw)


def number(text: str) -> int | float:
    """A number literal; whole ones are integers."""
    plain = text.replace("_", "").rstrip("n")
    try:
        if plain[:2].lower() in ("0x", "0o", "0b"):
            return int(plain, 0)
        value = float(plain)
    except ValueError:
        return float("nan")
    return int(value) if value.is_integer() and abs(value) < 1e21 else value
