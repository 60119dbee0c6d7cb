"""Which branches are taken where a test is about what a function was called with, or about a constant."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from stockade.code.javascript import tree as t
from stockade.code.javascript.declared import assigned, names_in
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Closure, Frame, Listing, Literal, Thing, Values, Words

Case: TypeAlias = tuple[t.Node | None, t.Block]

_EQUAL: Final = {"===": True, "==": True, "!==": False, "!=": False}


def taken(machine: Machine, node: t.Switch, given: Values, frame: Frame) -> tuple[list[Case], bool]:
    """The cases whose statements may run, and whether it may be that none does.

    They are all of them but where the value is a parameter that the function gives no other value, and a text.
    A function that runs within itself is not always run for each value, so that there all cases count.
    """
    left = {atom.value for atom in given if isinstance(atom, Literal) and isinstance(atom.value, str)}
    none = all(value is not None for value, _ in node.cases)
    if not given or len(left) < len(given) or not _is_fixed(machine, node.value, frame):
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
    if len(out) < len(node.cases):
        _only_partly(machine)
    return out, bool(left) and none


def decided(machine: Machine, test: t.Node, frame: Frame) -> bool | None:
    """What a test comes to whose sides are certainly known: a parameter's text, or a constant, and one that is
    written.

    ``None`` for every other test.
    """
    known = _decided(machine, test, frame)
    if known is not None:
        _only_partly(machine)
    return known


def _only_partly(machine: Machine) -> None:
    """A function that left something out has not run for whoever else calls it, of whom nothing is known."""
    machine.ran.discard(id(machine.stack[-1][0]))


def _decided(machine: Machine, test: t.Node, frame: Frame) -> bool | None:
    match test:
        case t.Binary(
            operator=operator, left=t.Unary(operator="typeof", value=asked), right=t.Constant(value="function")
        ) if operator in _EQUAL:
            is_one = _is_function(machine, asked, frame)
            return None if is_one is None else is_one == _EQUAL[operator]
        case t.Binary(operator=operator, left=left, right=right) if operator in _EQUAL:
            one, other = (left, right) if _is_fixed(machine, left, frame) else (right, left)
            if not _is_fixed(machine, one, frame) or not isinstance(other, t.Constant | t.Member):
                return None
            found, wanted = _texts(machine, one, frame), _texts(machine, other, frame)
            if len(wanted) != 1 or not found:
                return None
            if wanted.isdisjoint(found):
                return not _EQUAL[operator]
            return _EQUAL[operator] if found == wanted else None
        case t.Name(id=name) if machine.stack:
            scope = frame.scope.find(name)
            if scope is None or (id(scope), name) not in machine.kept.constants:
                return None  # one that a function was handed may have been changed where that was not followed
            said = [one.value for one in machine.evaluate(test, frame) if isinstance(one, Literal)]
            return said[0] if len(said) == 1 and isinstance(said[0], bool) else None
        case t.Unary(operator="!", value=inner):
            known = _decided(machine, inner, frame)
            return None if known is None else not known
        case t.Logical(operator="&&" | "||" as operator, left=left, right=right):
            sides = _decided(machine, left, frame), _decided(machine, right, frame)
            if (operator == "||") in sides:
                return operator == "||"
            return None if None in sides else operator == "&&"
        case _:
            return None


def _is_function(machine: Machine, node: t.Node, frame: Frame) -> bool | None:
    """Whether a parameter is a function; ``None`` where it may be either."""
    if not _is_fixed(machine, node, frame):
        return None
    kinds: set[bool | None] = set()
    for atom in machine.evaluate(node, frame):
        match atom:
            case Closure():
                kinds.add(True)
            case Literal() | Words() | Listing() | Thing(kind="" | "map" | "set", open=False):
                kinds.add(False)
            case _:
                kinds.add(None)
    return kinds.pop() if len(kinds) == 1 else None


def _texts(machine: Machine, node: t.Node, frame: Frame) -> frozenset[Any]:
    """The texts that something may be; none where it may be something else."""
    found = machine.evaluate(node, frame)
    texts = frozenset(atom.value for atom in found if isinstance(atom, Literal) and isinstance(atom.value, str))
    return texts if len(texts) == len(found) else frozenset()


def _ends(block: t.Node) -> bool:
    """Whether nothing falls through to the next case."""
    last: t.Node | None = block
    while isinstance(last, t.Block):
        last = last.body[-1] if last.body else None
    return isinstance(last, t.Jump | t.Return | t.Throw)


def _is_fixed(machine: Machine, value: t.Node, frame: Frame) -> bool:
    """Whether a name has one value for as long as somebody sees it.

    It is a parameter of the function that runs or of one around it, or taken out of one, with no other value;
    or a constant that a file writes down.
    """
    if not isinstance(value, t.Name) or not machine.stack:
        return False
    running = machine.stack[-1][0]
    scope = frame.scope.find(value.id)
    if scope is None or sum(1 for one, _ in machine.stack if one is running) > 1:
        return False
    if not scope.local:
        return (id(scope), value.id) in machine.kept.constants
    around = scope.table.get("(function)")
    if around is None or value.id not in _fixed(machine, around):
        return False
    return sum(1 for one, _ in machine.stack if one is around) <= 1


def _fixed(machine: Machine, running: t.Function) -> frozenset[str]:
    """The names in a function that are what it was called with, at any time of a run."""
    known = machine.kept.fixed.get(id(running))
    if known is None:
        names = names_in([one.pattern for one in running.parameters])
        others = assigned(running)
        body = running.body.body if isinstance(running.body, t.Block) else ()
        for one in (each for node in body if isinstance(node, t.Declare) for each in node.declarators):
            if isinstance(one.pattern, t.ObjectPattern) and isinstance(one.value, t.Name):
                names += names_in([one.pattern]) if one.value.id in names else []
        known = machine.kept.fixed[id(running)] = running, frozenset(names) - others
    return known[1]
