"""Terraform's JSON syntax (``.tf.json``, ``.tofu.json``, ``.tfvars.json``) as the tree native syntax makes.

At the top stand blocks; inside a block every property is an argument, because JSON does not tell
nested blocks from values, except for ``dynamic`` and its ``content``. Strings are templates, save
where Terraform takes them for references or types, and in variables' defaults, which are what they
say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from stockade.json_text import ESCAPES, WORDS
from stockade.patterns import lazy_regex
from stockade.read.terraform.expressions import ExpressionParser
from stockade.read.terraform.lexemes import number
from stockade.read.terraform.scanner import DEEPEST, Refused
from stockade.read.terraform.tree import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    Literal,
    Node,
    Object,
    Problem,
    Template,
    Tuple,
    walk,
)
from stockade.source import Source, Span, decode

_LABELS: Final = {
    "check": 1, "data": 2, "ephemeral": 2, "import": 0, "locals": 0, "module": 1, "moved": 0, "output": 1,
    "provider": 1, "removed": 0, "resource": 2, "terraform": 0, "variable": 1,
}  # fmt: skip
_REFERENCES: Final = frozenset(("ignore_changes", "replace_triggered_by"))
"""What holds references inside ``lifecycle``."""
_OF_TERRAFORM: Final = {
    "check": (), "data": ("depends_on", "provider"), "dynamic": ("iterator",),
    "ephemeral": ("depends_on", "provider"), "import": ("provider", "to"),
    "module": ("depends_on", "providers"),
    "moved": ("from", "to"), "output": ("depends_on",), "removed": ("from",),
    "resource": ("depends_on", "provider"), "variable": ("type",),
}  # fmt: skip
"""The arguments of Terraform's own whose strings are references, or types, by block."""

_token = lazy_regex(
    r"""[ \t\r\n]*+(?:
      "((?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+)"     # 1 a string
    | (-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?(?![\w.]))         # 2 a number
    | (true|false|null)(?!\w)                                       # 3
    | ([{}\[\]:,])                                                  # 4
    )""",
    re.ASCII | re.VERBOSE,
).match
_space = lazy_regex(r"[ \t\r\n]*+").match
_escape = lazy_regex(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))"
).finditer
_word = lazy_regex(r"[\w.+-]*+").match


class _String(Node):
    """A JSON string; ``text`` is what stands between the quotes."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        super().__init__(start, end)
        self.text = text


class _Scalar(Node):
    """A number, ``true``, ``false`` or ``null``."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        super().__init__(start, end)
        self.text = text


class _Array(Node):
    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[_Json]) -> None:
        super().__init__(start, end)
        self.items = items


class _Members(Node):
    """A JSON object."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: list[tuple[_String, _Json]]) -> None:
        super().__init__(start, end)
        self.items = items


_Json = _String | _Scalar | _Array | _Members


def parse_json(source: Source) -> File:
    """One JSON file. When it is not JSON, the tree is empty and the problem says where.

    In a ``.tfvars.json`` file every property is an argument.
    """
    reader = _Reader(source.text)
    body = Body(0, len(source.data), {}, [])
    try:
        root = _Scanner(source.text).whole()
    except Refused as refused:
        reader.problem(refused.start, refused.end, refused.message)
    else:
        body = Body(root.start, root.end, {}, [])
        for members in reader.objects(root):
            if source.path.endswith(".tfvars.json"):
                reader.arguments(members, body, "variable")
            else:
                reader.top_level(members, body)
    reader.problems.sort(key=lambda problem: (problem.start, problem.end))
    return File(source, body, reader.problems)


def notes(source: Source) -> Iterator[tuple[str, Span, Span]]:
    """The texts of ``"//"`` members, which Terraform reads as comments: text, place, the object around it.

    An object's place begins at the name it stands under, as a block's does. A text may be a string, or
    each string of an array. A file that is not JSON has none.
    """
    try:
        root = _Scanner(source.text).whole()
    except Refused:
        return
    waiting: list[tuple[int, _Json]] = [(root.start, root)]
    while waiting:
        start, node = waiting.pop()
        if isinstance(node, _Array):
            waiting += [(item.start, item) for item in reversed(node.items)]
        elif isinstance(node, _Members):
            for key, value in reversed(node.items):
                waiting.append((key.start, value))
                texts = value.items if isinstance(value, _Array) else [value]
                for text in (one for one in texts if isinstance(one, _String) and key.text == "//"):
                    said = decode(_Reader(source.text).unescaped(text))
                    yield said, Span(source, text.start, text.end), Span(source, start, node.end)


class _Scanner:
    """JSON with the place of everything."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0

    def whole(self) -> _Json:
        value = self._value(0)
        found = _space(self.text, value.end)
        if found and found.end() < len(self.text):
            raise self._expected("the end of the file", value.end)
        return value

    def _expected(self, what: str, at: int) -> Refused:
        found = _space(self.text, at)
        at = found.end() if found else at
        if at >= len(self.text):
            return Refused(at, at, f"not JSON: expected {what}, found end of file")
        if self.text[at] == '"' and not _token(self.text, at):
            return Refused(at, at + 1, "not JSON: a string that does not end, or holds what it may not")
        word = _word(self.text, at)
        shown = (word[0] if word else "")[:40] or self.text[at]
        shown = shown if shown.isascii() and shown.isprintable() else f"\\x{ord(shown[0]):02x}"
        return Refused(at, at + 1, f"not JSON: expected {what}, found `{shown}`")

    def _value(self, at: int) -> _Json:
        found = _token(self.text, at)
        kind = found.lastindex if found else None
        if found is None or kind is None:
            raise self._expected("a value", at)
        if kind == 1:
            return _String(found.start(1) - 1, found.end(), found[1])
        if kind != 4:
            return _Scalar(found.start(kind), found.end(), found[kind])
        sign = found[4]
        if sign not in "[{":
            raise self._expected("a value", at)
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(found.start(4), found.end(), "nested too deeply")
        value = self._array(found.start(4)) if sign == "[" else self._members(found.start(4))
        self.depth -= 1
        return value

    def _array(self, start: int) -> _Array:
        items: list[_Json] = []
        at = start + 1
        found = _token(self.text, at)
        if found and found[4] == "]":
            return _Array(start, found.end(), items)
        while True:
            items.append(self._value(at))
            found = _token(self.text, items[-1].end)
            if found and found[4] == "]":
                return _Array(start, found.end(), items)
            if not found or found[4] != ",":
                raise self._expected("`,` or `]`", items[-1].end)
            at = found.end()

    def _members(self, start: int) -> _Members:
        items: list[tuple[_String, _Json]] = []
        at = start + 1
        found = _token(self.text, at)
        if found and found[4] == "}":
            return _Members(start, found.end(), items)
        while True:
            found = _token(self.text, at)
            if not found or found.lastindex != 1:
                raise self._expected("a property name", at)
            key = _String(found.start(1) - 1, found.end(), found[1])
            found = _token(self.text, key.end)
            if not found or found[4] != ":":
                raise self._expected("`:`", key.end)
            value = self._value(found.end())
            items.append((key, value))
            found = _token(self.text, value.end)
            if found and found[4] == "}":
                return _Members(start, found.end(), items)
            if not found or found[4] != ",":
                raise self._expected("`,` or `}`", value.end)
            at = found.end()


