"""Worlds as one side of a comparison: functions, what fills their unknowns, what they may not have seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Final, TypeAlias

from stockade.drift.same import Fillings, Shape, texts
from stockade.drift.table import CALLS
from stockade.drifted import Alone, Said
from stockade.iam.match import arn_parts
from stockade.model.function import Function, name_of
from stockade.model.gap import Gap
from stockade.model.relate import comparable, differ, grouped
from stockade.model.subject import Subject
from stockade.model.world import World
from stockade.read.resource import Reading
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import (
    Default,
    Derived,
    Fetched,
    Known,
    Origin,
    Unknown,
    Value,
    is_sensitive,
    places,
)


@dataclass(frozen=True)
class Side:
    """Worlds of one side, each an input; ``label`` is what people call the side.

    ``file`` is the state or plan that all of it is of: its places are those of the configuration that lies
    beside it, which need not say what it says.
    """

    label: str
    worlds: tuple[World, ...]
    fillings: Fillings = field(default_factory=Fillings)
    file: str = ""

    @property
    def functions(self) -> Iterator[tuple[World, Function]]:
        for world in self.worlds:
            for one in world.functions:
                yield world, one

    @property
    def gaps(self) -> Iterator[Gap]:
        return (gap for world in self.worlds for gap in world.gaps if not gap.spare)

    def hides(self, kind: str) -> str:
        """What was not read of this side and may hold a thing of a kind; empty where nothing is."""
        calls = CALLS.get(kind, ())
        for gap in self.gaps:
            named = gap.what.partition(" of ")[0]
            if not isinstance(gap.origin, Fetched) or " more" in named or any(one in named for one in calls):
                return f"{gap.what}: {gap.reason}"
        return ""


Refs: TypeAlias = Mapping[tuple[str, str], Shape]
_NO_REFS: Final[Refs] = MappingProxyType({})


def deployed(readings: Iterable[Reading]) -> Refs:
    """What a state says of the attributes of resources, as texts, by address and attribute."""
    return {
        (resource.address, name): (value.value,)
        for reading in readings
        for resource in reading.resources
        for name in _MADE_UP
        if name in resource.attributes
        and isinstance(value := resource.attributes[name], Known)
        and isinstance(value.value, str)
        and value.value
    }


_MADE_UP: Final = ("arn", "id", "name", "execution_arn", "invoke_arn", "qualified_arn", "url", "repository_url")
"""Attributes that AWS makes up, or that are the resource's name, and that others refer to."""


def sides(
    written: Sequence[World],
    other: Sequence[World],
    labels: tuple[str, str],
    files: tuple[str, str] = ("", ""),
    refs: tuple[Refs, Refs] = (_NO_REFS, _NO_REFS),
) -> tuple[Side, Side]:
    """Both sides, each filled with what surrounds the other one where it does not say so itself.

    ``files`` are the states or plans that they are of, ``refs`` what a state says that references of the other
    side stand for: Terraform itself keeps which resource of its configuration is which of AWS's.
    """
    mine, theirs = _surroundings(written), _surroundings(other)
    return (
        Side(labels[0], tuple(written), Fillings({**theirs, **mine}, refs[1], " here"), files[0]),
        Side(labels[1], tuple(other), Fillings({**mine, **theirs}, refs[0], " there"), files[1]),
    )


def _surroundings(worlds: Iterable[World]) -> dict[str, str]:
    """The account, region and partition of a side, where all of it is in one."""
    found: dict[str, set[str]] = {"account": set(), "region": set(), "partition": set()}
    for world in worlds:
        for one in world.functions:
            if isinstance(one.region, Known):
                found["region"].add(one.region.value)
        for arn in (*(one.role for one in world.functions), *(one.arn for one in world.roles)):
            parts = arn_parts(comparable(arn))
            if parts is None:
                continue
            for name, shape in (("partition", parts[1]), ("account", parts[4])):
                if len(shape) == 1 and isinstance(shape[0], str) and shape[0] != "*":
                    found[name].add(shape[0])
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}


# --------------------------------------------------------------------------------------- functions


@dataclass(frozen=True, slots=True)
class Pair:
    """One function of AWS's, on both sides."""

    name: str
    mine: tuple[World, Function]
    theirs: tuple[World, Function]


@dataclass(frozen=True, slots=True)
class Matched:
    """Which functions both sides have, and which only one, or nobody can say."""

    pairs: tuple[Pair, ...]
    missing: tuple[Alone, ...]
    extra: tuple[Alone, ...]


