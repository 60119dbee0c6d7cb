"""Asynchronous functions as compilers write them for a language without such: a function that is called again
and again, each time for the next one of its pieces (TypeScript's ``__generator``, Babel's regenerator)."""

from __future__ import annotations

from typing import Any, Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.machine import Machine, Pieces
from stockade.code.javascript.values import Closure, Listing, Literal, Native, Run, Thing, Values, join
from stockade.source import Span

PACKAGES: Final = frozenset(("regenerator-runtime", "@babel/runtime/regenerator", "babel-runtime/regenerator"))
"""Packages of Babel's regenerator; a file may hold it as well, as the global of this name."""

_RETURN: Final = 2
_YIELDS: Final = (4, 5)
"""What TypeScript's pieces leave as the first element of what they return."""

_GOES_ON: Final = ("next", "n")
"""Members of Babel's state that say which piece is next: today's compiler has short names."""


def run(machine: Machine, function: Values, at: Span) -> Values:
    """Run all pieces of such a function one after another; what it returns in the end."""
    return join(*(_run(machine, one, at) for one in function if isinstance(one, Closure)))


def regenerator(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values | None:
    """Call a function of Babel's runtime: ``mark`` gives back what it is handed, ``wrap`` runs it."""
    if name in ("mark", "m") and arguments:
        return arguments[0]
    if name in ("wrap", "w") and arguments:
        return run(machine, arguments[0], at)
    return None


def _run(machine: Machine, function: Closure, at: Span) -> Values:
    returned: list[Values] = []
    sent: dict[int, Values] = {}
    machine.ran.add(id(function.node))
    of_typescript, pieces = _pieces(machine, function.node)
    for number, piece in pieces:
        given = sent.get(number) or machine.unknown("it is what a piece of a function is handed", at)
        state = _state(machine, given, returned, at)
        if of_typescript:
            state.table["sent"] = (Native("sent", _giving(given)),)
        made = Closure(piece, function.scope, function.module, None, function.home)
        result = machine.call((made,), (), [(state,)], at)
        after = [one for name in _GOES_ON for one in machine.resolved(state.table.get(name, ()))]
        told = [one for one in result if isinstance(one, Listing) and _operation(one)]
        if after or not told:
            for one in after:
                if isinstance(one, Literal) and isinstance(one.value, int):
                    sent[one.value] = join(sent.get(one.value, ()), result)
        for left in told if not after else ():
            value = left.items[1] if len(left.items) > 1 else ()
            if _operation(left) == _RETURN:
                returned.append(value)
            elif _operation(left) in _YIELDS:
                sent[number + 1] = join(sent.get(number + 1, ()), value)
    return join(*returned) or machine.undefined(at)


def _state(machine: Machine, given: Values, returned: list[Values], at: Span) -> Thing:
    """What a piece is handed: what was waited for, and ways to end, by the names that each compiler has."""

    def ends(machine: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        returned.extend(arguments[1:2])
        return ()

    state = Thing(at, open=True)
    state.born = machine.now
    state.table["sent"] = state.table["v"] = given
    state.table["abrupt"] = state.table["a"] = (Native("abrupt", ends),)
    return state


def _giving(given: Values) -> Run:
    def waited(machine: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        return given

    return waited


def _operation(left: Listing) -> int:
    first = left.items[0] if left.items else ()
    found = next((one.value for one in first if isinstance(one, Literal)), 0)
    return found if isinstance(found, int) and len(left.items) <= 2 else 0


def _pieces(machine: Machine, node: t.Function) -> Pieces:
    """Whether TypeScript wrote a function, and the cases of its ``switch``, each as a function of its own."""
    kept = machine.kept.pieces.get(id(node))
    if kept is None:
        found = _switch(node.body)
        out = []
        for value, block in found.cases if found is not None else ():
            if isinstance(value, t.Constant) and isinstance(value.value, int):
                out.append((value.value, t.Function(block.at, node.name, node.parameters, block)))
        labelled = found is not None and isinstance(found.value, t.Member) and found.value.name == "label"
        kept = machine.kept.pieces[id(node)] = labelled, tuple(sorted(out, key=lambda one: one[0]))
    return kept


def _switch(node: t.Node | None) -> t.Switch | None:
    """The ``switch`` that such a function is, perhaps within a loop."""
    match node:
        case t.Switch():
            return node
        case t.Block(body=body):
            return next((found for one in body if (found := _switch(one)) is not None), None)
        case t.Loop(body=inner):
            return _switch(inner)
        case _:
            return None
