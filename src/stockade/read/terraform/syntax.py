"""Terraform's native syntax: bytes in, a tree with exact places out, whatever the bytes are.

What the grammar does not allow becomes a ``Problem`` and loses as little as it can: the argument or
block it stands in. Reading goes on at the next line that is indented no deeper than the broken one.
"""

from __future__ import annotations

import re
from typing import Final

from stockade.read.terraform.expressions import ExpressionParser
from stockade.read.terraform.lexemes import (
    ASCII_NAME,
    BLANK,
    LINE,
    LINE_END,
    NAME,
    NUMBER,
    PLAIN,
    SPACE,
    pattern,
    seldom,
)
from stockade.read.terraform.scanner import DEEPEST, Refused, space
from stockade.read.terraform.tree import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    Literal,
    Part,
    Problem,
    Template,
    walk,
)
from stockade.source import Source

_TOP_LEVEL: Final = frozenset(
    (
        "check", "data", "ephemeral", "import", "locals", "module", "moved", "output", "provider", "removed",
        "resource", "terraform", "variable",
    )
)  # fmt: skip
_REREADING: Final = 4
"""How many times its own length a file may be read again while recovering from what is broken."""

_item = pattern(
    rf"{SPACE}(?:({ASCII_NAME})[ \t]*+(?:=(?![=>])[ \t]*+(?:"
    rf'"({PLAIN})"{LINE_END}'  # 2
    rf"|(true|false|null|{NUMBER}){LINE_END}"  # 3
    rf"|({ASCII_NAME}(?:\.{ASCII_NAME})++){LINE_END}"  # 4
    rf'|())|((?:"{PLAIN}"[ \t]*+)*+)\{{)'  # 5, 6
    r"|(\})|(\Z))"  # 7, 8
).match
_labels = pattern(rf'"({PLAIN})"').findall
_name = pattern(rf"{SPACE}({NAME})").match
_equals = pattern(rf"{BLANK}=(?![=>])").match
_label = seldom(rf'{BLANK}(?:({NAME})|(")|(\{{))')
_line_end = pattern(rf"{BLANK}(?:\n|\r\n|(?:\#|//)[^\n]*+(?:\n|\Z)|\Z)").match
_close_brace = seldom(rf"{BLANK}\}}")
_comma = seldom(rf"{BLANK},")
_blanks = seldom(r"[ \t]*+")
_next_line = seldom(r"\n([ \t]*+)(?:([A-Za-z_\x80-\xff])|\})")
_header = seldom(r'\n([a-z]++)[ \t]*+(?:"[^"\n]*+"[ \t]*+)*+\{')


def parse(source: Source) -> File:
    """One ``.tf``, ``.tofu`` or ``.tfvars`` file."""
    parser = _FileParser(source.text)
    body = parser.file()
    parser.problems.sort(key=lambda problem: (problem.start, problem.end))
    return File(source, body, parser.problems)


def parse_expression(source: Source, start: int, end: int) -> Expression | Problem:
    """A stretch of a source as one expression, as ``--var`` and JSON syntax hold them."""
    parser = ExpressionParser(source.text[start:end])
    try:
        expression: Expression | Problem = parser.whole_expression()
    except Refused as refused:
        expression = Problem(refused.start, refused.end, refused.message)
    if parser.problems:
        expression = parser.problems[0]
    if start:
        for node in walk(expression):
            node.start += start
            node.end += start
    return expression


def parse_template(source: Source) -> tuple[Template, list[Problem]]:
    """A whole file as one template, as ``templatefile`` reads it: no quotes, no escapes but ``$${``.

    With a problem the template has no parts.
    """
    parser = ExpressionParser(source.text)
    parts: list[Part] = []
    try:
        parts = parser.whole_template()
    except Refused as refused:
        parser.problem(refused.start, refused.end, refused.message)
    if parser.problems:
        parts = []
    return Template(0, len(source.data), parts, False), parser.problems


