"""What a function's source in JavaScript or TypeScript does: ``analyse``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from stockade.code.facts import ENVIRONMENT, Source
from stockade.code.files import Files
from stockade.code.javascript import containers, graphql, servers
from stockade.code.javascript.entry import find, is_test
from stockade.code.javascript.known import DOCUMENT
from stockade.code.javascript.loading import Loading, Module
from stockade.code.javascript.machine import STEPS
from stockade.code.javascript.record import Recorder
from stockade.code.javascript.resolve import is_source
from stockade.code.javascript.sdk import send
from stockade.code.javascript.unsaid import awaited
from stockade.code.javascript.values import (
    EVENT,
    Binding,
    Bound,
    Closure,
    Literal,
    Opaque,
    Thing,
    Values,
    Words,
    is_nothing,
)
from stockade.code.services import Services
from stockade.errors import BudgetExceeded
from stockade.read.files import Unreadable
from stockade.source import Source as File
from stockade.source import Span
from stockade.value import Ref, Text

_FRAMES: Final = 12_000
"""How deep Python itself may be nested meanwhile; the machine's own bounds are reached before."""

_ALL: Final = 400
"""How many files are read where the handler was not found."""


def analyse(files: Files, handler: str) -> Source:
    """What is called from ``handler`` (``src/app.handler``), a function exported by one of the files.

    Nothing is executed. Where the handler is not found everything in the files counts as reached. Never raises
    for what is in the files: what cannot be followed is in ``Source.unfollowed``.
    """
    recorder = Recorder()
    machine = Loading(files, recorder)
    with _deep():
        return _analyse(machine, recorder, files, handler)


def _analyse(machine: Loading, recorder: Recorder, files: Files, handler: str) -> Source:
    path, names = find(files, handler)
    place: Span | None = None
    if files.cut:
        start = Span(File(next(iter(files), ""), b""), 0, 0)
        recorder.unfollowed("some files", "there are more than are looked at", start)
    for folder in files.pruned:
        if folder.rpartition("/")[2] == "node_modules":
            recorder.note(f"`{folder}`", "installed packages are not analysed", Span(File(folder, b""), 0, 0))
    if path is None:
        start = Span(files.one_of(is_source, handler), 0, 0)
        recorder.unfollowed(f"the handler `{handler}`", "no file of the function is called so", start)
        _everything(machine, files)
    else:
        _bounded(machine, lambda: machine.module(path))
        module = machine.modules.get(path)
        found: Values = ()
        if module is not None:
            found = module.value
            at = module.exports.at
            for name in names:
                found = machine.get(found, name, at)
            found = tuple(atom for atom in found if not is_nothing(atom) and not isinstance(atom, Literal))
        if module is not None and found:
            place = _place(found, module.exports.at)
            _handle(machine, found, place, module)
        else:
            start = module.exports.at if module is not None else Span(File(path, b""), 0, 0)
            recorder.unfollowed(f"the handler `{handler}`", f"`{path}` exports no function of this name", start)
            _everything(machine, files)
    _unsent(machine)
    _unasked(machine)
    _doubted(machine)
    return recorder.source(place)


def _handle(machine: Loading, found: Values, at: Span, module: Module) -> None:
    """Run the handler, then what it left for others to call, then what nobody was seen to call."""

    def run() -> None:
        event = machine.unknown(EVENT, at)
        context = _context(machine, at)
        machine.loading = False
        machine.every = True
        containers.settle(machine, at)
        given = [event, (context,), machine.unknown("it is the callback", at)]
        awaited(machine, machine.call(found, (), given, at), at)
        graphql.settle(machine)
        exports = (one for one in module.value if isinstance(one, Thing))
        servers.settle(machine, found, [*(v for one in exports for v in one.table.values())], at)

    def again() -> None:
        _later(machine)
        if machine.strays.table:  # what one function gave to the event another one may have asked it for before
            run()
            _later(machine)
        machine.call_left_over()
        _later(machine)

    _bounded(machine, run)
    _kept(machine)
    _bounded(machine, again)
    ran = frozenset(machine.ran) if machine.kept.left_over else frozenset()
    machine.reached = False
    machine.left = STEPS // 4
    _bounded(machine, lambda: _rest(machine), silent=True)
    machine.tell_left_over(ran)


def _context(machine: Loading, at: Span) -> Thing:
    """What an invocation brings beside the event: whatever may be in it, or a middleware may give it; the
    function's own name is known."""
    made = Thing(at, open=True)
    made.base = machine.unknown("it is a part of the invocation's context", at)
    name = Text((Ref(ENVIRONMENT, "AWS_LAMBDA_FUNCTION_NAME"),))
    made.table["functionName"] = (Words(name, "it is the function's own name", at),)
    return made


def _kept(machine: Loading) -> None:
    """Functions that something keeps which no file exports: whoever has them calls them, in ways not seen."""
    exported: set[int] = set()
    for module in machine.modules.values():
        for values in (*module.exports.table.values(), module.value) if module is not None else ():
            exported |= _wrapped(machine.resolved(values), 2)
    named = (atom for scope in machine.scopes for values in _tuples(scope.table) for atom in values)
    wrapped = [one for atom in named if isinstance(atom, Opaque) for one in atom.wraps]
    for one in wrapped:
        if isinstance(one, Closure) and id(one) not in exported:
            machine.waiting.append((one, (), one.node.at))


def _tuples(table: Mapping[str, Any]) -> Iterator[Values]:
    """The values in a scope's table that are known by now."""
    return (values for values in table.values() if isinstance(values, tuple))


