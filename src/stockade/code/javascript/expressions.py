"""What expressions may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from stockade.code.facts import ENVIRONMENT
from stockade.code.javascript import tree as t
from stockade.code.javascript import undefined
from stockade.code.javascript.iterating import elements
from stockade.code.javascript.known import GLOBALS, HELPERS
from stockade.code.javascript.machine import NESTED, Machine
from stockade.code.javascript.switches import decided
from stockade.code.javascript.texts import joined, plain, truth
from stockade.code.javascript.unsaid import NUMBER, TEXT, awaited, compared, converted, set_base
from stockade.code.javascript.values import (
    GLOBAL,
    Binding,
    ClassValue,
    Closure,
    External,
    Frame,
    Listing,
    Literal,
    Opaque,
    Operation,
    Scope,
    Thing,
    Values,
    Words,
    is_nothing,
    join,
    something,
)
from stockade.errors import BudgetExceeded
from stockade.source import Span
from stockade.value import Ref, Text


class Expressions(Machine):
    """``Machine`` with ``evaluate``."""

    def evaluate(self, node: t.Node, frame: Frame) -> Values:
        self.left -= 1  # a step, as ``spend`` counts it; everything passes here
        if self.left < 0:
            self.spend()
        self.depth += 1
        if self.depth > NESTED:
            self.depth -= 1
            raise BudgetExceeded("its source is nested too deeply")
        try:
            made = _EVALUATE.get(type(node))
            return made(self, node, frame) if made else self.unknown("it is not an expression", node.at)
        finally:
            self.depth -= 1

    # ------------------------------------------------------------------------------------- simple

    def _constant(self, node: t.Constant, frame: Frame) -> Values:
        made = self.constants.get(id(node))
        if made is None:
            made = self.constants[id(node)] = (Literal(node.value, node.at),)
        return made

    def _template(self, node: t.Template, frame: Frame) -> Values:
        parts: list[tuple[Values, Span]] = []
        for one in node.parts:
            if isinstance(one, str):
                parts.append(((Literal(one, node.at),), node.at))
            else:
                parts.append((converted(self, self.evaluate(one, frame), TEXT, one.at), one.at))
        return joined(parts, node.at)

    def _name(self, node: t.Name, frame: Frame) -> Values:
        scope = frame.scope.find(node.id)
        if scope is not None:
            return self.resolved(scope.table[node.id])
        self.absent.add(node.id)
        if node.id in GLOBALS or node.id in HELPERS:
            return (External(GLOBAL, (node.id,)),)
        if node.id in self.globals.table:
            return self.resolved(self.globals.table[node.id])
        return self.unknown(f"`{node.id}` is not defined in what was read", node.at)

    def resolved(self, values: Values) -> Values:
        """The same, with bindings looked up."""
        if Binding not in map(type, values):
            return values
        return join(*(atom.resolve() if isinstance(atom, Binding) else (atom,) for atom in values))

    def _this(self, node: t.This, frame: Frame) -> Values:
        return frame.this

    def _super(self, node: t.Super, frame: Frame) -> Values:
        return frame.this

    def _member(self, node: t.Member, frame: Frame) -> Values:
        if isinstance(node.object, t.Super):
            return self.inherited(frame, node.name)
        return self.get(self.evaluate(node.object, frame), node.name, node.at)

    def inherited(self, frame: Frame, name: str) -> Values:
        """``super.name``"""
        raise NotImplementedError

    def _index(self, node: t.Index, frame: Frame) -> Values:
        whose = self.evaluate(node.object, frame)
        names = self.names(self.evaluate(node.key, frame))
        if names is None:
            return self.any_of(whose, node.at)
        return join(*(self.get(whose, name, node.at) for name in names))

    def names(self, key: Values) -> list[str] | None:
        """What a computed key may be; ``None`` where that is not known."""
        out: list[str] = []
        for atom in key:
            if isinstance(atom, External) and atom.module == GLOBAL and atom.path[:1] == ("Symbol",):
                out.append("@@" + ".".join(atom.path[1:]))
                continue
            if isinstance(atom, Closure | Operation) and len(key) > 1:
                continue  # what is a function in other cases is no key in them
            if not isinstance(atom, Literal):
                return None
            out.append(plain(atom.value))
        return out

    def key_names(self, key: t.Node, frame: Frame) -> list[str] | None:
        """What a member's name may be, where objects are written or taken apart."""
        if isinstance(key, t.Constant):
            return [plain(key.value)]
        return self.names(self.evaluate(key, frame))

    # --------------------------------------------------------------------------- objects and lists

    def _object(self, node: t.Object, frame: Frame) -> Values:
        made = Thing(node.at)
        made.born = self.now
        for entry in node.entries:
            if entry.kind == "spread":
                self.spread(made, self.evaluate(entry.value, frame))
                continue
            names = self.key_names(entry.key, frame) if entry.key is not None else None
            if entry.kind == "get" and names and isinstance(entry.value, t.Function):
                made.getters[names[0]] = self.closure(entry.value, frame)
                continue
            if entry.kind == "set":
                if names and isinstance(entry.value, t.Function):
                    made.setters = {**made.setters, names[0]: self.closure(entry.value, frame)}
                continue
            value = self.evaluate(entry.value, frame)
            if names == ["__proto__"] and isinstance(entry.key, t.Constant):
                set_base(self, (made,), value)
                continue
            if entry.key is not None and not isinstance(entry.key, t.Constant):
                made.keys.append(self.evaluate(entry.key, frame))
            for name in names if names is not None else ("*",):
                made.table[name] = join(made.table.get(name, ()), value) if names is None else value
        return (made,)

    def spread(self, into: Thing, values: Values) -> None:
        """``{...values}``: members are taken over; of what is not known there may be any."""
        sure = len(something(values)) == 1 and not any(map(is_nothing, values))
        for atom in values:
            if isinstance(atom, Thing):
                for name, value in [*atom.table.items()]:
                    value = self.resolved(value)
                    before = into.table.get(name, () if name == "*" else self.undefined(atom.at))
                    into.table[name] = value if sure and name != "*" else join(before, value)
                for name in atom.getters:
                    into.table[name] = self.get((atom,), name, atom.at)
                into.open = into.open or atom.open
                into.base = join(into.base, atom.base)
            elif isinstance(atom, Opaque | Words | External):
                into.open = True

    def _array(self, node: t.Array, frame: Frame) -> Values:
        items: list[Values] = []
        rest: list[Values] = []
        open = False
        for one in node.items:
            if not isinstance(one, t.Spread):
                (rest if open else items).append(self.evaluate(one, frame))
                continue
            for atom in self.evaluate(one.value, frame):
                if isinstance(atom, Listing) and not open:
                    items += atom.items
                    if atom.open:
                        open = True
                        rest.append(atom.rest)
                elif not is_nothing(atom):
                    open = True
                    rest.append(elements(self, atom, one.at) if isinstance(atom, Listing | Thing) else ())
        made = Listing(node.at, items, join(*rest), open)
        made.born = self.now
        return (made,)

    def arguments(self, nodes: tuple[t.Node, ...], frame: Frame) -> list[Values]:
        """The values of a call's arguments; what a spread of unknown length gives stands once."""
        out: list[Values] = []
        for one in nodes:
            if not isinstance(one, t.Spread):
                out.append(self.evaluate(one, frame))
                continue
            for atom in self.evaluate(one.value, frame):
                if isinstance(atom, Listing):
                    out += atom.items
                    if atom.open:
                        out.append(atom.any())
                elif not is_nothing(atom):
                    out.append(self.unknown("it is one of several arguments", one.at))
        return out

    # ----------------------------------------------------------------------------------- functions

    def closure(self, node: t.Function, frame: Frame, home: ClassValue | None = None) -> Closure:
        """The function, with the names it sees here."""
        made = Closure(node, frame.scope, frame.module, frame.this if node.arrow else None, home or frame.home)
        self.closures.append(made)
        scope: Scope | None = frame.scope
        while scope is not None and not scope.seen:
            scope.seen = True
            scope = scope.parent
        return made

    def _function(self, node: t.Function, frame: Frame) -> Values:
        return (self.closure(node, frame),)

    def _class(self, node: t.Class, frame: Frame) -> Values:
        return self.class_of(node, frame)

    def _call(self, node: t.Call, frame: Frame) -> Values:
        callee = node.callee
        if node.new:
            target = self.evaluate(callee, frame)
            if isinstance(callee, t.Name):
                undefined.made(self, callee.id, target, node.at)
            return self.construct(target, self.arguments(node.arguments, frame), node.at)
        if isinstance(callee, t.Super):
            return self.construct_base(frame, self.arguments(node.arguments, frame), node.at)
        if isinstance(callee, t.Member):
            if isinstance(callee.object, t.Super):
                method = self.inherited(frame, callee.name)
                return self.call(method, frame.this, self.arguments(node.arguments, frame), node.at)
            whose = self.evaluate(callee.object, frame)
            return self.invoke(whose, callee.name, self.arguments(node.arguments, frame), node.at)
        if isinstance(callee, t.Index):
            whose = self.evaluate(callee.object, frame)
            names = self.names(self.evaluate(callee.key, frame))
            arguments = self.arguments(node.arguments, frame)
            if names is None:
                return self.call(self.any_of(whose, callee.at), whose, arguments, node.at)
            return join(*(self.invoke(whose, name, arguments, node.at) for name in names))
        if isinstance(callee, t.Name) and callee.id in HELPERS:
            arguments = self.arguments(node.arguments, frame)
            return self.call((External(GLOBAL, (callee.id,)),), frame.this, arguments, node.at)
        target = self.evaluate(callee, frame)
        return self.call(target, (), self.arguments(node.arguments, frame), node.at)

    def construct_base(self, frame: Frame, arguments: list[Values], at: Span) -> Values:
        """``super(…)``"""
        raise NotImplementedError

    def _dynamic(self, node: t.Dynamic, frame: Frame) -> Values:
        out: list[Values] = []
        for atom in self.evaluate(node.module, frame):
            if isinstance(atom, Literal) and isinstance(atom.value, str):
                out.append(self.imported(atom.value, "*", frame.module, node.at))
            else:
                out.append(self.load_computed(atom, frame.module, node.at))
        return join(*out)

    def load_computed(self, specifier: Any, module: Any, at: Span) -> Values:
        """What an import of a computed path gives."""
        raise NotImplementedError

    # ----------------------------------------------------------------------------------- operators

    def _assign(self, node: t.Assign, frame: Frame) -> Values:
        if node.operator in ("??", "||", "&&"):
            before = self.evaluate(node.target, frame)
            after: list[Values] = [before]

            def assign() -> bool:
                value = self.evaluate(node.value, frame)
                self.bind(node.target, value, frame, None)
                after.append(value)
                return False

            self.branches(assign, lambda: False)
            return join(*after[1:], tuple(atom for atom in before if not is_nothing(atom)))
        value = self.evaluate(node.value, frame)
        if node.operator == "+":
            before = self.evaluate(node.target, frame)
            value = self.added(before, node.target.at, value, node.value.at, node.at)
        elif node.operator != "=":
            value = self.unknown("it is computed", node.at)
        self.bind(node.target, value, frame, None)
        return value

    def _binary(self, node: t.Binary, frame: Frame) -> Values:
        left = self.evaluate(node.left, frame)
        right = self.evaluate(node.right, frame)
        if node.operator == "+":
            return self.added(left, node.left.at, right, node.right.at, node.at)
        if node.operator == "instanceof":
            compared(self, left, right, node.at)
        if node.operator not in _BY_IDENTITY:
            converted(self, left, NUMBER, node.left.at)
            converted(self, right, NUMBER, node.right.at)
        return self.unknown("it is computed", node.at)

    def added(self, left: Values, left_at: Span, right: Values, right_at: Span, at: Span) -> Values:
        """``left + right``"""
        left, right = converted(self, left, NUMBER, left_at), converted(self, right, NUMBER, right_at)
        match left, right:
            case (Literal(int() | float() as one),), (Literal(int() | float() as other),):
                return (Literal(one + other, at),)
        if any(isinstance(atom, Words) or _is_text(atom) for atom in (*left, *right)):
            return joined([(left, left_at), (right, right_at)], at)
        return self.unknown("it is computed", at)

    def _logical(self, node: t.Logical, frame: Frame) -> Values:
        left = self.evaluate(node.left, frame)
        known = decided(self, node.left, frame) if node.operator != "??" else None
        if known is not None:
            return self.evaluate(node.right, frame) if known == (node.operator == "&&") else left
        out: list[Values] = []

        def other() -> bool:
            out.append(self.evaluate(node.right, frame))
            return False

        if node.operator == "&&":
            kept = tuple(atom for atom in left if truth(atom) is False)
            if len(kept) == len(left) and left:
                return left
            self.branches(other, lambda: False)
            if left and all(truth(atom) is True for atom in left):
                return join(*out)
            return join(*out, self.undefined(node.at))  # or nothing: which nothing does not matter
        if node.operator == "||":
            kept = tuple(atom for atom in left if truth(atom) is not False)
            certain = bool(left) and all(truth(atom) is True for atom in left)
        else:
            kept = tuple(atom for atom in left if not is_nothing(atom))
            certain = bool(left) and not any(isinstance(a, Opaque | Words) or is_nothing(a) for a in left)
        if certain:
            return left
        self.branches(other, lambda: False)
        return self.with_default(kept, join(*out), node.at)

    def with_default(self, kept: Values, default: Values, at: Span) -> Values:
        """``kept ?? default``; where ``kept`` is a variable of the environment it decides, and the default of
        the variable is told apart."""
        match kept:
            case (Words(Text((Ref(address=address, attribute=name),))),) if address == ENVIRONMENT:
                if all(isinstance(atom, Literal | Words) for atom in default):
                    self.recorder.default(name, default, at)
                    return kept
        return join(kept, default)

    def _conditional(self, node: t.Conditional, frame: Frame) -> Values:
        self.evaluate(node.test, frame)
        known = decided(self, node.test, frame)
        if known is not None:
            return self.evaluate(node.yes if known else node.no, frame)
        out: list[Values] = []

        def way(inner: t.Node) -> Callable[[], bool]:
            def run() -> bool:
                out.append(self.evaluate(inner, frame))
                return False

            return run

        self.branches(way(node.yes), way(node.no))
        return join(*out)

    def _unary(self, node: t.Unary, frame: Frame) -> Values:
        value = self.evaluate(node.value, frame)
        if node.operator in _OF_NUMBERS:
            value = converted(self, value, NUMBER, node.at)
        match node.operator, value:
            case "-", (Literal(int() | float() as number),):
                return (Literal(-number, node.at),)
            case "void", _:
                return self.undefined(node.at)
            case "!", _ if value and (known := truth(value[0])) is not None and len(value) == 1:
                return (Literal(not known, node.at),)
        return self.unknown("it is computed", node.at)

    def _await(self, node: t.Await, frame: Frame) -> Values:
        value = self.evaluate(node.value, frame)
        if node.each:  # `yield* others()`: what it gives is what the other generator returns
            frame.yielded = join(frame.yielded, *(elements(self, atom, node.at) for atom in value))
            return self.unknown("it is what a generator returns", node.at)
        if node.yields:
            frame.yielded = join(frame.yielded, value)
            return value
        return awaited(self, value, node.at)

    def _sequence(self, node: t.Sequence, frame: Frame) -> Values:
        value: Values = ()
        for one in node.items:
            value = self.evaluate(one, frame)
        return value

    def _cast(self, node: t.Cast, frame: Frame) -> Values:
        return self.typed(self.evaluate(node.value, frame), node.type, frame)

    def _other(self, node: t.Other, frame: Frame) -> Values:
        for one in node.parts:
            self.evaluate(one, frame)
        return self.unknown("it is computed", node.at)

    def _spread(self, node: t.Spread, frame: Frame) -> Values:
        return self.evaluate(node.value, frame)


_BY_IDENTITY: Final = frozenset(("===", "!==", "instanceof", "in"))
_OF_NUMBERS: Final = frozenset(("+", "-", "~"))


def _is_text(atom: object) -> bool:
    return isinstance(atom, Literal) and isinstance(atom.value, str)


_EVALUATE: Final[dict[type, Callable[[Any, Any, Frame], Values]]] = {
    t.Constant: Expressions._constant,
    t.Template: Expressions._template,
    t.Name: Expressions._name,
    t.This: Expressions._this,
    t.Super: Expressions._super,
    t.Member: Expressions._member,
    t.Index: Expressions._index,
    t.Object: Expressions._object,
    t.Array: Expressions._array,
    t.Function: Expressions._function,
    t.Class: Expressions._class,
    t.Call: Expressions._call,
    t.Dynamic: Expressions._dynamic,
    t.Assign: Expressions._assign,
    t.Binary: Expressions._binary,
    t.Logical: Expressions._logical,
    t.Conditional: Expressions._conditional,
    t.Unary: Expressions._unary,
    t.Await: Expressions._await,
    t.Sequence: Expressions._sequence,
    t.Cast: Expressions._cast,
    t.Other: Expressions._other,
    t.Spread: Expressions._spread,
}
