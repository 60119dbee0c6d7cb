"""YAML written as text, with places and holes: an OpenAPI document in a file becomes a tree of values.

Scalars are strings but for the plain ``true``, ``false`` and ``null``: whoever wants a number knows
what it looks like. Tags are not looked at. A value that nobody can know is a hole in its string, or
is the unknown member itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from stockade.source import Span
from stockade.value import Hole, Known, Origin, Ref, Unknown, Value, Written, parts_of, text_of

DEEPEST: Final = 200
"""How deep mappings and lists may nest."""

_HOLE: Final = "\ue000"
"""One character for a piece of text that is not known; no file has it that is meant to be read."""

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}


def decode(value: Value[str]) -> Value[Any]:
    """The tree behind a string that holds YAML: ``dict``, ``tuple``, ``str``, ``bool``, ``None``.

    Text that was read from a file as it is keeps its places there; otherwise every element has the
    string's origin. Text that is not YAML is an ``Unknown`` that says where it breaks. Linear in the
    text: what an alias stands for is shared, not written out.
    """
    import yaml

    parts = parts_of(value)
    holes = [part for part in parts if not isinstance(part, str)]
    text = "".join(part.replace(_HOLE, "\ufffd") if isinstance(part, str) else _HOLE for part in parts)
    try:
        reader = _Reader(yaml.parse(text, Loader=yaml.CSafeLoader), value, holes, yaml)
        return reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f" at line {mark.line + 1}" if mark else ""
        return Unknown(f"its YAML is broken{at}", value.origin)


class _Reader:
    """Values from the events of one document."""

    def __init__(
        self, events: Iterator[Any], value: Value[str], holes: Sequence[Ref | Hole], yaml: Any
    ) -> None:
        self.events = events
        self.origin = value.origin
        self.reason = value.reason if isinstance(value, Unknown) else ""
        self.holes = iter(holes)
        self.yaml = yaml
        self.anchors: dict[str, Value[Any]] = {}
        self.at: tuple[Written, Sequence[int] | range] | None = None
        match value:
            case Known(str() as text, Written(span) as at) if span.raw == (
                raw := text.encode("utf-8", "replace")
            ):
                # The parser counts characters.
                sizes = range(len(text) + 1) if len(raw) == len(text) else _offsets(text)
                self.at = (at, sizes)

    def document(self) -> Value[Any]:
        for event in self.events:
            if isinstance(event, self.yaml.DocumentStartEvent):
                return self.node(next(self.events), 0)
        return Unknown("it is an empty document", self.origin)

    def node(self, event: Any, depth: int) -> Value[Any]:
        if depth > DEEPEST:
            raise self.yaml.YAMLError(f"it is nested more than {DEEPEST} deep")
        if isinstance(event, self.yaml.AliasEvent):
            unresolved = Unknown(f"the YAML alias `{event.anchor}` stands for nothing", self.origin)
            return self.anchors.get(event.anchor, unresolved)
        if isinstance(event, self.yaml.ScalarEvent):
            made = self.scalar(event)
        elif isinstance(event, self.yaml.SequenceStartEvent):
            made = self.sequence(event, depth + 1)
        else:
            made = self.mapping(event, depth + 1)
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def scalar(self, event: Any) -> Value[Any]:
        text: str = event.value
        origin = self.place(event.start_mark, event.end_mark)
        if _HOLE in text:
            pieces: list[str | Ref | Hole] = []
            for index, piece in enumerate(text.split(_HOLE)):
                if index:
                    pieces.append(next(self.holes))
                pieces.append(piece)
            return Unknown(self.reason, origin, text_of(*pieces))
        plain = event.style is None and event.implicit[0]
        return Known(_WORDS[text] if plain and text in _WORDS else text, origin)

    def sequence(self, start: Any, depth: int) -> Value[Any]:
        items: list[Value[Any]] = []
        for event in self.events:
            if isinstance(event, self.yaml.SequenceEndEvent):
                return Known(tuple(items), self.place(start.start_mark, event.end_mark))
            items.append(self.node(event, depth))
        raise AssertionError("the parser ends what it begins")

    def mapping(self, start: Any, depth: int) -> Value[Any]:
        members: dict[str, Value[Any]] = {}
        unknown: Unknown | None = None
        for event in self.events:
            if isinstance(event, self.yaml.MappingEndEvent):
                origin = self.place(start.start_mark, event.end_mark)
                return Unknown(unknown.reason, origin) if unknown else Known(members, origin)
            key = self.node(event, depth)
            value = self.node(next(self.events), depth)
            match key:
                case Known("<<"):
                    members = {**_merged(value), **members}
                case Known(str() as name):
                    members[name] = value
                case Unknown():
                    unknown = key
                case Known(_):
                    pass  # `true:` and `null:`, which nothing here is called
        raise AssertionError("the parser ends what it begins")

    def place(self, start: Any, end: Any) -> Origin:
        """Where something stands in the file; the string's origin where that cannot be told."""
        if self.at is None:
            return self.origin
        whole, offsets = self.at
        first = whole.span.start
        return Written(
            Span(whole.span.source, first + offsets[start.index], first + offsets[end.index]), whole.via
        )


def _offsets(text: str) -> list[int]:
    """For every character of a text, and for its end, how many bytes come before."""
    return [0, *accumulate(len(character.encode("utf-8", "replace")) for character in text)]


def _merged(value: Value[Any]) -> dict[str, Value[Any]]:
    """What a merge key brings: a mapping, or the first of several that has a name."""
    match value:
        case Known(dict() as members):
            return members
        case Known(tuple() as items):
            return {name: one for item in reversed(items) for name, one in _merged(item).items()}
        case _:
            return {}
