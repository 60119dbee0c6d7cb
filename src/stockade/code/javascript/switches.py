"""Which cases of a ``switch`` are taken, where it is over a text that a function was called with."""

from __future__ import annotations

from typing import TypeAlias

from stockade.code.javascript import tree as t
from stockade.code.javascript.declared import assigned
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Frame, Literal, Values

Case: TypeAlias = tuple[t.Node | None, t.Block]


def taken(machine: Machine, node: t.Switch, given: Values, frame: Frame) -> tuple[list[Case], bool]:
    """The cases whose statements may run, and whether it may be that none does.

    They are all of them but where the value is a parameter that the function gives no other value, and a text.
    A function that runs within itself is not always run for each value, so that there all cases count.
    """
    left = {atom.value for atom in given if isinstance(atom, Literal) and isinstance(atom.value, str)}
    none = all(value is not None for value, _ in node.cases)
    if not given or len(left) < len(given) or not _is_parameter(machine, node.value, frame):
        return list(node.cases), none
    chosen: set[int] = set()
    for index, (value, _) in enumerate(node.cases):
        if value is None:
            continue
        found = machine.evaluate(value, frame)
        known = [one.value for one in found if isinstance(one, Literal)] if len(found) == 1 else []
        if not known or known[0] in left:
            chosen.add(index)
            left.difference_update(known)
    out: list[Case] = []
    falls = False
    for index, case in enumerate(node.cases):
        if falls or index in chosen or (case[0] is None and left):
            out.append(case)
            falls = not _ends(case[1])
    return out, bool(left) and none


def _ends(block: t.Node) -> bool:
    """Whether nothing falls through to the next case."""
    last: t.Node | None = block
    while isinstance(last, t.Block):
        last = last.body[-1] if last.body else None
    return isinstance(last, t.Jump | t.Return | t.Throw)


def _is_parameter(machine: Machine, value: t.Node, frame: Frame) -> bool:
    """Whether a name is a parameter of the function that runs, which gives it no other value."""
    if not isinstance(value, t.Name) or not machine.stack:
        return False
    running = machine.stack[-1][0]
    scope = frame.scope.find(value.id)
    if scope is None or "(function)" not in scope.table:
        return False
    if sum(1 for one, _ in machine.stack if one is running) > 1:
        return False
    named = (one.pattern for one in running.parameters)
    if not any(isinstance(one, t.Name) and one.id == value.id for one in named):
        return False
    return value.id not in assigned(running)
