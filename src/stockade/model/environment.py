"""Environment variables, one by one: the piece of a function's configuration that a finding is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stockade.model.function import Function
from stockade.model.subject import Subject
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Origin, Unknown, Value, Written, places

_ALL: Final = "*"
"""The key of an environment of which not even the names are known: no variable is called so."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EnvironmentVariable(Subject):
    """One variable of one function, whose origin is where its name stands among the others, if it does.

    Where the environment as a whole is not known, ``name`` and ``value`` of one member say why; what is
    known of the others stands beside it, with a doubt where something unknown may replace it.
    """

    function: Function
    name: Value[str]
    value: Value[str]


def environment_variables(functions: Sequence[Function]) -> tuple[EnvironmentVariable, ...]:
    """The variables of all functions, in their order."""
    return tuple(variable for function in functions for variable in _variables(function))


def _variables(function: Function) -> Iterator[EnvironmentVariable]:
    environment = function.environment
    if isinstance(environment, Known):
        entries = _entries(environment.origin)
        for name, value in environment.value.items():
            origin = entries.get(name, value.origin)
            yield _variable(function, name, Known(name, environment.origin), value, origin)
        return
    why = Unknown(environment.reason, environment.origin)
    yield _variable(function, _ALL, why, why, why.origin)
    if environment.open is not None and isinstance(environment.open.items, dict):
        for members, doubt in ((environment.open.items, None), (environment.open.perhaps, why)):
            for name, value in members.items():
                yield _variable(function, name, Known(name, value.origin), value, value.origin, doubt)


def _variable(
    function: Function,
    key: str,
    name: Value[str],
    value: Value[str],
    origin: Origin,
    doubt: Unknown | None = None,
) -> EnvironmentVariable:
    return EnvironmentVariable(
        address=function.address,
        origin=origin,
        doubt=function.doubt or doubt,
        key=key,
        region=function.region,
        function=function,
        name=name,
        value=value,
    )


_ENTRY: Final = lazy_regex(rb"^[ \t,{]*[\"']?([A-Za-z_]\w*)[\"']?[ \t]*[=:]", re.MULTILINE)
_LONGEST: Final = 65_536
"""Bytes of a written environment in which names are looked for."""


def _entries(environment: Origin) -> dict[str, Written]:
    """Where the names of a written environment stand: their values may have come from far away."""
    place = next(places(environment), None)
    out: dict[str, Written] = {}
    if place is not None:
        for found in _ENTRY.finditer(place.span.raw[:_LONGEST]):
            start, end = (place.span.start + at for at in found.span(1))
            span = Span(place.span.source, start, end)
            out.setdefault(found[1].decode("ascii", "replace"), Written(span, place.via))
    return out
