"""Collects what the analysis finds, each once, and says values in the words of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from stockade.code.facts import ENVIRONMENT, Call, Credentials, environment
from stockade.code.found import Found
from stockade.code.javascript import tree as t
from stockade.code.javascript.values import Listing, Literal, Opaque, Thing, Values, Words, something
from stockade.source import Span
from stockade.value import Known, Open, Unknown, Value, Written

_WAYS: Final = 4
"""How many calls one place may be, where its parameters have several possibilities each."""

_VARIANTS: Final = 12
"""How many calls of one operation one place is told to be; of more, only what they have in common."""

_DEEP: Final = 6
"""How deep a parameter's structure is told."""

Facts = dict[str, list[Value[Any]]]


class Recorder(Found):
    """What was found so far."""

    def call(
        self,
        service: str,
        operation: str,
        at: Span,
        input: Values,
        *,
        credentials: Credentials,
        reached: bool,
        every: bool,
        certain: bool,
        way: tuple[Span, ...],
        through: str,
    ) -> None:
        """Note a call; ``input`` is its request, of which every possibility is a call of its own."""
        names = named(input, at)
        for arguments, complete in requests(input, at):
            key = (at, service, operation, credentials, through, complete, frozen(arguments), frozen(names))
            before = self._calls.get(key)
            if before is None:
                self._calls[key] = Call(
                    service=service,
                    operation=operation,
                    origin=Written(at),
                    arguments=MappingProxyType(arguments),
                    complete=complete,
                    names=MappingProxyType(names),
                    credentials=credentials,
                    reached=reached,
                    every=every,
                    certain=certain,
                    way=way,
                    through=through,
                )
            elif (reached and not before.reached) or (every and not before.every) or (certain > before.certain):
                self._calls[key] = Call(
                    service=service,
                    operation=operation,
                    origin=before.origin,
                    arguments=before.arguments,
                    complete=complete,
                    names=MappingProxyType(names),
                    credentials=credentials,
                    reached=reached or before.reached,
                    every=every or before.every,
                    certain=certain or before.certain,
                    way=before.way if before.reached else way,
                    through=through,
                )

    def places(self) -> set[tuple[str, int]]:
        """Where calls were found: each place by its path and where it starts."""
        spans = [call.origin.span for call in self._calls.values()]
        return {(span.path, span.start) for span in spans}

    def default(self, name: str, values: Values, at: Span) -> None:
        """Note what is taken where a variable of the environment is not set."""
        found = alternatives(values, at, 0)
        if len(found) == 1:
            self._defaults.setdefault(name, found[0])

    def _told(self) -> Iterable[Call]:
        """Every place's calls, or of too many what they have in common."""
        calls: dict[Any, list[Call]] = {}
        reached = {
            (call.origin.span, call.service, call.operation) for call in self._calls.values() if call.reached
        }
        for call in self._calls.values():
            if not call.reached and (call.origin.span, call.service, call.operation) in reached:
                continue  # the place is reached; in which other ways it would be does not matter
            key = (call.origin.span, call.service, call.operation, call.credentials, call.through, call.reached)
            calls.setdefault(key, []).append(call)
        for found in calls.values():
            yield from found if len(found) <= _VARIANTS else [in_common(found)]


def in_common(calls: list[Call]) -> Call:
    """One call for many that differ in their parameters: those that differ are not known."""
    first = calls[0]
    arguments: dict[str, Value[Any]] = {}
    for name in dict.fromkeys(name for call in calls for name in call.arguments):
        found = {frozen(call.arguments[name]): call.arguments[name] for call in calls if name in call.arguments}
        values = list(found.values())
        everywhere = all(name in call.arguments for call in calls)
        arguments[name] = values[0] if len(values) == 1 and everywhere else _one_of(values)
    names: dict[str, tuple[Value[Any], ...]] = {}
    for call in calls:
        for name, keys in call.names.items():
            known = {frozen(one): one for one in (*names.get(name, ()), *keys)}
            names[name] = tuple(known.values())
    return replace(
        first,
        arguments=MappingProxyType(arguments),
        names=MappingProxyType(names),
        complete=all(call.complete for call in calls),
        every=any(call.every for call in calls),
        certain=any(call.certain for call in calls),
    )


def requests(input: Values, at: Span) -> list[tuple[dict[str, Value[Any]], bool]]:
    """Every request that a value may be: its parameters, and whether there can be no others."""
    out: list[tuple[dict[str, Value[Any]], bool]] = []
    for atom in something(input):
        if isinstance(atom, Thing):
            out += _ways(atom)
        elif isinstance(atom, Literal):
            out.append(({}, True))
        else:
            out.append(({}, False))
    return out or [({}, True)]


