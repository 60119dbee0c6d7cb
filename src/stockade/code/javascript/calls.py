"""Functions and classes when they are called: by the source itself, and by code that is not followed."""

from __future__ import annotations

from stockade.code.javascript import containers, dynamo_types, proxies, servers
from stockade.code.javascript import tree as t
from stockade.code.javascript.inherited import find_getter, find_method, methods_of
from stockade.code.javascript.running import Running
from stockade.code.javascript.values import (
    Atom,
    Bound,
    ClassValue,
    Client,
    Closure,
    Command,
    External,
    Frame,
    Helper,
    Listing,
    Literal,
    Native,
    Opaque,
    Operation,
    Scope,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span


class Calls(Running):
    """``Running`` with what is called, and with classes."""

    def call(self, callee: Values, this: Values, arguments: list[Values], at: Span) -> Values:
        if len(callee) == 1:
            return self.call_one(callee[0], this, arguments, at)
        return join(*(self.call_one(atom, this, arguments, at) for atom in proxies.alone(self, callee)))

    def call_one(self, atom: Atom, this: Values, arguments: list[Values], at: Span) -> Values:
        """Call one possibility."""
        match atom:
            case Closure():
                return self.apply(atom, this, arguments, at)
            case Native():
                return atom.run(self, this, arguments, at)
            case Bound():
                return self.call_one(atom.target, atom.this, [*atom.arguments, *arguments], at)
            case Operation() | External() | Client() | Helper():
                return self.call_external(atom, arguments, at)
            case Opaque(wraps=wraps) if wraps:
                wraps = tuple(dict.fromkeys((*wraps, *self.attached.get(wraps, ()))))
                inner = join(*(self.call_one(one, (), arguments, at) for one in wraps))
                self.given_back(inner)
                self.put(
                    (Opaque("a request", at),), "response", inner, at
                )  # middlewares after it are given it so
                for made in (
                    inner
                ):  # a wrapper that makes a function calls it: `scope((metrics) => async (event) => …)`
                    if isinstance(made, Closure):
                        inner = join(inner, self.call_one(made, (), arguments, at))
                results, functions = self.handed("a wrapped function", arguments, at, clients=False)
                return join(inner, results, self.unknown("another function's result", at, "", functions))
            case Literal():
                return ()  # calling what is no function throws
            case Thing(kind=proxies.KIND):
                return proxies.called(self, atom, "apply", this, arguments, at)
            case _:
                self._passed_on(arguments)
                results, functions = self.handed("a function that is not known", arguments, at)
                return join(
                    self.unknown("it is the result of a function that is not known", at, "", functions), results
                )

    def call_external(
        self, atom: Operation | External | Client | Helper, arguments: list[Values], at: Span
    ) -> Values:
        """Call what the SDK, a library or the language provides."""
        raise NotImplementedError

    # --------------------------------------------------------------------- code that is not followed

    def run_callback(self, function: Atom, arguments: list[Values], at: Span) -> Values:
        if isinstance(function, Closure) and self.loading:
            # Whoever is handed a function while files are loaded (a router, say) calls it later.
            self.waiting.append((function, (), at))
            return ()
        return self.call_one(function, (), arguments, at)

    def handed(
        self, who: str, arguments: list[Values], at: Span, clients: bool = True, keeps: bool = False
    ) -> tuple[Values, tuple[Atom, ...]]:
        results: list[Values] = []
        functions: dict[Atom, None] = {}
        seen: set[int] = set()

        def walk(values: Values, depth: int) -> None:
            for atom in values:
                match atom:
                    case Closure():
                        functions[atom] = None
                    case Bound():
                        functions[atom] = None
                    case Opaque(wraps=wraps):
                        functions.update(dict.fromkeys(wraps))
                    case Client() if clients:
                        self.hand_over(who, atom, at)
                    case External() if clients:
                        self.hand_over_class(who, atom, at)
                    case Operation() if clients:
                        self.hand_over(who, atom.client, at)
                    case Helper() if clients:
                        self.hand_over_helper(who, atom, at)
                    case Command():
                        self.passed.append((atom, who, at, self.reached, self.every))
                    case Thing() if depth and id(atom) not in seen:
                        seen.add(id(atom))
                        if atom.of is not None:
                            self.escape(atom, at)
                        for value in [*atom.table.values()]:
                            walk(self.resolved(value), depth - 1)
                        walk(atom.base, depth - 1)
                    case Listing() if depth and id(atom) not in seen:
                        seen.add(id(atom))
                        for value in atom.items:
                            walk(value, depth - 1)
                        walk(atom.rest, depth - 1)
                    case ClassValue() if id(atom) not in seen:
                        seen.add(id(atom))
                        made = self.instance(atom, at)
                        results.append(made)
                        for one in made:
                            if isinstance(one, Thing):
                                self.escape(one, at)

        for values in arguments:
            walk(values, 3)
        given = [self.unknown("it is what another function hands over", at)] * 4
        for function in functions if not (keeps and self.loading) else ():
            results.append(self.called_back(function, given, at))
            self.given_back(results[-1])
            for made in results[-1]:  # who calls a function that makes one calls that as well
                if isinstance(made, Closure) and id(made.node) not in self.ran:
                    self.waiting.append((made, (), at))
        return join(*results), tuple(functions)

    def _passed_on(self, arguments: list[Values]) -> None:
        """What an unknown function gets, others may be handed: `next({ ctx: { db } })` of a middleware, say."""
        for values in arguments:
            self.given_back(values)
            for atom in values:
                if isinstance(atom, Thing) and atom.of is None:
                    for value in [*atom.table.values()]:
                        self.given_back(self.resolved(value))

    def escape(self, thing: Thing, at: Span) -> None:
        """An object of ours is with code that is not followed: it may call every method."""
        for method in methods_of(thing.of):
            if id(method.node) not in self.ran:
                self.waiting.append((method, (thing,), at))

    # ---------------------------------------------------------------- what is handed to others
    # `packages` says what becomes of it, which stands above this file: a test holds that all of these are said.

    def hand_over(self, who: str, client: Client, at: Span) -> None:
        """A client is with code that is not followed."""
        raise NotImplementedError

    def hand_over_helper(self, who: str, helper: Helper, at: Span) -> None:
        """An object of a library is with code that is not followed: it may be a container."""
        raise NotImplementedError

    def hand_over_class(self, who: str, external: External, at: Span) -> None:
        """Something that was imported is with code that is not followed: it may be a client's class."""
        raise NotImplementedError

    # -------------------------------------------------------------------------------------- classes

    def class_of(self, node: t.Class, frame: Frame) -> Values:
        base = self.evaluate(node.base, frame) if node.base is not None else ()
        outer, this = frame.scope, frame.this
        frame.scope = Scope(outer, self.now, outer.local)
        made = ClassValue(node, frame.scope, frame.module, base)
        if node.name:
            frame.scope.table[node.name] = (made,)
        self.classes.append(made)
        frame.this = (made,)
        home, frame.home = frame.home, made
        try:
            later = [one for one in node.members if one.kind in ("field", "block")]
            for member in (*(one for one in node.members if one.kind not in ("field", "block")), *later):
                self._class_member(
                    member, made, frame
                )  # all methods are there before the first static field is
        finally:
            frame.scope, frame.this, frame.home = outer, this, home
        self._decorate_parameters(made, frame)
        for decorator in node.decorators:
            self.decorate_class(made, self.evaluate(decorator, frame), node.at)
        return (made,)

    def _decorate_parameters(self, of: ClassValue, frame: Frame) -> None:
        """The source's own decorators of parameters get the class, or its objects, a name and a number."""
        for name, method in of.methods.items():
            for index, one in enumerate(method.node.parameters):
                for decorator in one.decorators:
                    given = tuple(a for a in self.evaluate(decorator, frame) if isinstance(a, Closure))
                    if given:
                        whose = (of,) if name == "constructor" else self.get((of,), "prototype", one.at)
                        key = self.undefined(one.at) if name == "constructor" else (Literal(name, one.at),)
                        self.call(given, (), [whose, key, (Literal(index, one.at),)], one.at)

    def decorate_class(self, of: ClassValue, decorator: Values, at: Span) -> None:
        if containers.decorates(self, decorator, of, at) or dynamo_types.decorates(self, decorator, of, at):
            return
        if any(isinstance(atom, External | Opaque) for atom in decorator):
            self.handed("a decorator", [(of,)], at)
        else:
            self.call(decorator, (), [(of,)], at)

    def decorate_method(self, of: ClassValue, name: str, decorators: list[Values], at: Span) -> None:
        static: Values = of.table.get(name, ())
        own = next((one for one in static if isinstance(one, Closure)), None)
        method = of.methods.get(name) or own
        if method is None:
            return
        for decorator in decorators:
            method = self._decorated(decorator, method, of, name, at)
        if name in of.methods:
            of.methods[name] = method
            if of.shared is not None:
                self.set(of.shared, name, (method,))
        else:
            self.set(of, name, (method,))

    def _class_member(self, member: t.ClassMember, made: ClassValue, frame: Frame) -> None:
        if member.kind == "block":
            if member.value is not None:
                self.execute(member.value, frame)
            return
        names = self.names(self.evaluate(member.key, frame)) if member.key is not None else None
        decorators = [self.evaluate(decorator, frame) for decorator in reversed(member.decorators)]
        if not names:
            if isinstance(member.value, t.Function):  # whoever asks for it by its name is not known
                self.run_callback(self.closure(member.value, frame, made), [], member.at)
            return
        name = names[0]
        if member.kind == "field":
            if member.static:
                value = (
                    self.evaluate(member.value, frame)
                    if member.value is not None
                    else dynamo_types.member(decorators) or self.unknown("a decorator sets it", member.at)
                    if decorators
                    else self.undefined(member.at)
                )
                made.table[name] = self.typed(value, member.type, frame) if member.type else value
            return
        if not isinstance(member.value, t.Function):
            return
        closure = self.closure(member.value, frame, made)
        if member.kind == "method":
            servers.routed(self, member.decorators, decorators, closure)
            for decorator in decorators:
                closure = self._decorated(decorator, closure, made, name, member.at)
        if member.kind == "get":
            (made.statics if member.static else made.getters)[name] = closure
        elif member.kind == "set":
            (made.static_setters if member.static else made.setters)[name] = closure
        elif member.kind == "method":
            if member.static:
                made.table[name] = (closure,)
            else:
                made.methods[name] = closure

    def _decorated(self, decorator: Values, method: Closure, made: ClassValue, name: str, at: Span) -> Closure:
        """The method that a decorator of the source's own leaves in the place of one.

        It is handed the class's objects, a name and a descriptor, as TypeScript does it; or, where its second
        parameter is called a context, the method itself, as the language has it.
        """
        for atom in decorator:
            if not isinstance(atom, Closure):
                continue
            key: Values = (Literal(name, at),)
            descriptor = Thing(at)
            descriptor.born = self.now
            descriptor.table["value"] = (method,)
            if _takes_context(atom.node):
                context = Thing(at, open=True)
                context.table["name"] = key
                result = self.call_one(atom, (), [(method,), (context,)], at)
            else:
                shared = self.get((made,), "prototype", at)
                result = self.call_one(atom, (), [shared, key, (descriptor,)], at)
            for given in (one for one in result if isinstance(one, Thing)):
                result = join(result, self.resolved(given.table.get("value", ())))
            left = join(self.resolved(descriptor.table["value"]), result)
            method = next((one for one in left if isinstance(one, Closure) and one is not method), method)
        return method

    def construct(self, callee: Values, arguments: list[Values], at: Span) -> Values:
        return join(*(self._construct_one(atom, arguments, at) for atom in proxies.alone(self, callee)))

    def _construct_one(self, atom: Atom, arguments: list[Values], at: Span) -> Values:
        match atom:
            case ClassValue():
                made = Thing(at, of=atom)
                made.born = self.now
                given = self.initialise(atom, made, arguments, at)
                return join(tuple(one for one in given if isinstance(one, Thing | Client)), (made,))
            case Closure():
                made = Thing(at)
                made.born = self.now
                prototype = atom.table.get("prototype", ())
                made.base = prototype
                result = self.apply(atom, (made,), arguments, at)
                return join(tuple(one for one in result if isinstance(one, Thing)), (made,))
            case Bound(target=target):
                return self._construct_one(target, [*atom.arguments, *arguments], at)
            case External():
                return self.construct_external(atom, arguments, at)
            case Helper():
                return self.call_helper(atom, "new", arguments, at)
            case Thing(kind=proxies.KIND):
                return proxies.called(self, atom, "construct", (), arguments, at)
            case Literal():
                return ()
            case _:
                results, functions = self.handed("a class that is not known", arguments, at)
                return join(
                    self.unknown("it is an object of a class that is not known", at, "", functions), results
                )

    def construct_external(self, atom: External, arguments: list[Values], at: Span) -> Values:
        raise NotImplementedError

    def call_helper(self, helper: Helper, name: str, arguments: list[Values], at: Span) -> Values:
        raise NotImplementedError

    def initialise(self, of: ClassValue, made: Thing, arguments: list[Values], at: Span) -> Values:
        """Run the constructor on an object; the members that are declared come first. What it returns."""
        constructor = of.methods.get("constructor")
        if constructor is None:
            self._construct_bases(of, made, arguments, at)
            self._fields(of, made)
            return ()
        if not of.base:
            self._fields(of, made)
        return self.apply(constructor, (made,), arguments, at)

    def _construct_bases(self, of: ClassValue, made: Thing, arguments: list[Values], at: Span) -> None:
        for base in of.base:
            if isinstance(base, ClassValue):
                self.initialise(base, made, arguments, at)
            elif isinstance(base, External):
                made.base = join(made.base, self.construct_external(base, arguments, at))
            elif isinstance(base, Helper):
                made.base = join(made.base, dynamo_types.record(self, base, None, at))
            elif isinstance(base, Closure):
                made.base = join(made.base, self.get((base,), "prototype", at))
                self.apply(base, (made,), arguments, at)
            elif not is_nothing(base):
                made.open = True

    def construct_base(self, frame: Frame, arguments: list[Values], at: Span) -> Values:
        if frame.home is not None:
            for made in frame.this:
                if isinstance(made, Thing):
                    self._construct_bases(frame.home, made, arguments, at)
                    self._fields(frame.home, made)
        return frame.this

    def _fields(self, of: ClassValue, made: Thing) -> None:
        frame = Frame(of.scope, (made,), of.module, of)
        for member in of.node.members:
            if member.kind != "field" or member.static or member.key is None:
                continue
            names = self.names(self.evaluate(member.key, frame))
            if not names:
                continue
            injected = containers.asked(self, member.decorators, member.type, frame)
            if injected:
                self.injectable.setdefault(id(of), containers.BY_TYPE)
                made.table[names[0]] = injected
            elif member.value is not None:
                value = self.evaluate(member.value, frame)
                made.table[names[0]] = self.typed(value, member.type, frame) if member.type else value
            elif names[0] not in made.table:
                # Whoever sets it later (the constructor, a framework) sets what its type says.
                value = self.undefined(member.at)
                if member.type:
                    unknown = self.unknown("it is set by somebody else", member.at)
                    found = self.typed(unknown, member.type, frame)
                    value = found if found != unknown else value
                made.table[names[0]] = value

    def inherited(self, frame: Frame, name: str) -> Values:
        if frame.home is None:
            return self._beyond(frame.this, name)
        out: list[Values] = []
        for base in frame.home.base:
            if isinstance(base, ClassValue):
                found = find_method(base, name)
                getter = find_getter(base, name) if found is None else None
                if getter is not None:
                    out.append(self.apply(getter, frame.this, [], getter.node.at))
                else:
                    out.append((found,) if found is not None else base.table.get(name, ()))
            else:
                out.append(join(*(one.base for one in frame.this if isinstance(one, Thing))))
                if out[-1]:
                    out[-1] = self.get(out[-1], name, frame.home.node.at)
        return join(*out)

    def _beyond(self, this: Values, name: str) -> Values:
        """``super.name`` in a method of an object: a member of what that object has as its prototype."""
        running = next((node for node, _ in reversed(self.stack) if not node.arrow), None)
        out: list[Values] = []
        for atom in this:
            owner = atom
            for _ in range(12):
                if not isinstance(owner, Thing) or not owner.base:
                    break
                members = (
                    one for values in owner.table.values() if isinstance(values, tuple) for one in values
                )
                if any(isinstance(one, Closure) and one.node is running for one in members):
                    out.append(self.get(owner.base, name, owner.at))
                    break
                owner = owner.base[0]
        return join(*out)

    def instance(self, of: ClassValue, at: Span) -> Values:
        if of.made is None or containers.is_outdated(self, of):
            if of.made is None:
                of.made = Thing(of.node.at, of=of)
                of.made.born = self.now
            given = containers.arguments(self, of, find_method(of, "constructor"), at)
            self.initialise(of, of.made, given, at)
        return (of.made,)


def _takes_context(node: t.Function) -> bool:
    if len(node.parameters) != 2:
        return False
    pattern = node.parameters[1].pattern
    named = isinstance(pattern, t.Name) and pattern.id.lower().endswith(("context", "ctx"))
    return named or isinstance(pattern, t.ObjectPattern)
