"""The words of Terraform's native syntax, as regular expressions over one character per byte.

Every pattern is possessive where it repeats, so that no input, however broken, takes more than
linear time. A pattern that skips white space comes in two forms: ``Line`` stops at a line's end,
as between the braces of a block or an object; ``Free`` does not, as inside parentheses.

Compiling all of them took a twentieth of a small scan, and most files have neither a ``for`` nor a splat: what
is met in few files is a ``seldom``, compiled when it is first asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from stockade.patterns import lazy_regex

_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+\*/"
BLANK: Final = rf"(?:[ \t]++|{_COMMENT})*+"
SPACE: Final = rf"(?:[ \t\n]++|\r\n|\#[^\n]*+|//[^\n]*+|{_COMMENT})*+"
LINE_END: Final = r"[ \t]*+(?:\n|\r\n|(?:\#|//)[^\n]*+(?:\n|\Z))"

ASCII_NAME: Final = r"[A-Za-z_][\w-]*+"
NAME: Final = r"[A-Za-z_\x80-\xff][\w\x80-\xff-]*+"
NAME_ENDS: Final = r"(?![\w\x80-\xff-])"
NUMBER: Final = r"\d++(?:\.\d++)?+(?:[eE][+-]?+\d++)?+"
PLAIN: Final = r'[^"\\$%\r\n\x80-\xff]*+'
"""The inside of a quoted string that means exactly its bytes."""


FLAGS: Final = re.ASCII
"""Not ``VERBOSE``: what is said of a pattern beside it is not read anew by every scan that compiles it."""


def pattern(text: str) -> re.Pattern[str]:
    """Compile with the flags all patterns of the grammar share."""
    return re.compile(text, FLAGS)


def seldom(text: str) -> re.Pattern[str]:
    """The same, compiled when a method is first called, which therefore is not to be kept as the others are."""
    return lazy_regex(text, FLAGS)


Matcher: TypeAlias = Callable[[str, int], re.Match[str] | None]


class Rules:
    """What may follow where a line's end counts (``Line``), or where it is mere white space (``Free``)."""

    __slots__ = ("_texts", "before_no_operator", "before_step", "colon", "operand", "operator", "postfix")
    operand: Matcher
    postfix: Matcher
    operator: Matcher
    colon: Matcher

    def __init__(self, skip: str, white: str) -> None:
        self._texts = {
            "operand": f"{skip}(?:"
            rf'"({PLAIN})"'  # 1 a plain string
            rf"|({NAME})(?:((?:{skip}::{skip}{NAME})*+){skip}(\()|((?:\.{NAME})*+))"  # 2-5 a call, a traversal
            rf"|({NUMBER})"  # 6
            r'|(["(\[{!-]|<<))',  # 7 what opens the rest
            "postfix": rf"{skip}(?:\.(?!\.){skip}(?:({NAME})|({NUMBER})|(\*)|())|(\[))",
            "operator": rf"{skip}(\|\||&&|==|!=|<=|>=|[<>+*%?-]|/(?![/*]))",
            "colon": rf"{skip}:(?!:)",
        }
        self.before_step = ".[ \t/" + white
        """Unless one of these follows an operand, no step does."""
        self.before_no_operator = ",)]}" + ("" if white else "\n")
        """If one of these follows an operand, no operator does."""

    def __getattr__(self, name: str) -> Matcher:
        """A matcher that is asked for the first time; from then on it is found without coming here."""
        if name not in self._texts:
            raise AttributeError(name)
        made = pattern(self._texts[name]).match
        setattr(self, name, made)
        return made


LINE: Final = Rules(BLANK, "")
FREE: Final = Rules(SPACE, "\r\n#")

_LONGEST_INTEGER = 4000


def number(text: str) -> int | Decimal | None:
    """The exact value of a number's text, an ``int`` whenever it is integral; ``None`` if out of range."""
    if len(text) < _LONGEST_INTEGER and text.isdigit():
        return int(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if abs(value.adjusted()) < _LONGEST_INTEGER and value == value.to_integral_value():
        return int(value)
    return value
