"""How a document of YAML or JSON is laid out: every part with the bytes that it takes, ready to be edited.

Reading asks what a document means; editing has to know how it is written: in blocks or in braces, quoted
how, behind which anchor. ``plain`` gives what it means as well, so that an edit can be held to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final, TypeAlias

from stockade.errors import FixError
from stockade.read.cloudformation.json_nodes import parse_json
from stockade.read.cloudformation.nodes import DEEPEST, BrokenError, Fields, Items, Node, Scalar
from stockade.read.cloudformation.yaml_nodes import plain_value
from stockade.records import dataclass
from stockade.source import Source

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_STANDARD: Final = "tag:yaml.org,2002:"
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Part:
    """A scalar, list, map or alias in bytes [start, end), its tag and anchor included.

    ``body`` is where it begins after those. ``flow`` says that it is written in brackets. ``style`` is how a
    scalar is quoted: a quote, ``|``, ``>``, or nothing. ``function`` is the intrinsic function that its
    tag stands for.
    """

    kind: str
    start: int
    body: int
    end: int
    flow: bool = False
    style: str = ""
    tag: str = ""
    anchor: str = ""
    value: Any = None
    items: list[Part] = field(default_factory=list)
    members: list[tuple[Part, Part]] = field(default_factory=list)
    target: Part | None = None
    function: str = ""

    def member(self, name: str) -> tuple[Part, Part] | None:
        """A member of a map by its name: the last, as it counts."""
        return next((pair for pair in reversed(self.members) if pair[0].value == name), None)

    def names(self) -> tuple[str, ...]:
        """The names of a map's members."""
        return tuple(key.value for key, _ in self.members)


def layout(source: Source) -> Part:
    """The document of a file. Raises ``FixError`` where it is none, or where more than one stands in it."""
    text = source.data.removeprefix(_MARK).lstrip()
    if text[:1] in (b"{", b"["):
        try:
            return _of_node(parse_json(source, []), source)
        except BrokenError as error:
            if source.path.endswith(".json"):
                raise _broken(source, error.message) from None
    return _yaml(source)


def is_json(source: Source) -> bool:
    """Whether a file is to be edited by the rules of JSON."""
    if source.data.removeprefix(_MARK).lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        parse_json(source, [])
    except BrokenError:
        return False
    return True


def _broken(source: Source, message: str) -> FixError:
    return FixError(f"`{source.path}` cannot be edited: {message}", help="make the change by hand")


def plain(part: Part) -> Any:
    """What a part means, with short tags written out and aliases followed."""
    made: Any
    match part.kind:
        case "alias":
            return plain(part.target) if part.target is not None else None
        case "list":
            made = [plain(one) for one in part.items]
        case "map":
            made = {}
            for key, value in part.members:
                if key.value != "<<" or key.style:
                    made[key.value] = plain(value)
            for key, value in part.members:
                if key.value == "<<" and not key.style:
                    brought = plain(value)
                    for one in brought if isinstance(brought, list) else [brought]:
                        made = {**one, **made} if isinstance(one, dict) else made
        case _:
            made = part.value
    return normal({part.function: made}) if part.function else normal(made)


def normal(value: Any) -> Any:
    """A value in the one form of several that mean the same: ``Fn::GetAtt`` with a list."""
    if isinstance(value, dict) and len(value) == 1:
        name = value.get("Fn::GetAtt")
        if isinstance(name, str) and "." in name:
            return {"Fn::GetAtt": name.split(".", 1)}
    return value


def step(part: Part, name: Step) -> Part | None:
    """The part at one step below another; ``None`` where there is none."""
    if part.kind == "alias":
        return step(part.target, name) if part.target is not None else None
    if isinstance(name, int):
        return part.items[name] if part.kind == "list" and name < len(part.items) else None
    if part.function and name == part.function:
        return part  # what the tag stands before; whoever goes on asks for its inside
    found = part.member(name) if part.kind == "map" else None
    return found[1] if found else None