def matched(mine: Side, theirs: Side) -> Matched:
    """The functions of both sides by what makes two the same in AWS: their name, in a region.

    Where a name is not known on either side, two that are declared at the same address are the same. A name
    that is known in part is nobody's yet: what it might be is told.
    """
    right = {id(one): (world, one) for world, one in theirs.functions}
    named = grouped((_name(pair[1], theirs), pair) for pair in right.values())
    placed = grouped((pair[1].address, pair) for pair in right.values())
    left: list[tuple[World, Function]] = []
    pairs: list[Pair] = []
    for world, one in mine.functions:
        found = [
            pair
            for pair in named.get(_name(one, mine), ())
            if id(pair[1]) in right and not differ(one.region, pair[1].region)
        ]
        if not _name(one, mine) or len(found) != 1:
            left.append((world, one))
            continue
        pairs.append(Pair(name_of(found[0][1]), (world, one), found[0]))
        del right[id(found[0][1])]
    for world, one in list(left):
        found = [
            pair
            for pair in placed.get(one.address, ())
            if id(pair[1]) in right and _may_be(one, pair[1], mine, theirs)
        ]
        if len(found) == 1:
            pairs.append(Pair(name_of(one), (world, one), found[0]))
            left.remove((world, one))
            del right[id(found[0][1])]
    others = list(right.values())
    missing = tuple(_alone(one, others, mine, theirs) for _, one in left)
    extra = tuple(_alone(one, left, theirs, mine) for _, one in others)
    return Matched(tuple(sorted(pairs, key=lambda one: (one.name, one.mine[1].address))), missing, extra)


def _name(one: Function, side: Side) -> Shape:
    """A function's name as text to compare; empty where nothing is known of it."""
    return side.fillings.shape(one.name) if comparable(one.name) else ()


def _may_be(one: Function, other: Function, its: Side, side: Side) -> bool:
    """Whether two functions are not known to be different ones."""
    if differ(one.region, other.region):
        return False
    mine, theirs = _name(one, its), _name(other, side)
    return not mine or not theirs or texts(mine, theirs) is not False


def _alone(one: Function, others: Iterable[tuple[World, Function]], its: Side, side: Side) -> Alone:
    said = Said(one.address, None if its.file else span_of(one.origin), its.file or source_of(one.origin))
    name = name_of(one)
    if one.doubt:
        return Alone(name, said, f"it may not exist: {one.doubt.reason}")
    perhaps = [name_of(other) for _, other in others if _may_be(one, other, its, side)]
    if perhaps:
        unknown = one.name.reason if isinstance(one.name, Unknown) else "the other's name is not known"
        return Alone(name, said, f"it may be `{perhaps[0]}`: {unknown}")
    if unread := side.hides("function"):
        return Alone(name, said, f"not all was read of {side.label}: {unread}")
    return Alone(name, said)


# ------------------------------------------------------------------------------------ how it is told


def span_of(origin: Origin) -> Span | None:
    """The first place behind an origin."""
    return next((one.span for one in places(origin)), None)


def header_of(subject: Subject) -> Span | None:
    """The line a subject begins on."""
    span = span_of(subject.origin)
    if span is None:
        return None
    first = span.raw.partition(b"\n")[0].rstrip(b" \t\r{")
    return _first(span, len(first)) if first else span


def _first(span: Span, length: int) -> Span:
    return Span(span.source, span.start, span.start + length)


def source_of(origin: Origin) -> str:
    """Where it comes from if nobody wrote it: the call that answered so, or whose default it is."""
    match origin:
        case Fetched(call, _, account, region, _):
            return f"{call} in {account}/{region}"
        case Default(reference):
            return reference
        case Derived(_, parts):
            return next((said for part in parts if (said := source_of(part))), "")
        case _:
            return ""


def said(value: Value[object], subject: Subject, text: str | None = None) -> Said:
    """What one side says of an attribute, with where; a value that is kept out of sight is not said."""
    shown = text if text is not None else "(kept out of sight)" if is_sensitive(value) else spelled(value)
    span = span_of(value.origin) or (header_of(subject) if isinstance(value.origin, Default) else None)
    return Said(shown, span or header_of(subject), source_of(value.origin))


def spelled(value: Value[object]) -> str:
    """A value for people."""
    match value:
        case Known(None):
            return "not set"
        case Known(bool() as flag):
            return "yes" if flag else "no"
        case Known(tuple() | list() as items):
            return ", ".join(map(spelled, items)) or "none"
        case Known(plain):
            return str(plain)
        case Unknown(_, _, text) if text is not None:
            return str(text)
        case _:
            return "not known"
