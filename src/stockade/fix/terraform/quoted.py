"""JSON inside of quotes under change: read without its escapes, and written with them again.

A quoted policy is seen as the JSON that it is, at offsets of its own; what is replaced in it goes to the page
around, escaped. An interpolation stays as it is, for it is code and no text.
"""

from __future__ import annotations

import re
from typing import Final

from stockade.errors import FixError
from stockade.fix.terraform.page import Page
from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t

_PIECE: Final = lazy_regex(r"\\(.)|(\$\{|%\{)|[^\\]", re.DOTALL)
_PLAIN: Final = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPED: Final = {one: f"\\{name}" for name, one in _PLAIN.items()}


class Quoted(Page):
    """The text between the quotes of one literal, as a page of its own."""

    def __init__(self, around: Page, start: int, end: int) -> None:
        super().__init__(around.source)
        self._outer = around
        self._places: list[int] = []
        shown: list[str] = []
        at = start
        while at < end:
            found = _PIECE.match(around.text, at)
            if found is None or (found[1] is not None and found[1] not in _PLAIN):
                raise FixError(f"the text at {around.position(at)} has an escape that cannot be kept")
            if found[2] is not None and around.text[at - 1 : at + 1] not in ("$$", "%%"):
                stop = _code_end(around, found.end(), end)
                shown.append(around.text[at:stop])
                self._places += range(at, stop)
                at = stop
                continue
            shown.append(_PLAIN[found[1]] if found[1] is not None else found[0])
            self._places += [at] if found[2] is None else [at, at + 1]
            at = found.end()
        self._places.append(end)
        self.text = "".join(shown)

    def inside(self, at: int) -> int:
        """The offset in the text of an offset in the file."""
        return self._places.index(at)

    def position(self, at: int) -> str:
        return self._outer.position(self._places[at])

    def replace(self, start: int, end: int, new: str, raw: bool = False) -> None:
        self._outer.replace(self._places[start], self._places[end], escaped(new), raw=True)


def quotes_around(page: Page, body: t.Body, at: int) -> tuple[int, int] | None:
    """Where the text begins and ends that stands in quotes around an offset."""
    for node in t.walk(body):
        if (
            isinstance(node, t.Template | t.Literal)
            and node.start <= at < node.end
            and page.text[node.start] == '"'
        ):
            return node.start + 1, node.end - 1
    return None


def escaped(text: str) -> str:
    """A text as it stands inside of quotes, its interpolations as they are."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith(("${", "%{"), at) and text[at - 1 : at] != text[at]:
            depth, stop = 1, at + 2
            while depth and stop < len(text):
                depth += {"{": 1, "}": -1}.get(text[stop], 0)
                stop += 1
            out.append(text[at:stop])
            at = stop
        else:
            out.append(_ESCAPED.get(text[at], text[at]))
            at += 1
    return "".join(out)


def _code_end(page: Page, at: int, end: int) -> int:
    """Where an interpolation ends that begins before an offset."""
    depth = 1
    while depth and at < end:
        depth += {"{": 1, "}": -1}.get(page.text[at], 0)
        at += 1
    return at
