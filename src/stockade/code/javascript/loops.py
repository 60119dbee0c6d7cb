"""What loops do: a round for each element that is known, and rounds while what the next one meets changes."""

from __future__ import annotations

from typing import Any, Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.expressions import Expressions
from stockade.code.javascript.iterating import elements, names_of
from stockade.code.javascript.values import (
    Bound,
    ClassValue,
    Closure,
    Command,
    Frame,
    Listing,
    Literal,
    Opaque,
    Scope,
    Thing,
    Values,
    is_nothing,
    join,
)

_ROUNDS: Final = 10
"""How many rounds of a loop are looked at where each leaves something else for the next one."""

_EACH: Final = 8
"""How many elements of a list are looked at one by one."""

_WITHIN: Final = 16
"""How many rounds that comes to with the loops around; of more, all elements are looked at together."""


class Loops(Expressions):
    """``Expressions`` with loops."""

    def loop(self, node: t.Loop, frame: Frame) -> bool:
        outer = frame.scope
        frame.scope = Scope(outer, self.now, outer.local)
        self.left_by_jumps.append([])
        try:
            if node.first is not None:
                self.execute(node.first, frame)
            several: list[Values] = []
            if node.each is not None:
                several = self._each(self.evaluate(node.each[1], frame), node)
                if len(several) * self.unrolled > _WITHIN:
                    several = [join(*several)]
            elif node.test is not None and not node.certain:
                self.evaluate(node.test, frame)

            def run() -> bool:
                inside, unrolled = frame.scope, self.unrolled
                self.unrolled *= max(len(several), 1)
                for one in several:
                    if len(several) > 1:  # functions that one round makes see that round's names
                        frame.scope = Scope(inside, self.now, inside.local)
                    self._round(node, one, frame)
                frame.scope, self.unrolled = inside, unrolled
                if node.each is None:
                    self._rounds(node, frame)
                return False

            self.branches(run, *(() if node.certain else (lambda: False,)))
        finally:
            self.left_by_jumps.pop()
            frame.scope = outer
        return False

    def _round(self, node: t.Loop, values: Values, frame: Frame) -> None:
        """The body once, and once more where what is made at the end of one round is sent in the next."""
        made = len(self.commands)
        self._body(node, values, frame)
        if any(one.at not in self.sent and not one.used for one, _ in self.commands[made:]):
            self._body(node, values, frame)

    def _rounds(self, node: t.Loop, frame: Frame) -> None:
        """Rounds while one leaves something for the next that none before it had: the state of a machine,
        the next of several steps."""
        known = self.carrying.get(id(node))
        if known is None:
            known = self.carrying[id(node)] = node, carries(node)
        carried = known[1]
        met: set[Any] = set()

        def again() -> bool:
            if met and node.test is not None and not node.certain:
                self.evaluate(node.test, frame)
            before = self._carried(carried, frame)
            met.add(before)
            self._round(node, (), frame)
            after = self._carried(carried, frame)
            left = any(one != other and any(one) for one, other in zip(after, before, strict=True))
            if left and after not in met and len(met) < _ROUNDS:
                self.branches(again, lambda: False)
            return False

        again()

    def _carried(self, names: tuple[str, ...], frame: Frame) -> Any:
        """What tells the values of some names apart that can do something."""
        out: list[Any] = []
        for name in names:
            scope = frame.scope.find(name)
            values = self.resolved(scope.table[name]) if scope is not None else ()
            able = tuple(one for one in values if _is_able(one, 2))
            shape = self.shapes.of(able, 3)
            of = {id(one.of) for one in values if isinstance(one, Thing) and one.of is not None}
            out.append((shape if shape is not None else tuple(map(id, able)), frozenset(of)))
        return tuple(out)

    def _body(self, node: t.Loop, values: Values, frame: Frame) -> None:
        # A loop over an invocation's records is taken each time; that there may be none is not counted.
        every = self.every
        if node.each is not None:
            pattern = node.each[0]
            declared = frame.scope if isinstance(pattern, t.Name) or _fresh(pattern) else None
            self.bind(pattern, values, frame, declared)
        self.execute(node.body, frame)
        self.rejoin(self.left_by_jumps[-1])
        self.left_by_jumps[-1] = []
        if node.step is not None:
            self.evaluate(node.step, frame)
        if node.test is not None and node.each is None and (node.certain or node.step is not None):
            self.evaluate(node.test, frame)
        self.every = every

    def _each(self, over: Values, node: t.Loop) -> list[Values]:
        """What a loop's variable may be: one after the other where all elements are known."""
        if len(over) == 1 and not node.keys:
            only = over[0]
            if isinstance(only, Thing) and only.kind in ("map", "set"):
                found = elements(self, only, node.at)
                if found and all(isinstance(one, Listing | Closure) for one in found) and len(found) <= _EACH:
                    return [(one,) for one in found]
                return [found]
        lists = [atom for atom in over if isinstance(atom, Listing) and not atom.open]
        if lists and not node.keys and len(lists) == sum(not is_nothing(atom) for atom in over):
            several = list(dict.fromkeys(one for each in lists for one in each.items))
            if 1 < len(several) <= _EACH:
                return several
        return [self.elements(over, node)]

    def elements(self, over: Values, node: t.Loop) -> Values:
        """What a loop's variable may be."""
        out: list[Values] = []
        for atom in over:
            match atom:
                case Thing() if node.keys:
                    out += [(Literal(name, atom.at),) for name in names_of(atom) if name != "*"]
                    if atom.open or "*" in atom.table:
                        out.append(self.unknown("it is a member's name", node.at))
                case Listing() | Thing():
                    out.append(elements(self, atom, node.at))
                case Opaque(kind=kind, reason=reason):
                    out.append(self.unknown(reason, node.at, kind))
                case Literal() if is_nothing(atom):
                    pass
                case _:
                    out.append(self.unknown("it is one of several", node.at))
        return join(*out)


def _is_able(atom: Any, depth: int) -> bool:
    """Whether what the next round does may hang on it: functions, requests, texts, and what holds such."""
    match atom:
        case Closure() | Bound() | ClassValue() | Command() | Literal(value=str()):
            return True
        case Listing() if depth:
            return any(_is_able(one, depth - 1) for values in (*atom.items, atom.rest) for one in values)
        case Thing() if depth:
            held = [*atom.table.values()] if atom.of is None else []
            return any(
                _is_able(one, depth - 1) for values in held if isinstance(values, tuple) for one in values
            )
        case _:
            return False


def carries(node: t.Loop) -> tuple[str, ...]:
    """The names whose values one round of a loop may leave for the next: assigned in it, or asked for in its
    test."""
    found: dict[str, None] = {}

    def walk(one: Any, read: bool) -> None:
        match one:
            case tuple():
                for inner in one:
                    walk(inner, read)
            case t.Name(id=name):
                if read:
                    found[name] = None
            case t.Function():
                walk(one.body, False)
            case t.Assign(target=target):
                walk(target, True)
                walk(one.value, read)
            case t.Member(object=inner):
                walk(inner, read)
            case t.Node():
                kind: Any = type(one)
                for name in t.parts(kind):
                    walk(getattr(one, name), read)
            case _:
                pass

    walk(node.test, True)
    walk((node.body, node.step), False)
    return tuple(found)


def _fresh(pattern: t.Node) -> bool:
    return isinstance(pattern, t.ObjectPattern | t.ArrayPattern)