def _wrapped(values: Values, depth: int) -> set[int]:
    out: set[int] = set()
    for atom in values:
        match atom:
            case Closure():
                out.add(id(atom))
            case Opaque(wraps=wraps):
                out |= _wrapped(wraps, depth)
            case Thing() if depth:
                for inner in atom.table.values():
                    out |= _wrapped(tuple(one for one in inner if not isinstance(one, Binding)), depth - 1)
    return out


def _everything(machine: Loading, files: Files) -> None:
    """Without a handler: all files are loaded, and every function counts as reached."""

    def run() -> None:
        for path in [one for one in files if is_source(one) and not is_test(one)][:_ALL]:
            machine.module(path)
        machine.loading = False
        servers.settle(machine, (), [], Span(File("", b""), 0, 0))
        _later(machine)
        _rest(machine)

    _bounded(machine, run)


def _later(machine: Loading) -> None:
    """Functions that routers and their like were handed: reached, though not each time."""
    machine.loading = False
    machine.every = False
    seen: dict[int, set[Any]] = {}
    strays, taken = len(machine.strays.table), machine.waiting[:]
    for _ in range(10_000):
        if not machine.waiting and len(machine.strays.table) > strays:
            # What one of them gave back others may have been handed before.
            strays, machine.waiting = len(machine.strays.table), taken
            seen.clear()
            machine.ran.difference_update(id(one.node) for one, _, _ in taken)
        if not machine.waiting:
            return
        closure, this, at = machine.waiting.pop(0)
        shapes = seen.setdefault(id(closure.node), set())
        shape = machine.shapes.of((closure, *this), 3) or (id(closure), *map(id, this))
        # What one function makes for several others is several functions, as is a method of several objects.
        ran = id(closure.node) in machine.ran and (not shapes and not machine.shapes.captures(closure))
        if ran or shape in shapes:
            continue
        shapes.add(shape)
        count = max(4, len(closure.node.parameters))
        given = [machine.unknown("it is what another function hands over", at)] * min(count, 8)
        result = machine.apply(closure, this, given, at)
        machine.given_back(result)
        for made in result:
            if isinstance(made, Closure):  # a factory of functions: whoever was handed it calls what it makes
                machine.waiting.append((made, (), at))


def _rest(machine: Loading) -> None:
    """Functions that nothing was seen to call."""
    machine.every = False
    at = 0
    while at < len(machine.closures):
        closure = machine.closures[at]
        at += 1
        if id(closure.node) in machine.ran:
            continue
        node = closure.node
        this: Values = ()
        if closure.home is not None and not node.arrow:
            this = machine.instance(closure.home, node.at)
            if id(node) in machine.ran:
                continue
        given = [machine.unknown("nobody was seen to call this function", node.at)] * len(node.parameters)
        machine.apply(closure, this, given, node.at)
        _later(machine)


def _unsent(machine: Loading) -> None:
    """Commands that were made, and not seen to be sent: whoever was handed them sends them, if anybody."""
    sent = {*machine.sent}
    for command, who, at, reached, every in machine.passed:
        if command.at not in sent:
            machine.reached, machine.every = reached, every
            send(machine, command, None, at, f"handed to {who}")
    for command, reached in machine.commands:
        if command.used or command.at in machine.sent:
            continue
        clients = machine.sending.get(command.service, {}) if reached else {}
        if len(clients) == 1:  # it got lost on its way to the one who sends one that is not known
            machine.reached = reached
            send(machine, command, next(iter(clients)), command.at, certain=False)
        else:
            machine.recorder.unfollowed(
                f"a command `{command.operation}`",
                "where it is sent was not seen",
                command.at,
                command.service,
                reached,
            )


def _unasked(machine: Loading) -> None:
    """Objects of libraries that were handed a client, and not seen to be used: they may have got lost."""
    for at, (what, service, reached) in machine.holding.items():
        if at not in machine.asking:
            machine.recorder.unfollowed(what, "what is done with it was not seen", at, service, reached)


def _doubted(machine: Loading) -> None:
    """Things that are not known, called by the name of a client's operation: a client may have got lost."""
    services = [one for name in sorted(machine.clients) if (one := Services.load().service(name)) is not None]
    settled = machine.recorder.places()
    for (at, name), reached in machine.doubts.items():
        # `get` and `scan` are names of too many things, but where their result is asked `promise()`.
        plain = name.islower() and (at, "promise") not in machine.doubts
        if plain or not name[:1].islower() or (at.source.path, at.start) in settled:
            continue
        for service in services:
            if service.by_any_case(DOCUMENT.get(name.lower(), name)) is not None:
                reason = "what it is was not followed, and a client has a method of this name"
                machine.recorder.unfollowed(f"`{name}`", reason, at, service.name, reached)


def _bounded(machine: Loading, run: Callable[[], object], silent: bool = False) -> None:
    """Run a part of the analysis; where it would take too much, that is told and the rest goes on."""
    try:
        run()
    except (BudgetExceeded, RecursionError) as error:
        reason = error.message if isinstance(error, BudgetExceeded) else "it is nested too deeply"
        path = next(reversed(machine.recorder.files), "")
        try:
            at = Span(machine.files.read(path), 0, 0)
        except Unreadable:  # only the place is lost
            at = Span(File(path, b""), 0, 0)
        machine.recorder.unfollowed("a part of the source", reason, at, reached=not silent)
        machine.abandon()


def _place(found: Values, default: Span) -> Span:
    for atom in found:
        match atom:
            case Closure(node=node):
                return node.at
            case Bound(target=Closure(node=node)):
                return node.at
            case Opaque(wraps=wraps) if wraps:
                return _place(wraps, default)
            case Thing():
                return atom.at
    return default


@contextmanager
def _deep() -> Iterator[None]:
    """Expressions are walked by functions that call one another; long chains need more frames than usual."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