def named(input: Values, at: Span) -> dict[str, tuple[Value[Any], ...]]:
    """The members' names of parameters in which they are computed, or are names of tables."""
    out: dict[str, tuple[Value[Any], ...]] = {}
    for atom in something(input):
        for parameter, values in atom.table.items() if isinstance(atom, Thing) else ():
            for inner in values if isinstance(values, tuple) else ():
                if not isinstance(inner, Thing) or not (inner.keys or parameter == "RequestItems"):
                    continue
                keys = [(Literal(name, inner.at),) for name in inner.table if name != "*"] + inner.keys
                found = {frozen(one): one for key in keys for one in alternatives(key, inner.at, 1)}
                if inner.open:
                    found["open"] = Unknown("there may be other names", Written(inner.at))
                out[parameter] = tuple(
                    {**{frozen(one): one for one in out.get(parameter, ())}, **found}.values()
                )
    return out


def _ways(thing: Thing) -> list[tuple[dict[str, Value[Any]], bool]]:
    choices: Facts = {}
    for name, values in thing.table.items():
        if name == "*":
            continue
        found = alternatives(values, thing.at, 0)
        if found:
            choices[name] = found
    ways = 1
    for found in choices.values():
        ways *= len(found)
    if ways > _WAYS:
        choices = {name: found if len(found) == 1 else [_one_of(found)] for name, found in choices.items()}
    complete = not (thing.open or "*" in thing.table or thing.base)
    return [(dict(zip(choices, way, strict=True)), complete) for way in product(*choices.values())]


def _one_of(found: list[Value[Any]]) -> Value[Any]:
    return Unknown(
        f"it is one of {len(found)}" if len(found) > 1 else "it is not always there", found[0].origin
    )


_Told = dict[tuple[int, int], Value[Any]]
"""What objects and lists were told as, by how deep they stand: one may be in several places of a request."""


def alternatives(values: Values, at: Span, depth: int, told: _Told | None = None) -> list[Value[Any]]:
    """What a value may be, as facts; nothing where it is ``undefined``, which is no parameter at all."""
    told = {} if told is None else told
    several = something(values)
    if len(several) == 1:
        one = _fact(several[0], at, depth, told)
        return [] if one is None else [one]
    found: dict[Any, Value[Any]] = {}
    for atom in several:
        one = _fact(atom, at, depth, told)
        if one is not None:
            found.setdefault(frozen(one), one)
    return list(found.values())


def _single(found: list[Value[Any]], at: Span) -> Value[Any]:
    """One fact for a value; one of several is not known."""
    if len(found) == 1:
        return found[0]
    return _one_of(found) if found else Unknown("nothing is known of it", Written(at))


def _fact(atom: object, at: Span, depth: int, told: _Told) -> Value[Any] | None:
    match atom:
        case Literal(value, at):
            if value is t.UNDEFINED:
                return None
            return Known(value, Written(at))
        case Words(text, reason, at):
            ref = text.ref
            if ref is not None and ref.address == ENVIRONMENT and ref.shape is None:
                return environment(ref.attribute, Written(at))
            return Unknown(reason, Written(at), text)
        case Thing() | Listing():
            key = (id(atom), depth)
            if key not in told:
                told[key] = _object(atom, depth, told) if isinstance(atom, Thing) else _list(atom, depth, told)
            return told[key]
        case Opaque(reason, at):
            return Unknown(reason, Written(at))
        case _:
            return Unknown("it is no plain value", Written(at))


def _object(thing: Thing, depth: int, told: _Told) -> Value[Any]:
    at = Written(thing.at)
    if depth >= _DEEP:
        return Unknown("it is nested deeply", at)
    members: dict[str, Value[Any]] = {}
    for name, values in thing.table.items():
        found = alternatives(values, thing.at, depth + 1, told) if name != "*" else []
        if found:
            members[name] = _single(found, thing.at)
    if thing.open or "*" in thing.table or thing.base or thing.of is not None:
        return Unknown("it may have other members", at, open=Open(members))
    return Known(members, at)


def _list(listing: Listing, depth: int, told: _Told) -> Value[Any]:
    at = Written(listing.at)
    if depth >= _DEEP:
        return Unknown("it is nested deeply", at)
    items = tuple(
        _single(alternatives(values, listing.at, depth + 1, told), listing.at) for values in listing.items
    )
    if not listing.open:
        return Known(items, at)
    rest = alternatives(listing.rest, listing.at, depth + 1, told)
    return Unknown(
        "it may have other elements",
        at,
        open=Open((*items, *(rest or [Unknown("its elements are not known", at)]))),
    )


def frozen(value: Any) -> Any:
    """A fact, or a mapping of facts, as something that can be looked up; origins left out."""
    match value:
        case Mapping():
            return tuple((name, frozen(one)) for name, one in value.items())
        case tuple():
            return tuple(map(frozen, value))
        case Known(inner):
            return "known", frozen(inner) if isinstance(inner, Mapping | tuple) else (
                type(inner).__name__,
                inner,
            )
        case Unknown(_, _, text, _, rest):
            return "unknown", text, frozen(rest.items) if rest else None
        case _:
            return value
