"""What every part of the native parser stands on: the text, its names and strings, and refusals."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from stockade.read.terraform.lexemes import BLANK, FREE, NAME, NUMBER, SPACE, Rules, pattern, seldom
from stockade.read.terraform.tree import Problem

DEEPEST: Final = 100
"""How deep anything may nest: far more than people write, and few enough frames for the parser."""

HIGHEST: Final = 200
"""How high a tree may grow, chains of operators included, so that whoever walks it may recurse."""

MOST_PROBLEMS: Final = 100
"""How many problems of one text are listed; what has more is not Terraform."""

space = pattern(SPACE).match
blank = pattern(BLANK).match
_token = seldom(rf"(?:{NAME}|{NUMBER}|\.\.\.|=>|[=!<>]=|&&|\|\||[^\s]|)")


class Refused(Exception):
    """Something Terraform's grammar does not allow; caught where reading can go on."""

    def __init__(self, start: int, end: int, message: str, reach: int | None = None) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.reach = end if reach is None else reach
        """How far was read before it was refused."""


class Scanner:
    """A text with one character per byte, and what was found wrong with it."""

    def __init__(self, text: str, whole: str = "file") -> None:
        """``whole`` is what messages call the text."""
        self.text = text
        self.whole = whole
        self.problems: list[Problem] = []
        self.depth = 0
        """How many constructs are open around the place being read."""
        self.height = 0
        """The height of the node read last."""

    def problem(self, start: int, end: int, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(start, end, message))
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(Problem(start, end, "more problems follow; they are not listed"))

    def expected(self, what: str, at: int, rules: Rules = FREE) -> Refused:
        """A refusal of whatever stands at a place."""
        text = self.text
        found = (space if rules is FREE else blank)(text, at)
        at = found.end() if found else at
        if text.startswith("/*", at):
            return Refused(at, at + 2, "this comment is never closed", reach=len(text))
        if at >= len(text):
            return Refused(at, at, f"expected {what}, found end of {self.whole}")
        if text[at] in "\r\n#" or text.startswith("//", at):
            return Refused(at, at + 1, f"expected {what}, found end of line")
        token = _token.match(text, at)
        end = max(token.end() if token else at, at + 1)
        if text[at] >= "\x80":
            while end < len(text) and "\x80" <= text[end] <= "\xbf":
                end += 1
        shown = self.text[at : min(end, at + 40)].encode("latin-1").decode("utf-8", "replace")
        if not shown.isprintable():
            shown = shown.encode("unicode_escape").decode()
        return Refused(at, end, f"expected {what}, found `{shown}`")

    def decode(self, start: int, end: int) -> str:
        """The Unicode of a stretch of text, in the composed form in which Terraform keeps strings."""
        piece = self.text[start:end]
        if piece.isascii():
            return piece
        try:
            return normalize("NFC", piece.encode("latin-1").decode())
        except UnicodeDecodeError as error:
            self.problem(start + error.start, start + error.end, "these bytes are not UTF-8")
            return normalize("NFC", piece.encode("latin-1").decode("utf-8", "replace"))

    def name(self, start: int, end: int) -> str:
        """An identifier; raises ``Refused`` when its letters beyond ASCII are none."""
        name = self.text[start:end]
        if name.isascii():
            return name
        try:
            name = normalize("NFC", name.encode("latin-1").decode())
        except UnicodeDecodeError as error:
            raise Refused(start + error.start, start + error.end, "these bytes are not UTF-8") from None
        if not name.replace("-", "_").isidentifier():
            raise Refused(start, end, f"`{name}` is not a name")
        return name

    def grow(self, height: int, at: int) -> None:
        """The node being made is one higher than the highest below it."""
        if height >= HIGHEST:
            raise Refused(at, at + 1, "nested too deeply")
        self.height = height + 1