class _Reader:
    """Gives JSON its meaning."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []

    def problem(self, start: int, end: int, message: str) -> None:
        self.problems.append(Problem(start, end, message))

    # ----------------------------------------------------------------------------------- blocks

    def objects(self, node: _Json) -> list[_Members]:
        """An object, or each object of an array: JSON syntax takes either wherever blocks stand."""
        if isinstance(node, _Members):
            return [node]
        if isinstance(node, _Array):
            return [members for item in node.items for members in self.objects(item)]
        if not isinstance(node, _Scalar) or node.text != "null":
            self.problem(node.start, node.end, "expected an object, or an array of objects")
        return []

    def top_level(self, members: _Members, body: Body) -> None:
        for key, value in members.items:
            type = self._plain(key)
            if type == "//":
                continue
            if type not in _LABELS:
                self.problem(key.start, key.end, f"`{type}` is no block of Terraform's")
                continue
            self._labelled(type, [], _LABELS[type], key, value, body.blocks)

    def _labelled(
        self, type: str, labels: list[str], missing: int, key: _String, value: _Json, blocks: list[Block]
    ) -> None:
        """The blocks under a property: one object level for each label still to come."""
        several = isinstance(value, _Array)
        for members in self.objects(value):
            if missing:
                for label, inner in members.items:
                    name = self._plain(label)
                    if name != "//":
                        self._labelled(type, [*labels, name], missing - 1, label, inner, blocks)
                continue
            body = Body(members.start + 1, members.end - 1, {}, [])
            self.arguments(members, body, type)
            start = members.start if several else key.start
            blocks.append(Block(start, members.end, type, labels, members.start + 1, body))

    def arguments(self, members: _Members, body: Body, type: str) -> None:
        """The properties of a block's body."""
        for key, value in members.items:
            name = self._plain(key)
            if name == "//":
                continue
            if name == "dynamic" and type not in ("variable", "locals", "output", "module"):
                self._labelled("dynamic", [], 1, key, value, body.blocks)
                continue
            if name == "content" and type == "dynamic":
                self._labelled("content", [], 0, key, value, body.blocks)
                continue
            if name in body.attributes:
                self.problem(key.start, key.end, f"`{name}` is set twice; the first one counts")
                continue
            try:
                if type == "variable" and name != "type":
                    expression = self._literal(value)
                elif name in _OF_TERRAFORM.get(type, ()):
                    expression = self._reference(value)
                else:
                    expression = self._expression(value, name == "lifecycle")
            except Refused as refused:
                self.problem(refused.start, refused.end, refused.message)
                continue
            body.attributes[name] = Attribute(key.start, value.end, name, expression)

    # ------------------------------------------------------------------------------- expressions

    def _expression(self, node: _Json, lifecycle: bool = False) -> Expression:
        """A value whose strings are templates."""
        if isinstance(node, _String):
            return self._template(node)
        if isinstance(node, _Scalar):
            return self._scalar(node)
        if isinstance(node, _Array):
            return Tuple(node.start, node.end, [self._expression(item) for item in node.items])
        items: list[tuple[Expression, Expression]] = []
        for key, value in self._distinct(node):
            name = self._template(key)
            if lifecycle and key.text in _REFERENCES:
                items.append((name, self._reference(value)))
            else:
                items.append((name, self._expression(value)))
        return Object(node.start, node.end, items)

    def _distinct(self, node: _Members) -> Iterator[tuple[_String, _Json]]:
        """Members, the first of each name."""
        seen: set[str] = set()
        for key, value in node.items:
            if key.text in seen:
                self.problem(key.start, key.end, f"`{self._plain(key)}` is set twice; the first one counts")
                continue
            seen.add(key.text)
            yield key, value

    def _literal(self, node: _Json) -> Expression:
        """A value whose strings mean themselves."""
        if isinstance(node, _String):
            return Literal(node.start, node.end, self._plain(node))
        if isinstance(node, _Scalar):
            return self._scalar(node)
        if isinstance(node, _Array):
            return Tuple(node.start, node.end, [self._literal(item) for item in node.items])
        items = [(self._literal(key), self._literal(value)) for key, value in self._distinct(node)]
        return Object(node.start, node.end, items)

    def _reference(self, node: _Json) -> Expression:
        """A value whose strings are expressions."""
        if isinstance(node, _String):
            if node.text.startswith("${"):
                return self._template(node)
            piece, places = self._unescaped(node)
            parser = ExpressionParser(piece, "string")
            return self._placed(parser, parser.whole_expression, node, places)
        if isinstance(node, _Scalar):
            return self._scalar(node)
        if isinstance(node, _Array):
            return Tuple(node.start, node.end, [self._reference(item) for item in node.items])
        items = [(self._literal(key), self._reference(value)) for key, value in self._distinct(node)]
        return Object(node.start, node.end, items)

    def _scalar(self, node: _Scalar) -> Literal:
        if node.text in WORDS:
            return Literal(node.start, node.end, WORDS[node.text])
        value = number(node.text)
        if value is None:
            raise Refused(node.start, node.end, "a number out of range")
        return Literal(node.start, node.end, value)

    def _template(self, node: _String) -> Expression:
        piece, places = self._unescaped(node)
        if "${" not in piece and "%{" not in piece:
            return Literal(node.start, node.end, self._plain(node))
        parser = ExpressionParser(piece, "string")
        made = self._placed(
            parser, lambda: Template(0, len(piece), parser.whole_template(), False), node, places
        )
        made.start, made.end = node.start, node.end
        if isinstance(made, Template) and len(made.parts) == 1 and isinstance(made.parts[0], Literal):
            return Literal(node.start, node.end, made.parts[0].value)
        return made

    def _placed(
        self, parser: ExpressionParser, read: Callable[[], Expression], node: _String, places: list[int] | None
    ) -> Expression:
        """What a parser reads out of a string, with places in this file."""

        def place(offset: int) -> int:
            return node.start + 1 + offset if places is None else places[offset]

        try:
            made = read()
        except Refused as refused:
            raise Refused(place(refused.start), place(refused.end), refused.message) from None
        for problem in parser.problems:
            self.problem(place(problem.start), place(problem.end), problem.message)
        for part in walk(made):
            part.start, part.end = place(part.start), place(part.end)
        return made

    # ----------------------------------------------------------------------------------- strings

    def _plain(self, node: _String) -> str:
        """What a string says."""
        piece, _ = self._unescaped(node)
        if piece.isascii():
            return piece
        parser = ExpressionParser(piece)
        text = parser.decode(0, len(piece))
        if parser.problems:
            self.problem(node.start, node.end, parser.problems[0].message)
        return text

    def unescaped(self, node: _String) -> str:
        """A string without its escapes, one character per byte."""
        return self._unescaped(node)[0]

    def _unescaped(self, node: _String) -> tuple[str, list[int] | None]:
        """A string without its escapes, one character per byte; and if it had any, each one's place."""
        text = node.text
        if "\\" not in text:
            return text, None
        base = node.start + 1
        pieces: list[str] = []
        places: list[int] = []
        at = 0
        for found in _escape(text):
            start, end = found.span()
            character = _character(found).encode().decode("latin-1")
            pieces += (text[at:start], character)
            places += range(base + at, base + start)
            places += [base + start] * len(character)
            at = end
        pieces.append(text[at:])
        places += range(base + at, base + len(text) + 1)
        return "".join(pieces), places


def _character(escape: re.Match[str]) -> str:
    high, low, code, short = escape.groups()
    if short is not None:
        return ESCAPES.get(short, short)
    if code is None:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    point = int(code, 16)
    return "\ufffd" if 0xD800 <= point <= 0xDFFF else chr(point)
