"""Packages that call a program's functions for it: one after another, for each element, or when asked for more.

lodash and Ramda, ``async``, Bluebird, the ``p-…`` packages and fp-ts. A promise is what it resolves to, and so
is fp-ts's task.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stockade.code.javascript import natives
from stockade.code.javascript.asynchronous import CALLS as OF_ASYNC
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Bound,
    Closure,
    External,
    Listing,
    Literal,
    Native,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.patterns import lazy_regex
from stockade.source import Span

Call = Callable[[Machine, list[Values], Span], Values | None]

_LODASH: Final = lazy_regex(r"(lodash|lodash-es|underscore)(?:[/.](\w+))?$")
_PART: Final = lazy_regex(r"[^.\[\]'\"]+")
_CURRIED: Final = 6
"""How many calls a curried function may wait for."""


def called(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call, or construct, something of these packages; ``None`` where nothing is known of it."""
    package, _, inner = external.module.partition("/")
    name = external.path[-1] if external.path else inner.rpartition("/")[2]
    lodash = _LODASH.match(external.module)
    if lodash is not None:
        name = name or lodash[2] or ""
        return _known(machine, _OF_LODASH, name, arguments, at)
    if package == "async" and arguments:
        return _known(machine, OF_ASYNC, name, arguments, at)
    if package == "bluebird":
        return _bluebird(machine, name, arguments, at)
    table = _TABLES.get(package)
    return _known(machine, table, name, arguments, at) if table is not None else None


def _known(
    machine: Machine, table: dict[str, Call], name: str, arguments: list[Values], at: Span
) -> Values | None:
    run = table.get(name)
    return run(machine, arguments, at) if run is not None and (arguments or name in _ALONE) else None


def _are_functions(values: Values) -> bool:
    return bool(values) and all(isinstance(one, Closure | Bound | Native) for one in values)


# ------------------------------------------------------------------------------------ for each one


