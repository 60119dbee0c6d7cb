"""YAML written as text, with places and holes: an OpenAPI document in a file becomes a tree of values.

Scalars are strings but for the plain ``true``, ``false`` and ``null``: whoever wants a number knows
what it looks like. Tags are not looked at. A value that nobody can know is a hole in its string, or
is the unknown member itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from stockade.source import Span
from stockade.value import Hole, Known, Origin, Ref, Unknown, Value, Written, parts_of, text_of

DEEPEST: Final = 200
"""How deep mappings and lists may nest."""

MERGED: Final = 100_000
"""How many members all merge keys of a document may bring."""

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

    holes: dict[int, Ref | Hole] = {}
    pieces: list[str] = []
    length = 0
    for part in parts_of(value):
        if not isinstance(part, str):
            holes[length] = part
        # Half a character is none, and no text has the character that stands for a hole.
        plain = part.encode("utf-8", "replace").decode() if isinstance(part, str) else _HOLE
        pieces.append(plain.replace(_HOLE, "\ufffd") if isinstance(part, str) else plain)
        length += len(plain)
    try:
        events = yaml.parse("".join(pieces), Loader=yaml.CSafeLoader)
        return _Reader(events, value, holes, yaml).document()
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        at = f" at line {mark.line + 1}" if mark else ""
        return Unknown(f"its YAML is broken{at}: {problem or error}", value.origin)


class _Reader:
    """Values from the events of one document."""

    def __init__(
        self, events: Iterator[Any], value: Value[str], holes: Mapping[int, Ref | Hole], yaml: Any
    ) -> None:
        self.events = events
        self.origin = value.origin
        self.reason = value.reason if isinstance(value, Unknown) else ""
        self.holes = holes
        self.hole_places = sorted(holes)
        self.merged = 0
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
            first, *rest = text.split(_HOLE)
            start = bisect_left(self.hole_places, event.start_mark.index)
            places = self.hole_places[start : start + len(rest)]
            pieces: list[str | Ref | Hole] = [first]
            for place, piece in zip(places, rest, strict=True):
                pieces += (self.holes[place], piece)
            return Unknown(self.reason, origin, text_of(*pieces))
        plain = not event.style and event.implicit[0]
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
                    members = {**self.merge(value), **members}
                case Known(str() as name):
                    members[name] = value
                case Unknown():
                    unknown = key
                case Known(_):
                    pass  # `true:` and `null:`, which nothing here is called
        raise AssertionError("the parser ends what it begins")

    def merge(self, value: Value[Any]) -> dict[str, Value[Any]]:
        """What a merge key brings: a mapping, or several of which the first that has a name counts."""
        out: dict[str, Value[Any]] = {}
        for one in value.value if isinstance(value, Known) and isinstance(value.value, tuple) else (value,):
            if isinstance(one, Known) and isinstance(one.value, dict):
                self.merged += len(one.value)
                if self.merged > MERGED:
                    raise self.yaml.YAMLError(f"its merge keys bring more than {MERGED:,} members")
                out = {**one.value, **out}
        return out

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
