"""What the analyses of Go and Java share: nothing is run, and a value is whatever may flow into a place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any, ClassVar, Final, Generic, Protocol, TypedDict, TypeVar

from tree_sitter import Node

from stockade.code.facts import environment
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, Written, text_of

DEEP: Final = 12
"""How many names, fields and calls are looked through, one behind the other."""
MOST: Final = 6
"""How many possibilities of one thing are looked at."""
_DEEPEST_VALUE: Final = 6
_SHOWN: Final = 40
_ESCAPES: Final = (('\\"', '"'), ("\\n", "\n"), ("\\t", "\t"), ("\\\\", "\\"))


class How(TypedDict):
    """How the program comes to a place: at all, at every invocation, and by which calls."""

    reached: bool
    every: bool
    way: tuple[Span, ...]


@dataclass(eq=False)
class Parsed:
    """A file and the nodes of it."""

    source: Source
    root: Node

    def text(self, node: Node | None) -> str:
        return self.source.data[node.start_byte : node.end_byte].decode("utf-8", "replace") if node else ""

    def span(self, node: Node) -> Span:
        return Span(self.source, node.start_byte, node.end_byte)

    def shown(self, node: Node) -> str:
        """A piece of source, short and on one line."""
        text = " ".join(self.text(node).split())
        return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


class Holder(Protocol):
    """What expressions stand in and names are declared in: a function or a method."""

    @property
    def file(self) -> Parsed: ...


H = TypeVar("H", bound=Holder)
Piece = str | Ref | Hole


def unescaped(text: str) -> str:
    """What is between the quotes of a literal, with its common escapes undone."""
    for escape, plain in _ESCAPES:
        text = text.replace(escape, plain)
    return text


class Values(ABC, Generic[H]):
    """Answers about expressions of one program; all assignments to a name are possible.

    Who makes it fills ``callers``: calls by the ``id`` of what they call. ``variables`` are the variables of
    the environment that were met, each with its first place.
    """

    verbs: ClassVar[Collection[str]]
    """The letters after ``%`` whose argument stands in a formatted text as it is."""

    def __init__(self) -> None:
        self.callers: dict[int, list[tuple[Node, H]]] = {}
        self.variables: dict[str, Span] = {}
        self._busy: set[int] = set()

    @abstractmethod
    def sources(self, node: Node, holder: H, depth: int = 0) -> list[tuple[Node, H]]:
        """The expressions that an expression's value may come from, names and fields looked through."""

    @abstractmethod
    def _value(self, node: Node, holder: H, depth: int) -> Value[Any]:
        """What one expression is, names not looked through."""

    @staticmethod
    def arguments(node: Node) -> list[Node]:
        """What a call is given."""
        found = node.child_by_field_name("arguments")
        return [one for one in found.named_children if "comment" not in one.type] if found is not None else []

    def values(self, node: Node, holder: H, depth: int = 0) -> list[Value[Any]]:
        """What an expression may be, as facts; a few at most."""
        if node.id in self._busy or depth > _DEEPEST_VALUE:
            return [self.unknown(node, holder)]
        self._busy.add(node.id)
        out: dict[str, Value[Any]] = {}
        try:
            for one, owner in self.sources(node, holder):
                made = self._value(one, owner, depth)
                out.setdefault(repr(made), made)
        finally:
            self._busy.discard(node.id)
        return list(out.values())[:MOST] or [self.unknown(node, holder)]

    def value(self, node: Node, holder: H, depth: int) -> Value[Any]:
        """One fact; of several that differ nothing is known."""
        found = self.values(node, holder, depth)
        return found[0] if len(found) == 1 else Unknown(f"it is one of {len(found)}", found[0].origin)

    def unknown(self, node: Node, holder: H) -> Value[Any]:
        """An expression of which nothing is known."""
        return Unknown(f"`{holder.file.shown(node)}` is not known", Written(holder.file.span(node)))

    def passed(self, position: int, callee: H, depth: int) -> list[tuple[Node, H]]:
        """What a parameter may be: what stands at its position where its function is called."""
        out: list[tuple[Node, H]] = []
        for call, caller in self.callers.get(id(callee), [])[:MOST]:
            arguments = self.arguments(call)
            if position < len(arguments):
                out += self.sources(arguments[position], caller, depth + 1)
        return out[:MOST]

    def from_environment(self, name: Node, holder: H, depth: int, origin: Written) -> Value[Any] | None:
        """The environment variable that an expression names; ``None`` where the name is not known."""
        found = self.value(name, holder, depth + 1)
        if not isinstance(found, Known):
            return None
        self.variables.setdefault(str(found.value), origin.span)
        return environment(str(found.value), origin)

    def sum(self, node: Node, holder: H, depth: int) -> Value[Any]:
        """The text that ``left + right`` is."""
        sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        pieces = [self._pieces(one, holder, depth) for one in sides if one is not None]
        return _joined(pieces, Written(holder.file.span(node)))

    def formatted(
        self, pattern: str, arguments: list[Node], holder: H, depth: int, origin: Written
    ) -> Value[Any]:
        """The text that a pattern of ``printf`` makes of its arguments."""
        rest = list(arguments)
        first, *parts = pattern.replace("%%", "\0").split("%")
        pieces: list[list[Piece]] = [[first.replace("\0", "%")]]
        for part in parts:
            if rest and part[:1] in self.verbs:
                pieces.append(self._pieces(rest.pop(0), holder, depth))
            else:
                pieces.append([Hole(f"{origin.span}:{len(pieces)}", "value")])
            pieces.append([part[1:].replace("\0", "%")])
        return _joined(pieces, origin)

    def _pieces(self, node: Node, holder: H, depth: int) -> list[Piece]:
        match self.value(node, holder, depth + 1):
            case Known(value):
                return [str(value)]
            case Unknown(text=Text(parts)):
                return list(parts)
            case _:
                at = holder.file.span(node)
                return [Hole(f"{at.path}:{at.start}", holder.file.shown(node))]


def _joined(pieces: list[list[Piece]], origin: Written) -> Value[Any]:
    text = text_of(*(one for part in pieces for one in part))
    if all(isinstance(one, str) for one in text.parts):
        return Known("".join(map(str, text.parts)), origin)
    return Unknown("it is put together from what is not known", origin, text)