def _over(name: str, last: bool = False) -> Call:
    """A list's method as a function of the list; Ramda has the list ``last``, or later."""

    def run(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
        if last and len(arguments) == 1:
            return (Native(name, lambda m, this, given, where: run(m, [*arguments, *given], where) or ()),)
        items, function = (arguments[-1], arguments[0]) if last else (arguments[0], join(*arguments[1:2]))
        if not _are_functions(function):
            return None
        given = [function, *(arguments[1:-1] if last else arguments[2:])]
        if not all(isinstance(one, Listing) for one in items):
            each = join(*(machine.any_of((one,), at) for one in items if not is_nothing(one)))
            items = (Listing(at, (), each, open=True),)
        return machine.invoke(items, name, given, at)

    return run


def _several(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A list of functions, each called."""
    listed = [one for one in arguments[0] if isinstance(one, Listing)]
    return (Listing(at, [machine.call(one, (), [], at) for each in listed for one in each.items]),)


# ------------------------------------------------------------------------------- one after another


def _chain(backwards: bool = False, skip: int = 0) -> Call:
    """A function that hands on what one function gives to the next."""

    def run(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
        functions = _flat(arguments[skip:])
        if functions is None:
            return None
        steps = functions[::-1] if backwards else functions

        def go(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
            for step in steps:
                given = [machine.call(step, (), given, where)]
            return given[0] if given else machine.undefined(where)

        return (Native("a chain of functions", go),)

    return run


def _flat(arguments: list[Values]) -> list[Values] | None:
    """The functions that are handed over, also in lists; ``None`` where they are not all known."""
    out: list[Values] = []
    for values in arguments:
        listed = [one for one in values if isinstance(one, Listing)]
        if listed:
            if len(values) > 1 or listed[0].open:
                return None
            out += listed[0].items
        else:
            out.append(values)
    return out or None


def _piped(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``pipe(value, first, second)``"""
    result = arguments[0]
    for step in arguments[1:]:
        result = machine.call(step, (), [result], at)
    return result


def _later(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A function of what comes, which the functions here are called with: ``chain(f)``."""

    def go(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
        return join(*(machine.call(one, (), given, where) for one in arguments if _are_functions(one)))

    if not all(map(_are_functions, arguments)):
        return None
    return (Native("a step", go),)


def _now(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A function that is called now, perhaps several times."""
    function = arguments[0]
    if not _are_functions(function):
        return None
    given = [machine.unknown("it is handed over by who calls again", at)] * 2
    return machine.call(function, (), given, at)


def _itself(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    return arguments[0]


def _limit(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A function that calls those that it is handed: ``limit(f, argument)``."""

    def go(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
        return machine.call(given[0], (), given[1:], where) if given else machine.undefined(where)

    return (Native("a limit", go),)


def _queue(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``new PQueue()``: what is added is called."""

    def add(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
        options = machine.unknown("it is handed over by a queue", where)
        return machine.call(given[0], (), [options], where) if given else machine.undefined(where)

    def all_of(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
        return (given and _several(machine, given, where)) or machine.undefined(where)

    made = Thing(at, open=True)
    made.table["add"] = (Native("add", add),)
    made.table["addAll"] = (Native("addAll", all_of),)
    return (made,)


# ------------------------------------------------------------------------------ some of the arguments


def _partial(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``partial(f, first)``; Ramda has the arguments in a list."""
    given = arguments[1:]
    if len(given) == 1 and len(given[0]) == 1 and isinstance(given[0][0], Listing):
        given = list(given[0][0].items)
    return tuple(Bound(one, (), tuple(given)) for one in arguments[0])


def _bound(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    return tuple(Bound(one, join(*arguments[1:2]), tuple(arguments[2:])) for one in arguments[0])


def _curry(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A function that waits for all of its arguments."""
    function = arguments[-1]
    closures = [one for one in function if isinstance(one, Closure)]
    if len(closures) != 1 or len(function) != 1:
        return None
    wanted = len(closures[0].node.parameters)

    def waiting(before: list[Values], left: int) -> Native:
        def go(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
            together = [*before, *given]
            if len(together) >= wanted or not left:
                return machine.call(function, this, together, where)
            return (waiting(together, left - 1),)

        return Native("a curried function", go)

    return (waiting([], _CURRIED),)


# -------------------------------------------------------------------------------- members by a path


def _way(values: Values) -> list[str] | None:
    """The names in a path such as ``a.b[0]``; ``None`` where it is not known."""
    if len(values) != 1:
        return None
    atom = values[0]
    if isinstance(atom, Literal) and isinstance(atom.value, str):
        return _PART.findall(atom.value) or None
    if isinstance(atom, Listing) and not atom.open:
        names = [one[0].value if len(one) == 1 and isinstance(one[0], Literal) else None for one in atom.items]
        return [str(one) for one in names] if names and None not in names else None
    return None


def _get(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``get(object, 'a.b', default)``"""
    way = _way(arguments[1]) if len(arguments) > 1 else None
    if way is None:
        return None
    found = arguments[0]
    for name in way:
        found = machine.get(found, name, at)
    kept = tuple(one for one in found if not is_nothing(one))
    return (
        join(kept, *([arguments[2]] if len(arguments) > 2 and len(kept) < max(len(found), 1) else [])) or found
    )


def _invoke(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``invoke(object, 'a.method', argument)``"""
    way = _way(arguments[1]) if len(arguments) > 1 else None
    if way is None:
        return None
    whose = arguments[0]
    for name in way[:-1]:
        whose = machine.get(whose, name, at)
    return machine.invoke(whose, way[-1], arguments[2:], at)


def _invoke_each(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``invokeMap(list, 'method', argument)``"""
    each = machine.any_of(arguments[0], at)
    found = _invoke(machine, [each, *arguments[1:]], at)
    return (Listing(at, (), found, open=True),) if found else None


# ------------------------------------------------------------------------------------------ objects


def merged(machine: Machine, arguments: list[Values], at: Span) -> Values:
    """Objects, and those in lists, as one that has the members of all of them, objects within objects too."""
    made = Thing(at)
    for values in arguments:
        listed = [one for one in values if isinstance(one, Listing)]
        for each in [inner for one in listed for inner in (*one.items, one.rest)] if listed else [values]:
            for atom in each:
                if isinstance(atom, Thing):
                    _merge(machine, made, atom, len(each) == 1, 6, at)
                elif not is_nothing(atom):
                    made.open = True
                    made.base = join(made.base, (atom,) if getattr(atom, "wraps", ()) else ())
    return (made,)


def _merge(machine: Machine, into: Thing, source: Thing, sure: bool, depth: int, at: Span) -> None:
    into.open = into.open or source.open
    for name in [*source.table, *source.getters]:
        value = machine.get((source,), name, at)
        before = into.table.get(name, ())
        inner = [one for one in (*before, *value) if isinstance(one, Thing) and one.of is None]
        if before and depth and len(inner) == len(before) + len(value):
            both = Thing(at)
            for one in inner:
                _merge(machine, both, one, sure, depth - 1, at)
            into.table[name] = (both,)
        elif sure and len(value) == 1 and not is_nothing(value[0]):
            into.table[name] = value
        else:
            into.table[name] = join(before, value)


def _into(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``merge(target, source)`` changes the target."""
    made = merged(machine, arguments, at)
    for target in (one for one in arguments[0] if isinstance(one, Thing)):
        for one in (each for each in made if isinstance(each, Thing)):
            for name, value in one.table.items():
                machine.put((target,), name, value, at)
    return made


# ------------------------------------------------------------------------------------------- tables

_LISTS: Final = {
    **{one: one for one in ("map", "flatMap", "forEach", "filter", "find", "some", "every", "reduce")},
    "each": "forEach",
    "any": "some",
    "all": "every",
    "chain": "flatMap",
}
_ALONE: Final = frozenset(("", "default", "PQueue"))
"""What of a package is called with nothing."""

_ONE_EACH: Final[dict[str, Call]] = {one: _over("map") for one in ("", "default")}
_OF_LODASH: Final[dict[str, Call]] = {
    **{name: _over(method) for name, method in _LISTS.items() if name not in ("chain", "all", "any")},
    "flow": _chain(),
    "flowRight": _chain(True),
    "compose": _chain(True),
    "get": _get,
    "result": _get,
    "invoke": _invoke,
    "invokeMap": _invoke_each,
    "partial": _partial,
    "bind": _bound,
    "curry": _curry,
    "attempt": _now,
    "merge": _into,
    "defaultsDeep": merged,
}
_OF_RAMDA: Final[dict[str, Call]] = {
    **{name: _over(method, True) for name, method in _LISTS.items() if name != "reduce"},
    "pipe": _chain(),
    "pipeP": _chain(),
    "pipeK": _chain(),
    "pipeWith": _chain(skip=1),
    "compose": _chain(True),
    "composeP": _chain(True),
    "composeWith": _chain(True, 1),
    "andThen": _later,
    "then": _later,
    "tap": _later,
    "otherwise": _later,
    "curry": _curry,
    "curryN": _curry,
    "partial": _partial,
    "mergeDeepRight": merged,
    "mergeRight": merged,
    "mergeAll": merged,
}
_STEPS: Final = (
    *("map", "chain", "chainW", "chainFirst", "chainFirstW", "flatMap", "tap", "mapLeft", "orElse", "orElseW"),
    *("fold", "foldW", "match", "matchW", "matchE", "bimap", "getOrElse", "getOrElseW", "tapError"),
    *("chainTaskEitherK", "chainEitherK", "chainEitherKW", "chainTaskEitherKW", "tapTask", "tapIO", "chainIOK"),
)
_OF_FP_TS: Final[dict[str, Call]] = {
    **dict.fromkeys(_STEPS, _later),
    "pipe": _piped,
    "flow": _chain(),
    "tryCatch": _now,
    "tryCatchK": _itself,
    **dict.fromkeys(("of", "right", "some", "fromNullable", "fromEither", "fromTask"), _itself),
}
_OF_NEVERTHROW: Final[dict[str, Call]] = dict.fromkeys(
    ("ok", "okAsync", "fromPromise", "fromSafePromise", "fromThrowable"), _itself
)
_TABLES: Final[dict[str, dict[str, Call]]] = {
    "ramda": _OF_RAMDA,
    "fp-ts": _OF_FP_TS,
    "neverthrow": _OF_NEVERTHROW,
    **dict.fromkeys(("p-map", "p-map-series", "p-each-series", "p-filter", "p-each"), _ONE_EACH),
    "p-limit": {"": _limit, "default": _limit},
    "p-queue": {"": _queue, "default": _queue, "PQueue": _queue},
    **{one: {"": _now, "default": _now} for one in ("p-retry", "async-retry", "promise-retry")},
    **{one: {"": _several, "default": _several} for one in ("p-all", "p-series")},
    **{one: {"": merged, "default": merged, "all": merged} for one in ("deepmerge", "lodash.merge")},
}

_OF_BLUEBIRD: Final[dict[str, Call]] = {
    **{name: _over(method) for name, method in _LISTS.items() if name not in ("chain", "any", "all", "some")},
    "mapSeries": _over("map"),
    "try": _now,
    "attempt": _now,
    "method": _itself,
}


def _bluebird(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values | None:
    """Bluebird: its own functions, and those that promises of the language have."""
    found = _known(machine, _OF_BLUEBIRD, name, arguments, at)
    if found is None and name in ("all", "any", "race", "resolve", "reject", "allSettled"):
        return natives.call(machine, ("Promise", name), arguments, at)
    return found
