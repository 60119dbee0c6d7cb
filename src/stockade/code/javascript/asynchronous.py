"""The ``async`` library: tasks that tell by a callback what they came to, one after another or all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stockade.code.javascript.iterating import names_of
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Bound, Closure, Listing, Literal, Native, Thing, Values, join
from stockade.source import Span

Call = Callable[[Machine, list[Values], Span], Values | None]


class _Told:
    """What a task calls when it is done, and what it was told then."""

    def __init__(self) -> None:
        self.values: list[Values] = []
        self.callback: Values = (Native("a callback", self._call),)

    def _call(self, machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        for index, one in enumerate(arguments[1:]):
            if index < len(self.values):
                self.values[index] = join(self.values[index], one)
            else:
                self.values.append(one)
        return machine.undefined(at)


def _run(machine: Machine, task: Values, arguments: list[Values], at: Span) -> list[Values]:
    """Call a task with a callback after its arguments; what it came to, also where it returns that."""
    told = _Told()
    given = machine.call(task, (), [*arguments, told.callback], at)
    return told.values or [given]


def _is_function(values: Values) -> bool:
    return bool(values) and all(isinstance(one, Closure | Bound | Native) for one in values)


def _end(machine: Machine, callback: Values, values: list[Values], at: Span) -> Values:
    """Tell whoever waits for all of it; without one a promise is given back."""
    if callback:
        machine.call(callback, (), [machine.unknown("it is an error", at), *values], at)
    return values[0] if values else machine.undefined(at)


def _tasks(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``series(tasks, callback)`` and its like."""
    callback = arguments[-1] if len(arguments) > 1 and not _is_number(arguments[-1]) else ()
    out: list[Values] = []
    for atom in arguments[0]:
        if isinstance(atom, Listing):
            results = [join(*_run(machine, one, [], at)) for one in atom.items]
            rest = join(*_run(machine, atom.rest, [], at)) if atom.rest else ()
            out.append((Listing(at, results, rest, atom.open),))
        elif isinstance(atom, Thing):
            made = Thing(at, open=atom.open)
            for name in names_of(atom):
                made.table[name] = join(*_run(machine, machine.get((atom,), name, at), [], at))
            out.append((made,))
        else:
            return None
    return _end(machine, callback, [join(*out)], at)


def _waterfall(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """Each task gets what the one before it came to."""
    listed = [one for one in arguments[0] if isinstance(one, Listing)]
    if len(listed) != 1 or listed[0].open or len(arguments[0]) > 1:
        return None
    given: list[Values] = []
    for task in listed[0].items:
        given = _run(machine, task, given, at)
    return _end(machine, arguments[1] if len(arguments) > 1 else (), given, at)


def _auto(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """Tasks by name, some of which get what those came to that they wait for."""
    made = Thing(at)
    given = [one for one in arguments[0] if isinstance(one, Thing)]
    if len(given) != len(arguments[0]):
        return None
    tasks = [(name, machine.get((one,), name, at)) for one in given for name in names_of(one)]
    for _ in tasks:  # at the latest then everything that a task waits for is there
        waiting: list[tuple[str, Values]] = []
        for name, values in tasks:
            listed = next((one for one in values if isinstance(one, Listing) and one.items), None)
            needed = [one for each in listed.items[:-1] for one in each] if listed is not None else []
            if any(isinstance(one, Literal) and one.value not in made.table for one in needed):
                waiting.append((name, values))
                continue
            task, before = (values, []) if listed is None else (listed.items[-1], [(made,)])
            made.table[name] = join(*_run(machine, task, [*before], at))
        tasks = waiting
        if not tasks:
            break
    callback = next((one for one in arguments[1:] if _is_function(one)), ())
    return _end(machine, callback, [(made,)], at)


def _each(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``map(list, f, callback)``, with a number before the function where that is limited."""
    index = next((at for at, one in enumerate(arguments[1:3], 1) if _is_function(one)), 0)
    if not index:
        return None
    results: list[Values] = []
    open = False
    for atom in arguments[0]:
        known = isinstance(atom, Listing) and not atom.open
        open = open or not known
        items = list(atom.items) if isinstance(atom, Listing) and known else [machine.any_of((atom,), at)]
        results += [join(*_run(machine, arguments[index], [one], at)) for one in items]
    listed = Listing(at, () if open else results, join(*results) if open else (), open)
    return _end(machine, join(*arguments[index + 1 : index + 2]), [(listed,)], at)


def _retry(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """``retry(options, task, callback)``"""
    functions = [one for one in arguments if _is_function(one)]
    if not functions:
        return None
    return _end(machine, join(*functions[1:2]), _run(machine, functions[0], [], at), at)


def _queue(machine: Machine, arguments: list[Values], at: Span) -> Values | None:
    """A queue whose worker is called for what is pushed to it."""
    worker = arguments[0]

    def push(machine: Machine, this: Values, given: list[Values], where: Span) -> Values:
        for atom in given[0] if given else ():
            task = atom.any() if isinstance(atom, Listing) else (atom,)
            _end(machine, join(*given[1:2]), _run(machine, worker, [task], where), where)
        return machine.undefined(where)

    made = Thing(at, open=True)
    for name in ("push", "pushAsync", "unshift"):
        made.table[name] = (Native(name, push),)
    return (made,)


def _is_number(values: Values) -> bool:
    return all(isinstance(one, Literal) for one in values)


def _limited(*names: str) -> list[str]:
    return [f"{name}{how}" for name in names for how in ("", "Series", "Limit")]


CALLS: Final[dict[str, Call]] = {
    **dict.fromkeys(("series", "parallel", "race", "tryEach"), _tasks),
    "parallelLimit": lambda machine, arguments, at: _tasks(machine, [arguments[0], *arguments[2:]], at),
    **dict.fromkeys(_limited("each", "forEach", "map", "filter", "concat", "flatMap", "detect", "some"), _each),
    "waterfall": _waterfall,
    "auto": _auto,
    "retry": _retry,
    "queue": _queue,
    "cargo": _queue,
}
"""What is known of the library's functions, by their names; of others what they are handed is called as any."""