def walk(part: Part, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """All parts of a document with their paths, outer ones first; an alias is not gone into."""
    yield path, part
    if part.kind == "list":
        for index, one in enumerate(part.items):
            yield from walk(one, (*path, index))
    elif part.kind == "map":
        for key, one in part.members:
            yield from walk(one, (*path, str(key.value)))


# ------------------------------------------------------------------------------------------- JSON


def _of_node(node: Node, source: Source) -> Part:
    match node:
        case Scalar(value=value):
            style = '"' if source.data[node.start : node.start + 1] == b'"' else ""
            return Part("scalar", node.start, node.start, node.end, True, style, value=value)
        case Items(items=items):
            inner = [_of_node(one, source) for one in items]
            return Part("list", node.start, node.start, node.end, True, items=inner)
        case Fields():
            members = []
            for name, one in node.members.items():
                start, end = node.keys[name]
                key = Part("scalar", start, start, end, True, '"', value=name)
                members.append((key, _of_node(one, source)))
            members.sort(key=lambda pair: pair[0].start)
            return Part("map", node.start, node.start, node.end, True, members=members)


# ------------------------------------------------------------------------------------------- YAML


def _yaml(source: Source) -> Part:
    import yaml

    base = len(_MARK) if source.data.startswith(_MARK) else 0
    try:
        text = source.data[base:].decode("utf-8")
        return _Reader(text, base, yaml).document(source)
    except UnicodeDecodeError:
        raise _broken(source, "it is not UTF-8") from None
    except yaml.YAMLError as error:
        raise _broken(source, str(getattr(error, "problem", None) or "its YAML is broken")) from None


class _Reader:
    def __init__(self, text: str, base: int, yaml: Any) -> None:
        self.text = text
        self.base = base
        self.yaml = yaml
        self.offsets = None if text.isascii() else [0, *accumulate(len(one.encode()) for one in text)]
        self.anchors: dict[str, Part] = {}
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)

    def byte(self, index: int) -> int:
        return self.base + (index if self.offsets is None else self.offsets[index])

    def document(self, source: Source) -> Part:
        found: Part | None = None
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                if found is not None:
                    raise _broken(source, "more than one document stands in it")
                found = self.part(next(self.events), 0)
        if found is None:
            raise _broken(source, "it is empty")
        return found

    def part(self, event: Any, depth: int) -> Part:
        yaml = self.yaml
        start, end = event.start_mark.index, event.end_mark.index
        if depth > DEEPEST:
            raise FixError(f"a document is nested more than {DEEPEST} deep")
        if isinstance(event, yaml.AliasEvent):
            made = Part("alias", self.byte(start), self.byte(start), self.byte(end), value=event.anchor)
            made.target = self.anchors.get(event.anchor)
            return made
        tag = event.tag if event.tag and not event.tag.startswith(_STANDARD) and event.tag != "!" else ""
        if isinstance(event, yaml.ScalarEvent):
            made = self.scalar(event, start, end)
        else:
            made = self.collection(event, start, depth)
        made.tag, made.anchor = tag, event.anchor or ""
        if tag:
            name = tag.removeprefix("!")
            made.function = name if name in ("Ref", "Condition") else f"Fn::{name}"
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def scalar(self, event: Any, start: int, end: int) -> Part:
        style = event.style or ""
        if style in ("|", ">"):  # the mark lies behind the blank lines that follow
            end = start + len(self.text[start:end].rstrip())
        is_plain = not style and event.implicit[0]
        value = plain_value(event.value) if is_plain else event.value
        body = self.after_properties(start, end)
        return Part("scalar", self.byte(start), self.byte(body), self.byte(end), style=style, value=value)

    def collection(self, event: Any, start: int, depth: int) -> Part:
        yaml = self.yaml
        is_map = isinstance(event, yaml.MappingStartEvent)
        body = self.after_properties(start, len(self.text))
        kind = "map" if is_map else "list"
        made = Part(kind, self.byte(start), self.byte(body), self.byte(body), bool(event.flow_style))
        while True:
            inner = next(self.events)
            if isinstance(inner, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                break
            first = self.part(inner, depth + 1)
            if is_map:
                first.value = self.name(first)
                value = self.part(next(self.events), depth + 1)
                made.members.append((first, value))
                made.end = max(value.end, first.end)
            else:
                made.items.append(first)
                made.end = first.end
        if made.flow:
            made.end = self.byte(inner.end_mark.index)
        return made

    def name(self, key: Part) -> str:
        if key.kind != "scalar":
            raise FixError("a document has a name that is no text")
        if isinstance(key.value, bool) or key.value is None:
            return self.text.encode()[key.body - self.base : key.end - self.base].decode()
        return str(key.value)

    def after_properties(self, start: int, end: int) -> int:
        """Where a node begins after its anchor and tag."""
        at = start
        while self.text[at : at + 1] in ("&", "!"):
            while at < end and not self.text[at].isspace():
                if self.text[at] in ",]}" and self.text[start] == "!":
                    return at
                at += 1
            while at < end and self.text[at].isspace():
                at += 1
                if at < end and self.text[at] == "#":
                    while at < end and self.text[at] != "\n":
                        at += 1
        return min(at, end) if at > start else at


def number(value: Any) -> bool:
    """Whether a value is a number, which truth values are not."""
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)
