"""What statements do: names, branches, loops, and what a function gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.declared import declarations, declared_names
from stockade.code.javascript.iterating import elements, one_of
from stockade.code.javascript.loops import Loops
from stockade.code.javascript.switches import decided, taken
from stockade.code.javascript.unsaid import disposed
from stockade.code.javascript.values import (
    Atom,
    Binding,
    ClassValue,
    Closure,
    Frame,
    Listing,
    Literal,
    Opaque,
    Scope,
    Thing,
    TypeValue,
    Values,
    Words,
    is_nothing,
    join,
)
from stockade.source import Span


class Execution(Loops):
    """``Loops`` with the other statements."""

    def execute(self, node: t.Node, frame: Frame) -> bool:
        self.spend()
        made = _EXECUTE.get(type(node))
        return made(self, node, frame) if made else False

    def run_block(self, body: tuple[t.Node, ...], frame: Frame) -> bool:
        known = self.hoisted.get(id(body))
        if known is None:
            known = self.hoisted[id(body)] = body, declarations(body)
        if known[1]:
            self.hoist(known[1], frame)
        for one in body:  # noqa: SIM110 - ``any`` of a generator costs a frame more at every block
            if self.execute(one, frame):
                return True
        return False

    def hoist(self, body: tuple[t.Node, ...], frame: Frame) -> None:  # what ``declarations`` finds
        """Function declarations are there from the start; other names are told apart from outer ones."""
        for declared in body:
            if isinstance(declared, t.Declare):
                for each in declared.declarators:
                    if declared.kind == "function" and isinstance(each.value, t.Function):
                        self.bind(each.pattern, (self.closure(each.value, frame),), frame, frame.scope)
                    elif isinstance(each.pattern, t.Name):
                        frame.scope.table.setdefault(each.pattern.id, (Literal(t.UNDEFINED, each.at),))
            elif isinstance(declared, t.Interface):
                frame.scope.table.setdefault(declared.name, (TypeValue(declared, frame.scope, frame.module),))

    # -------------------------------------------------------------------------------------- names

    def bind(self, pattern: t.Node, value: Values, frame: Frame, declare: Scope | None) -> None:
        match pattern:
            case t.Name(id=name):
                if declare is not None:
                    self.declare(declare, name, value)
                else:
                    self.set(frame.scope.find(name) or _outermost(frame.scope), name, value)
            case t.Member(object=whose, name=name):
                self.put(self.evaluate(whose, frame), name, value, pattern.at)
            case t.Index(object=whose, key=key):
                owner, called = self.evaluate(whose, frame), self.evaluate(key, frame)
                names = self.names(called)
                for atom in owner if names is None else ():
                    if isinstance(atom, Thing) and called not in atom.keys:
                        atom.keys.append(called)
                for name in names if names is not None else ("*",):
                    self.put(owner, name, value, pattern.at)
            case t.DefaultPattern(pattern=inner, default=default):
                self.bind(inner, self.defaulted(value, default, frame), frame, declare)
            case t.ObjectPattern(entries=entries, rest=rest):
                taken: list[str] = []
                for key, inner in entries:
                    names = self.key_names(key, frame)
                    if names is None:
                        self.bind(inner, self.any_of(value, key.at), frame, declare)
                        continue
                    taken += names
                    self.bind(inner, join(*(self.get(value, one, inner.at) for one in names)), frame, declare)
                if rest is not None:
                    self.bind(rest, self._without(value, taken), frame, declare)
            case t.ArrayPattern(items=items):
                if Thing in map(type, value):
                    value = join(*(self._in_order(atom, pattern.at) for atom in value))
                for index, item in enumerate(items):
                    if isinstance(item, t.Spread):
                        self.bind(item.value, self._after(value, index, item), frame, declare)
                    elif item is not None:
                        self.bind(item, self.get(value, str(index), item.at), frame, declare)
            case t.Spread(value=inner):
                self.bind(inner, value, frame, declare)
            case t.Cast(value=inner):
                self.bind(inner, value, frame, declare)

    def _in_order(self, atom: Atom, at: Span) -> Values:
        """Something as the list of what going through it meets."""
        return (Listing(at, (), elements(self, atom, at), open=True),) if isinstance(atom, Thing) else (atom,)

    def defaulted(self, value: Values, default: t.Node, frame: Frame) -> Values:
        """A value, or its default where it may be missing."""
        if len(value) == 1 and isinstance(value[0], Words) and value[0].text.ref is not None:
            return self.with_default(value, self.evaluate(default, frame), default.at)
        if value and not any(isinstance(atom, Opaque) or is_nothing(atom) for atom in value):
            return value
        kept = tuple(atom for atom in value if not is_nothing(atom))
        return join(kept, self.evaluate(default, frame))

    def _without(self, value: Values, taken: list[str]) -> Values:
        out: list[Values] = []
        for atom in value:
            if isinstance(atom, Thing):
                rest = Thing(atom.at, of=atom.of, kind=atom.kind, open=atom.open)
                rest.table.update({name: one for name, one in atom.table.items() if name not in taken})
                rest.base = atom.base
                out.append((rest,))
            else:
                out.append((atom,))
        return join(*out)

    def _after(self, value: Values, index: int, node: t.Node) -> Values:
        out: list[Values] = []
        for atom in value:
            if isinstance(atom, Listing):
                out.append((Listing(node.at, atom.items[index:], atom.rest, atom.open),))
            else:
                out.append((Listing(node.at, (), (), open=True),))
        return join(*out)

    def _declare(self, node: t.Declare, frame: Frame) -> bool:
        if node.kind == "function":
            return False
        scope = frame.scope
        if node.kind == "var":
            while scope.parent is not None and scope.parent.local and not scope.table.get("(function)"):
                scope = scope.parent
        for one in node.declarators:
            if one.value is None:
                # ``let client: S3Client;`` says what it will be; ``var x;`` changes nothing.
                if isinstance(one.pattern, t.Name):
                    scope.table.setdefault(one.pattern.id, (Literal(t.UNDEFINED, one.at),))
                continue
            value = self.evaluate(one.value, frame)
            if one.type:
                value = self.typed(value, one.type, frame)
            if isinstance(one.value, t.Function | t.Class) and isinstance(one.pattern, t.Name):
                for atom in value:
                    if isinstance(atom, Closure) and not atom.node.name:
                        atom.node.name = one.pattern.id
            self.bind(one.pattern, value, frame, scope)
            if isinstance(one.value, t.Constant) and isinstance(one.pattern, t.Name):
                if node.kind == "const" and not scope.local:
                    self.kept.constants.add((id(scope), one.pattern.id))
        return False

    def _expression(self, node: t.Expression, frame: Frame) -> bool:
        value = self.evaluate(node.value, frame)
        if self.loading:
            self.dropped(value, node)
        return isinstance(node.value, t.Call) and _exits(node.value)

    def dropped(self, value: Values, node: t.Node) -> None:
        """What nobody keeps, made while files are loaded, has done its work: its functions are called."""
        if isinstance(node, t.Expression) and isinstance(node.value, t.Call):
            for atom in value:
                if isinstance(atom, Opaque) and not atom.kind:
                    for function in atom.wraps:
                        self.run_callback(function, [], node.at)

    def _block(self, node: t.Block, frame: Frame) -> bool:
        outer = frame.scope
        frame.scope = Scope(outer, self.now, outer.local)
        try:
            return self.run_block(node.body, frame)
        finally:
            frame.scope = outer

    # ------------------------------------------------------------------------------------- branches

    def _if(self, node: t.If, frame: Frame) -> bool:
        self.evaluate(node.test, frame)
        no = node.no
        known = decided(self, node.test, frame)
        if known is not None:  # the other branch is not there for this call
            return self.execute(node.yes, frame) if known else no is not None and self.execute(no, frame)
        left = [False]
        script = _is_script(node.test)

        def yes() -> bool:
            reached = self.reached
            self.reached = reached and not script
            try:
                left[0] = self.execute(node.yes, frame)
            finally:
                self.reached = reached
            return left[0]

        ended = self.branches(yes, (lambda: self.execute(no, frame)) if no is not None else (lambda: False))
        if left[0] and not ended and self.remembers(node.test, frame):
            self.every = False  # what follows is behind a cache: `if (cached) return cached`
        if left[0] and not ended and no is None and (one := one_of(self, node.test, frame)) is not None:
            self.set(one[0], one[1], one[2])
        return ended

    def remembers(self, test: t.Node, frame: Frame) -> bool:
        """Whether a test looks at what outlives the invocation: a file's variable, an object's member.

        A file's constant that is no object does not change, so it remembers nothing.
        """
        match test:
            case t.Name(id=name):
                scope = frame.scope.find(name)
                if scope is None or scope.local:
                    return False
                return any(is_nothing(atom) or isinstance(atom, Thing | Opaque) for atom in scope.table[name])
            case t.Member(object=t.This()):
                return True
            case t.Member(object=inner) | t.Index(object=inner):
                return self.remembers(inner, frame)
            case t.Call(callee=t.Member(object=inner)) if not isinstance(inner, t.Call):
                return self.remembers(inner, frame)
            case t.Unary(value=inner) | t.Await(value=inner) | t.Cast(value=inner):
                return self.remembers(inner, frame)
            case t.Logical(left=one, right=other) | t.Binary(left=one, right=other):
                return self.remembers(one, frame) or self.remembers(other, frame)
            case t.Assign(value=inner):
                return self.remembers(inner, frame)
            case _:
                return False

    def _return(self, node: t.Return, frame: Frame) -> bool:
        value = self.evaluate(node.value, frame) if node.value is not None else self.undefined(node.at)
        frame.returned = join(frame.returned, value)
        return True

    def _throw(self, node: t.Throw, frame: Frame) -> bool:
        if node.value is not None:
            self.threw(self.evaluate(node.value, frame))
        return True

    def _jump(self, node: t.Jump, frame: Frame) -> bool:
        self.jumps += 1
        return True

    def _try(self, node: t.Try, frame: Frame) -> bool:
        # What is tried runs as far as it gets: it is not a branch, the handler is one.
        ended = self.execute(node.body, frame)
        caught = ended
        handler = node.handler
        if handler is not None:

            def run() -> bool:
                outer = frame.scope
                frame.scope = Scope(outer, self.now, outer.local)
                try:
                    if node.parameter is not None:
                        error = join(self.unknown("it is an error", node.at), self.thrown)
                        self.bind(node.parameter, error, frame, frame.scope)
                    return self.execute(handler, frame)
                finally:
                    frame.scope = outer

            inner = [False]

            def catch() -> bool:
                inner[0] = run()
                return inner[0]

            self.branches(catch, lambda: False)
            caught = ended and inner[0]
        if node.final is not None and self.execute(node.final, frame):
            return True
        return caught

    def _dispose(self, node: t.Dispose, frame: Frame) -> bool:
        disposed(self, self.evaluate(node.value, frame), node.at)
        return False

    def _switch(self, node: t.Switch, frame: Frame) -> bool:
        given = self.evaluate(node.value, frame)
        ways: list[Callable[[], bool]] = []
        cases, none = taken(self, node, given, frame)
        for value, block in cases:

            def run(value: t.Node | None = value, block: t.Block = block) -> bool:
                if value is not None:
                    self.evaluate(value, frame)
                ended = self.execute(block, frame)
                return ended and not (block.body and _breaks(block))

            ways.append(run)
        if none:
            ways.append(lambda: False)
        self.left_by_jumps.append([])
        try:
            return self.branches(*ways) if ways else False
        finally:
            self.rejoin(self.left_by_jumps.pop())

    # -------------------------------------------------------------------------------------- modules

    def _import(self, node: t.Import, frame: Frame) -> bool:
        specifier = node.module.removeprefix("type:")
        if specifier == node.module and not node.names:
            self.load(specifier, frame.module, node.at)
        module = frame.module
        if specifier == node.module and node.names:
            self.load(specifier, module, node.at)
        for name, local in node.names:

            def resolve(name: str = name) -> Values:
                if specifier != node.module:
                    return self.imported_type(specifier, name, module, node.at)
                return self.imported(specifier, name, module, node.at)

            frame.scope.table[local] = (Binding(resolve),)
        return False

    def _export(self, node: t.Export, frame: Frame) -> bool:
        exports = frame.module.exports
        module = frame.module
        if node.module:
            self.load(node.module, module, node.at)
            for name, exported in node.names:
                if exported == "*":

                    def star(wanted: str) -> Values | None:
                        if wanted == "default":
                            return None
                        if wanted == "*":
                            return self.imported(node.module, "*", module, node.at)
                        return self.imported(node.module, f"?{wanted}", module, node.at) or None

                    exports.stars.append(star)
                else:

                    def resolve(name: str = name) -> Values:
                        return self.imported(node.module, name, module, node.at)

                    exports.table[exported] = (Binding(resolve),)
            return False
        if node.declaration is not None:
            self.execute(node.declaration, frame)
            for name in declared_names(node.declaration):
                exports.table[name] = (self._here(frame.scope, name),)
            return False
        if node.default is not None:
            value = self.evaluate(node.default, frame)
            if node.names == (("=", "="),):
                self.put((module.itself,), "exports", value, node.at)
            else:
                exports.table["default"] = value
            return False
        for name, exported in node.names:
            exports.table[exported] = (self._here(frame.scope, name),)
        return False

    def _here(self, scope: Scope, name: str) -> Binding:
        def resolve() -> Values:
            found = scope.find(name)
            return self.resolved(found.table[name]) if found is not None else ()

        return Binding(resolve)

    def _namespace(self, node: t.Namespace, frame: Frame) -> bool:
        made = Thing(node.at)
        outer = frame.scope
        frame.scope = Scope(outer, self.now, outer.local)
        try:
            body = tuple(
                one.declaration if isinstance(one, t.Export) and one.declaration else one
                for one in node.body.body
            )
            self.run_block(body, frame)
            for one in body:
                for name in declared_names(one):
                    made.table[name] = (self._here(frame.scope, name),)
        finally:
            frame.scope = outer
        before = self.resolved(outer.table.get(node.name, ()))
        merged = [one for one in before if isinstance(one, Closure | ClassValue | Thing)]
        if merged:  # beside a function, a class or another namespace of its name it gives that one members
            for owner in merged:
                owner.table.update(made.table)
            return False
        self.bind(t.Name(node.at, node.name), (made,), frame, frame.scope)
        return False

    def _interface(self, node: t.Interface, frame: Frame) -> bool:
        return False


def _is_script(test: t.Node) -> bool:
    """Whether a test is true only where the file is run by hand: ``require.main === module``."""
    match test:
        case t.Binary(left=t.Member(object=t.Name(id="require"), name="main")):
            return True
        case t.Binary(right=t.Member(object=t.Name(id="require"), name="main")):
            return True
        case _:
            return False


def _breaks(block: t.Block) -> bool:
    """Whether a case ends with ``break``, also inside of a block of its own."""
    last = block.body[-1]
    while isinstance(last, t.Block) and last.body:
        last = last.body[-1]
    return isinstance(last, t.Jump)


def _exits(node: t.Node) -> bool:
    match node:
        case t.Call(callee=t.Member(object=t.Name(id="process"), name="exit")):
            return True
        case _:
            return False


def _outermost(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


_EXECUTE: Final[dict[type, Callable[[Any, Any, Frame], bool]]] = {
    t.Declare: Execution._declare,
    t.Expression: Execution._expression,
    t.Block: Execution._block,
    t.If: Execution._if,
    t.Loop: Execution.loop,
    t.Return: Execution._return,
    t.Throw: Execution._throw,
    t.Jump: Execution._jump,
    t.Try: Execution._try,
    t.Switch: Execution._switch,
    t.Dispose: Execution._dispose,
    t.Import: Execution._import,
    t.Export: Execution._export,
    t.Namespace: Execution._namespace,
    t.Interface: Execution._interface,
}
