"""Pictures of all functions, and the paths from those one does not trust to what matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from stockade.model.function import Function
from stockade.model.world import World
from stockade.paths.graph import End, Hop, Path, Picture, Proof, Way, Zone
from stockade.paths.invokers import WEIGHTS, ways_in
from stockade.paths.reached import ways_out
from stockade.paths.words import place_of, said
from stockade.value import Known

DEEPEST: Final = 4
"""Functions that a path leads through."""
MOST: Final = 10_000
"""Paths of one input."""

_INVOKING: Final = ("lambda:invokefunction", "lambda:invoke*", "lambda:*", "*", "lambda:invokeasync")


def pictures(index: int, world: World) -> tuple[Picture, ...]:
    """The pictures of a world's functions, in the order of their addresses."""
    functions = sorted(world.functions, key=lambda one: one.address)
    drawn = [_picture(index, one, world) for one in functions]
    at = {one.address: one for one in drawn}
    incoming: dict[str, list[Way]] = {one.address: [] for one in drawn}
    for one in drawn:
        for way in one.ways_out:
            if way.end.function in at and way.end.function != one.address and _invokes(way):
                end = End("function", one.name, one.address)
                weight = WEIGHTS[Zone.OWN]
                step = Way(end, way.how, way.proof, way.because, weight, way.place, Zone.OWN, way.actions)
                incoming[way.end.function].append(step)
    return tuple(
        replace(one, ways_in=tuple(sorted((*one.ways_in, *incoming[one.address]), key=lambda w: -w.weight)))
        for one in drawn
    )


def _invokes(way: Way) -> bool:
    return any(action.lower() in _INVOKING for action in way.actions)


def _picture(index: int, function: Function, world: World) -> Picture:
    out, unknown, barred = ways_out(function, world)
    return Picture(
        input=index,
        address=function.address,
        name=said(function.name) if isinstance(function.name, Known) else function.address,
        facts=tuple(_facts(function, world)),
        ways_in=ways_in(function, world),
        ways_out=out,
        open=unknown,
        barred=barred,
        place=place_of(function.origin),
    )


def _facts(function: Function, world: World) -> Iterator[tuple[str, str]]:
    role = world.role_of(function)
    if role is not None:
        known = role.role
        yield "role", said(known.value.name) if isinstance(known, Known) else said(function.role)
    for url in world.urls_of(function):
        yield "URL", said(url.auth_type)
    subnets = function.subnet_ids
    if not isinstance(subnets, Known):
        yield "VPC", "not known"
    elif subnets.value:
        yield "VPC", f"{len(subnets.value)} subnet{'s' if len(subnets.value) != 1 else ''}"
    if isinstance(function.runtime, Known) and function.runtime.value:
        yield "runtime", function.runtime.value


def paths(drawn: Sequence[Picture]) -> tuple[Path, ...]:
    """The paths of one input, riskiest first: each from somebody to the end of a way out."""
    at = {one.address: one for one in drawn}
    out: list[Path] = []
    for picture in drawn:
        for way in picture.ways_in:
            if way.end.function:  # a step of a longer path, told from where that begins
                continue
            for hops in _onward(picture, at, (Hop(picture.address, picture.name, way),), frozenset()):
                out.append(Path(picture.input, hops, _risk(hops)))
                if len(out) >= MOST:
                    return _sorted(out)
    return _sorted(out)


def _sorted(found: list[Path]) -> tuple[Path, ...]:
    return tuple(sorted(found, key=lambda one: (-one.risk, len(one.hops))))


def _onward(
    picture: Picture, at: Mapping[str, Picture], before: tuple[Hop, ...], seen: frozenset[str]
) -> Iterator[tuple[Hop, ...]]:
    seen |= {picture.address}
    for way in picture.ways_out:
        hops = (*before, Hop(picture.address, picture.name, way))
        following = at.get(way.end.function)
        if following is None or not _invokes(way):
            yield hops
        elif following.address not in seen and len(seen) < DEEPEST:
            yield from _onward(following, at, hops, seen)


def _risk(hops: tuple[Hop, ...]) -> int:
    between = len({one.function for one in hops}) - 1
    found = hops[0].way.weight * hops[-1].way.weight / 100 * 0.9**between
    doubtful = any(one.way.proof is Proof.UNDECIDED for one in hops)
    return max(1, round(found / 2 if doubtful else found))