class _FileParser(ExpressionParser):
    """Reads bodies: arguments and blocks."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._to_reread = _REREADING * len(text) + 100_000
        self._unwinding = False
        """A block was left open around something broken; reading goes on at the top level."""

    def file(self) -> Body:
        at = 3 if self.text.startswith("\xef\xbb\xbf") else 0
        body, _, _ = self._body(at, None)
        return body

    def _body(self, at: int, outer: int | None, attribute: Attribute | None = None) -> tuple[Body, int, bool]:
        """Items up to the brace that closes the block at ``outer``, or else the end of the file.

        Gives the body, where to read on, and whether the brace was found. ``attribute`` was read
        already.
        """
        text = self.text
        attributes = {attribute.name: attribute} if attribute else {}
        blocks: list[Block] = []
        first = attribute.start if attribute else at
        depth = self.depth
        while True:
            found = _item(text, at)
            kind = found.lastindex if found is not None else None
            if found is None or kind == 5 or kind == 6:
                try:
                    at = self._item(at, found, attributes, blocks)
                except Refused as refused:
                    self.depth = depth
                    at = self._recover(at, refused, outer)
                if self._unwinding:
                    if outer is not None:
                        return Body(first, at, attributes, blocks), at, True
                    self._unwinding = False
                continue
            at = found.end()
            if kind == 7:
                brace = found.start(7)
                if outer is not None:
                    return Body(first, brace, attributes, blocks), at, True
                self.problem(brace, at, "this `}` closes nothing")
                continue
            if kind == 8:
                return Body(first, at, attributes, blocks), at, False
            start, end = found.span(1)
            value: Expression
            if kind == 2:
                begin, stop = found.span(2)
                value = Literal(begin - 1, stop + 1, found[2])
            else:
                try:
                    value = self.scalar(found, 3)
                except Refused as refused:
                    self.problem(refused.start, refused.end, refused.message)
                    continue
            name = found[1]
            if name in attributes:
                self._set_twice(start, end, name)
            else:
                attributes[name] = Attribute(start, value.end, name, value)

    def _set_twice(self, start: int, end: int, name: str) -> None:
        self.problem(start, end, f"`{name}` is set twice; the first one counts")

    # ------------------------------------------------------------------------------------- items

    def _item(
        self, at: int, found: re.Match[str] | None, attributes: dict[str, Attribute], blocks: list[Block]
    ) -> int:
        """Read one argument or block into what the body has so far; gives where to read on."""
        text = self.text
        if found is None:
            name = _name(text, at)
            if name is None:
                raise self.expected("an argument or block", at)
            start, end = name.span(1)
            equals = _equals(text, end)
            if equals is None:
                labels, opened = self._labels(end)
                return self._block(start, self.name(start, end), labels, opened, blocks)
            value_at = equals.end()
        else:
            start, end = found.span(1)
            if found.lastindex == 6:
                return self._block(start, found[1], _labels(found[6]), found.end(), blocks)
            value_at = found.end()
        attribute = self._argument(start, end, value_at)
        ends = _line_end(text, attribute.end)
        if ends is None:
            comma = _comma.match(text, attribute.end)
            if comma is not None:
                self.problem(comma.end() - 1, comma.end(), "arguments are separated by new lines, not commas")
            elif _close_brace.match(text, attribute.end):
                self.problem(attribute.end, attribute.end + 1, "expected a new line before `}`")
            else:
                raise self.expected("a new line after the argument", attribute.end, LINE)
            ends = comma
        if attribute.name in attributes:
            self._set_twice(start, end, attribute.name)
        else:
            attributes[attribute.name] = attribute
        return ends.end() if ends is not None else attribute.end

    def _argument(self, start: int, end: int, value_at: int) -> Attribute:
        value = self.expression(value_at, LINE)
        return Attribute(start, value.end, self.name(start, end), value)

    def _labels(self, at: int) -> tuple[list[str], int]:
        """A block's labels and where its body begins."""
        labels: list[str] = []
        while True:
            found = _label.match(self.text, at)
            if found is None:
                what = "`=`, a label or `{`" if not labels else "a label or `{`"
                raise self.expected(what, at, LINE)
            at = found.end()
            match found.lastindex:
                case 1:
                    labels.append(self.name(*found.span(1)))
                case 2:
                    label = self.quoted(found.start(2))
                    if isinstance(label, Template):
                        raise Refused(label.start, label.end, "a label cannot hold `${` or `%{`")
                    labels.append(str(label.value))
                    at = label.end
                case _:
                    return labels, at

    def _block(self, start: int, type: str, labels: list[str], opened: int, blocks: list[Block]) -> int:
        """Read the body of a block whose brace is open, into ``blocks``; gives where to read on."""
        text = self.text
        if self.depth >= DEEPEST:
            raise Refused(start, opened, "nested too deeply")
        self.depth += 1
        attribute: Attribute | None = None
        at = opened
        if _line_end(text, at) is None and not _close_brace.match(text, at):
            name = _name(text, at)
            equals = _equals(text, name.end()) if name else None
            if name is None or equals is None:
                raise self.expected("a new line, `}` or one argument after `{`", at, LINE)
            attribute = self._argument(*name.span(1), equals.end())
            at = attribute.end
            if not _close_brace.match(text, at):
                ends = _line_end(text, at)
                if ends is None:
                    raise self.expected("`}` after the only argument of a block on one line", at, LINE)
                message = "expected `}` on the line of `{`, or a new line after `{`"
                self.problem(at, min(at + 1, len(text)), message)
                at = ends.end()
        body, at, closed = self._body(at, start, attribute)
        body.start = opened
        self.depth -= 1
        if self._unwinding:
            blocks.append(Block(start, at, type, labels, opened, body))
            return at
        if closed:
            blocks.append(Block(start, at, type, labels, opened, body))
            ends = _line_end(text, at)
            if ends is not None:
                return ends.end()
            if not _close_brace.match(text, at):
                self.problem(at, at + 1, "expected a new line after the block")
            else:
                self.problem(at, at + 1, "expected a new line before `}`")
            return at
        self.problem(start, opened, "this block is never closed: expected `}`, found end of file")
        spilled = self._spilled(body)
        blocks.append(Block(start, body.end, type, labels, opened, body))
        blocks.extend(spilled)
        return at

    # ---------------------------------------------------------------------------------- recovery

    def _spilled(self, body: Body) -> list[Block]:
        """Take out of a block that never closes what stands at the left margin and belongs to the file."""
        for index, block in enumerate(body.blocks):
            if block.type in _TOP_LEVEL and self.text[block.start - 1] == "\n":
                spilled = body.blocks[index:]
                del body.blocks[index:]
                body.end = block.start
                for name in [name for name, a in body.attributes.items() if a.start > block.start]:
                    del body.attributes[name]
                return spilled
        return []

    def _recover(self, at: int, refused: Refused, outer: int | None) -> int:
        """Note what was refused and find the line to read on at, always after the item's first.

        That line is indented no deeper than the item and starts with a name, or with the brace that
        closes the block around it.
        """
        text = self.text
        self.problem(refused.start, min(refused.end, len(text)), refused.message)
        found = space(text, at)
        start = found.end() if found else at
        self._to_reread -= max(refused.reach - start, 0)
        margin = self._margin(start)
        closes_itself = outer is None or self._margin(outer) < margin
        line_end = text.find("\n", start)
        if line_end < 0:
            return len(text)
        for line in _next_line.finditer(
            text, line_end if self._to_reread >= 0 else max(line_end, refused.reach)
        ):
            width = len(line[1])
            if width > margin or (line[2] is None and width == margin and closes_itself):
                continue
            if line[2] and outer is not None and width == 0 < margin:
                header = _header.match(text, line.start())
                self._unwinding = header is not None and header[1] in _TOP_LEVEL
            return line.start() + 1
        return len(text)

    def _margin(self, at: int) -> int:
        """How far the line of a place is indented."""
        start = self.text.rfind("\n", 0, at) + 1
        found = _blanks.match(self.text, start)
        return found.end() - start if found else 0
