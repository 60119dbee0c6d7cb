"""A template in YAML as nodes: places to the byte, short tags written out, aliases shared.

One pass over the events of the C parser. What CloudFormation would refuse but others resolve before
they send a template (aliases, merge keys) is read; doubled keys and unknown tags are told.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.cloudformation.intrinsics import KNOWN, LATER
from stockade.read.cloudformation.nodes import (
    DEEPEST,
    HEAVIEST,
    BrokenError,
    Fields,
    Items,
    Node,
    Problem,
    Scalar,
    span,
)
from stockade.source import Source, Span

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS: Final = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_INTEGER: Final = lazy_regex(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL: Final = lazy_regex(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_STANDARD: Final = "tag:yaml.org,2002:"
_UNRENDERED: Final = lazy_regex(rb"\{%|\{\{[^}\n]*\}\}")
_DYNAMIC: Final = b"{{resolve:"
_TO_RENDER: Final = "it is a placeholder of a template language"
_RENDER: Final = "it looks like a template that still has to be rendered; scan what comes out"


def parse_yaml(source: Source, problems: list[Problem]) -> Node:
    """The first document of a file. Raises ``BrokenError`` where it is no YAML."""
    import yaml

    base = 3 if source.data.startswith(b"\xef\xbb\xbf") else 0
    try:
        text = source.data[base:].decode("utf-8")
    except UnicodeDecodeError as error:
        at = base + error.start
        raise BrokenError("it is not UTF-8", Span(source, at, at + 1)) from None
    reader = _Reader(source, text, base, problems)
    try:
        return reader.document(yaml.CSafeLoader(text), yaml)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        index = mark.index if mark is not None else getattr(error, "position", 0)
        at = min(reader.byte(min(index, len(text))), len(source.data))
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise BrokenError(_said(source, at, problem), Span(source, at, at), _help(source)) from None


def _said(source: Source, at: int, problem: str) -> str:
    line = source.line(source.position(min(at, max(len(source.data) - 1, 0)))[0]) if source.data else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or ("cannot start any token" in problem and "\t" in line):
        return "its YAML is broken: a tab stands where only spaces may indent"
    return f"its YAML is broken: {problem}"


def _help(source: Source) -> str | None:
    if _UNRENDERED.search(source.data.replace(_DYNAMIC, b"")):
        return _RENDER
    return None


class _Reader:
    """Nodes from the events of one file."""

    def __init__(self, source: Source, text: str, base: int, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.base = base
        ascii = text.isascii()
        self.offsets = None if ascii else [0, *accumulate(len(one.encode("utf-8")) for one in text)]
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.weight = 0
        self.brought = 0

    def byte(self, index: int) -> int:
        """The byte offset of a character."""
        return self.base + (index if self.offsets is None else self.offsets[index])

    def document(self, loader: Any, yaml: Any) -> Node:
        self.next = loader.get_event
        self.alias, self.scalar_event = yaml.AliasEvent, yaml.ScalarEvent
        self.sequence_start, self.sequence_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
        self.mapping_end = yaml.MappingEndEvent
        node: Node | None = None
        while (event := self.next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    at = self.byte(event.start_mark.index)
                    what = f"all of `{self.source.path}` after its first document"
                    place = Span(self.source, at, at)
                    self.problems.append(Problem(what, "CloudFormation reads one document", place))
                    break
                node = self.node(self.next(), 0)
        if node is None:
            raise BrokenError("it is empty", Span(self.source, 0, 0))
        return node

    def node(self, event: Any, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.broken(event, f"it is nested more than {DEEPEST} deep")
        if isinstance(event, self.alias):
            found = self.anchors.get(event.anchor)
            if found is None:
                raise self.broken(event, f"the alias `{event.anchor}` stands for nothing")
            self.weight += found[1]
            self.brought += found[1]
            if self.brought > HEAVIEST:
                raise self.broken(event, f"its aliases stand for more than {HEAVIEST:,} values")
            return found[0]
        before = self.weight
        self.weight += 1
        made: Node
        if isinstance(event, self.scalar_event):
            made = self.scalar(event)
        elif isinstance(event, self.sequence_start):
            made = self.sequence(event, depth)
        else:
            made = self.mapping(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = made, self.weight - before
        tag = event.tag
        if tag and not tag.startswith(_STANDARD) and tag != "!":
            return self.tagged(tag, made, event)
        return made

    def broken(self, event: Any, message: str) -> BrokenError:
        return BrokenError(message, Span(self.source, *self.place(event)))

    def place(self, event: Any) -> tuple[int, int]:
        start, end = event.start_mark.index, event.end_mark.index
        if self.offsets is None:
            return start + self.base, end + self.base
        return self.byte(start), self.byte(end)

    def tagged(self, tag: str, node: Node, event: Any) -> Node:
        """``!Sub x`` as ``Fn::Sub: x``, at the place of both."""
        name = tag[1:]
        full = name if name in ("Ref", "Condition") else f"Fn::{name}"
        start = self.byte(event.start_mark.index)
        if full not in KNOWN:
            what = f"`{tag}` in `{self.source.path}`"
            reason = "CloudFormation has no such function"
            self.problems.append(Problem(what, reason, Span(self.source, start, node.end)))
        return Fields(self.source, start, max(node.end, start), {full: node}, {})

    def scalar(self, event: Any) -> Scalar:
        start, end = self.place(event)
        value: str = event.value
        if not event.style and event.implicit[0]:
            return Scalar(self.source, start, end, plain_value(value))
        return Scalar(self.source, start, end, value)

    def sequence(self, event: Any, depth: int) -> Items:
        start, end = self.place(event)
        items: list[Node] = []
        while not isinstance(inner := self.next(), self.sequence_end):
            items.append(self.node(inner, depth + 1))
        # A block ends where its last element does, not where the next thing begins.
        end = self.place(inner)[1] if event.flow_style else items[-1].end if items else end
        return Items(self.source, start, max(end, start), items)

    def mapping(self, event: Any, depth: int) -> Fields:
        start, end = self.place(event)
        members: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        merged: list[Node] = []
        unnamed: Node | None = None
        while not isinstance(inner := self.next(), self.mapping_end):
            key = self.node(inner, depth + 1)
            value = self.node(self.next(), depth + 1)
            end = max(end, value.end) if value.source is self.source else end
            name = self.name(key)
            if name is None:
                self.unnamed(key)
                unnamed = key
                continue
            if name == "<<" and isinstance(inner, self.scalar_event) and not inner.style:
                merged.append(value)
                continue
            if name in members:
                self.doubled(name, key)
            members[name] = value
            keys[name] = key.start, key.end
        if event.flow_style:
            end = self.place(inner)[1]
        for one in merged:
            self.merge(members, keys, one)
        if unnamed is not None and not members:
            members = {LATER: Scalar(self.source, start, max(end, start), _TO_RENDER)}
        self.unknown(members, keys)
        return Fields(self.source, start, max(end, start), members, keys)

    def name(self, key: Node) -> str | None:
        if not isinstance(key, Scalar) or key.value is None:
            return None
        if isinstance(key.value, str):
            return key.value
        if isinstance(key.value, bool):  # `on:` and `yes:` are names here
            return self.source.data[key.start : key.end].decode("utf-8", "replace")
        return str(key.value)

    def unnamed(self, key: Node) -> None:
        """A member without a name, as ``{{ name }}`` is to YAML."""
        place = span(key)
        is_placeholder = isinstance(key, Fields)
        reason = _TO_RENDER if is_placeholder else "a name in it is no text"
        help = _RENDER if is_placeholder else None
        self.problems.append(Problem(f"a part of `{place.path}`", reason, place, help))

    def doubled(self, name: str, key: Node) -> None:
        what = f"the first `{name}` in `{self.source.path}`"
        reason = "the same name stands twice in one object, which CloudFormation refuses; the last was read"
        self.problems.append(Problem(what, reason, span(key), "remove one of them"))

    def merge(self, members: dict[str, Node], keys: dict[str, tuple[int, int]], value: Node) -> None:
        """What a merge key brings: an object, or several of which the first that has a name counts."""
        for one in value.items if isinstance(value, Items) else (value,):
            if not isinstance(one, Fields):
                continue
            self.brought += len(one.members)
            if self.brought > HEAVIEST:
                raise BrokenError(f"its merge keys bring more than {HEAVIEST:,} members", span(value))
            new = {name: inner for name, inner in one.members.items() if name not in members}
            members |= new
            keys |= {name: one.keys[name] for name in new if name in one.keys}

    def unknown(self, members: dict[str, Node], keys: dict[str, tuple[int, int]]) -> None:
        if len(members) == 1:
            (name,) = members
            if (
                name.startswith("Fn::")
                and name not in KNOWN
                and name != LATER
                and not name.startswith("Fn::ForEach::")
            ):
                place = Span(self.source, *keys[name]) if name in keys else span(members[name])
                what = f"`{name}` in `{self.source.path}`"
                self.problems.append(Problem(what, "CloudFormation has no such function", place))


def plain_value(value: str) -> str | int | Decimal | bool | None:
    """What a plain scalar is. Dates and odd numbers stay the text that they are to AWS."""
    first = value[:1]
    if first.isalpha() or first == "~":
        if value in _BOOLS:
            return _BOOLS[value]
        return None if value in _NULLS else value
    if not first:
        return None
    if _INTEGER.fullmatch(value):
        return int(value)
    if _DECIMAL.fullmatch(value):
        return Decimal(value)
    return value
