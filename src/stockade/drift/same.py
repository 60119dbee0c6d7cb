"""Whether two values are the same: yes, no, or why nobody can say.

What surrounds a deployment (account, region, partition) is unknown where it is written and known where it
runs; a text that differs in nothing else is the same. Any other unknown part may be anything: two texts are
different where no filling makes them alike, and else it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from stockade.model.access import joined
from stockade.model.reach import is_given
from stockade.read.deployment import SURROUNDINGS
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, text_of

Shape = tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """It is not known whether they are; ``reason`` completes "cannot be compared: ..."."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fillings:
    """What holes and references of one side are known to stand for, by the other side or by its own words.

    Holes of one name stand for one text within a side. Between sides that is so of what surrounds a deployment
    and of what AWS names the resource that both call the same; any other hole has the side's ``tag``.
    """

    holes: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[tuple[str, str], Shape] = field(default_factory=dict)
    tag: str = ""

    def shape(self, value: Value[str]) -> Shape:
        """A text with what is known filled in."""
        out: list[str | Hole] = []
        for part in parts_of(value):
            if not isinstance(part, Ref):
                out += self._holes((part,))
                continue
            known = self.refs.get((part.address, part.attribute))
            if known is None:
                known = Text((part,)).shape()
            own = f"{part.address}.{part.attribute}"
            if known == (Hole(own),) and own not in self.holes and not part.address.startswith("data."):
                out.append(Hole(_OF_A_RESOURCE + own, own))
            else:
                out += self._holes(known)
        return joined(out)

    def _holes(self, shape: Sequence[str | Hole]) -> list[str | Hole]:
        return [self._hole(one) if isinstance(one, Hole) else one for one in shape]

    def _hole(self, one: Hole) -> str | Hole:
        if one.name in SURROUNDINGS or one.name in self.holes:
            return self.holes.get(one.name, one)
        return one if one.name.startswith(_OF_A_RESOURCE) else Hole(one.name + self.tag, str(one)[2:-1])

    def within(self, shape: Shape) -> Shape:
        """A text of ours with what surrounds the deployment filled in."""
        return joined(self._holes(shape))

    def filled(self, value: Value[str]) -> Value[str]:
        """The same as a value."""
        if isinstance(value, Known) or value.text is None:
            return value
        shape = self.shape(value)
        if all(isinstance(one, str) for one in shape):
            return Known("".join(map(str, shape)), value.origin)
        return Unknown(value.reason, value.origin, text_of(*shape))


_OF_A_RESOURCE: Final = "\0"
"""How the name of a hole begins that stands for what AWS makes up for a resource."""


def same(one: Value[Any], other: Value[Any], mine: Fillings, theirs: Fillings) -> bool | Open:
    """Whether two values are the same."""
    if isinstance(one, Known) and isinstance(other, Known):
        return _plain(one.value, other.value, mine, theirs)
    for value, against in ((one, other), (other, one)):
        if isinstance(against, Known) and against.value is None and is_given(value):
            return False
        if isinstance(value, Unknown) and value.text is None:
            return Open(value.reason)
    if not all(isinstance(value, Unknown) or isinstance(value.value, str) for value in (one, other)):
        # A text of which a part is not known, and no text at all: an unknown part may be null.
        unknown = one if isinstance(one, Unknown) else other
        return Open(unknown.reason) if isinstance(unknown, Unknown) else False
    return texts(mine.shape(one), theirs.shape(other), one if isinstance(one, Unknown) else other)


def _plain(one: Any, other: Any, mine: Fillings, theirs: Fillings) -> bool | Open:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return _lists(tuple(one), tuple(other), mine, theirs)
    return bool(one == other)


def _lists(one: Sequence[Any], other: Sequence[Any], mine: Fillings, theirs: Fillings) -> bool | Open:
    """Lists whose order says nothing: subnets, layers, origins."""
    left, rest, reason = [], list(other), ""
    for value in one:
        found = next((each for each in rest if same(value, each, mine, theirs) is True), None)
        if found is None:
            left.append(value)
        else:
            rest.remove(found)
    if not left and not rest:
        return True
    for value in left:
        answers = [same(value, each, mine, theirs) for each in rest]
        open_ones = [answer for answer in answers if isinstance(answer, Open)]
        if not open_ones and not _may_be_several(value):
            return False
        reason = reason or (open_ones[0].reason if open_ones else value.reason)
    for value in rest:
        if not any(isinstance(same(each, value, mine, theirs), Open) for each in left):
            if not any(map(_may_be_several, left)) and not _may_be_several(value):
                return False
    if len(left) != len(rest) and not any(map(_may_be_several, (*left, *rest))):
        return False
    return Open(reason or "an element of the list is not known")


def _may_be_several(value: Value[Any]) -> bool:
    """Whether an element may stand for none or several: an unknown of which there is no text."""
    return isinstance(value, Unknown) and value.text is None


def texts(one: Shape, other: Shape, why: Value[Any] | None = None) -> bool | Open:
    """Whether two texts are the same, what is known filled in."""
    if one == other:
        return True
    holes = [piece for piece in (*one, *other) if isinstance(piece, Hole)]
    if not holes or not _can_meet(one, other):
        return False
    if isinstance(why, Unknown) and why.reason:
        return Open(why.reason)
    return Open(f"`{holes[0]}` is not known before deployment")


def _can_meet(one: Shape, other: Shape) -> bool:
    """Whether any filling could make two texts the same; where both have holes, by how they begin and end."""
    for pattern, text in ((one, other), (other, one)):
        if all(isinstance(piece, str) for piece in text):
            return _fits(pattern, "".join(map(str, text)))
    starts = [shape[0] if isinstance(shape[0], str) else "" for shape in (one, other)]
    ends = [shape[-1] if isinstance(shape[-1], str) else "" for shape in (one, other)]
    return _extend(starts, str.startswith) and _extend(ends, str.endswith)


def _extend(pair: Sequence[str], how: Callable[[str, str], bool]) -> bool:
    return how(pair[0], pair[1]) or how(pair[1], pair[0])


def _fits(pattern: Shape, text: str) -> bool:
    """Whether a text is a pattern with something in its holes: each piece where it is found first."""
    if not any(isinstance(piece, Hole) for piece in pattern):
        return "".join(map(str, pattern)) == text
    first, last = pattern[0], pattern[-1]
    at, end = 0, len(text)
    inner = list(pattern)
    if isinstance(first, str):
        if not text.startswith(first):
            return False
        at = len(first)
        inner = inner[1:]
    if isinstance(last, str):
        if not text.endswith(last) or end - len(last) < at:
            return False
        end -= len(last)
        inner = inner[:-1]
    for piece in inner:
        if isinstance(piece, str):
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
    return True
