"""Calls: functions are run with what they are handed, classes make objects, and recursion comes to an end."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterator
from typing import Final

from stockade.code.python import known
from stockade.code.python.machine import DEPTH
from stockade.code.python.remembering import Remembering
from stockade.code.python.rows import several, with_row
from stockade.code.python.runs import share
from stockade.code.python.values import (
    LOST,
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    Dict,
    External,
    Frame,
    Function,
    Instance,
    Made,
    Native,
    Opaque,
    Partial,
    Site,
    Super,
    is_none,
    join,
    options,
)
from stockade.value import Known

AGAIN: Final = 3
"""How often a function may stand in one way before what it gives is not asked again."""

DEFAULT: Final = "@default"
"""Under what a field keeps the method that gives its default, among what it is made with."""

VALIDATES: Final = "@validates"
"""What marks a function that Pydantic calls whenever an object is made."""

TRIED: Final = 400
"""How many times one function is looked at with different arguments."""


class Calls(Remembering):
    """Calls whatever can be called."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._tried: dict[int, int] = {}
        self.models: list[Class] = []  # classes that stand for tables
        self.promises_objects = True  # whether an annotation with a class of the program's makes one

    @abstractmethod
    def call_external(self, site: Site, path: str, arguments: Arguments) -> Abstract:
        """Call something of a module that is not among the files."""

    @abstractmethod
    def call_made(self, site: Site, made: Made, arguments: Arguments) -> Abstract:
        """Call what something external gave, such as a decorator."""

    @abstractmethod
    def fill(self, site: Site, value: Instance, arguments: Arguments) -> None:
        """Make the attributes of an object whose class has no ``__init__`` of its own."""

    def call(self, site: Site, target: Abstract, arguments: Arguments) -> Abstract:
        several = options(target)
        if len(several) == 1:
            return self._call_one(site, several[0], arguments)
        doubtful = any(isinstance(one, Opaque) for one in several)
        acting = [one for one in several if not isinstance(one, Opaque | Data) or id(one) in self.enumerated]
        if doubtful and any(isinstance(one, Opaque) and one.reason == LOST for one in several):
            self.unfollow(site, f"`{site.shown}`", LOST)
        with self.under(certain=False if doubtful else None):
            found = [self._call_one(site, one, arguments) for one in acting]
        return join(*found, *([Opaque(site)] if doubtful or not found else []))

    def _call_one(self, site: Site, target: Abstract, arguments: Arguments) -> Abstract:
        match target:
            case Function():
                if target.others:
                    return self._dispatched(site, target, arguments, arguments.positional[:1])
                return self.run(site, target, arguments)
            case Bound(function, owner):
                if function.others:
                    by = arguments.positional[:1]
                    return self._dispatched(site, function, _with(owner, arguments), by)
                return self.run(site, function, _with(owner, arguments))
            case Native():
                return target.run(site, arguments)
            case Data():
                _, member = self.enumerated.get(id(target), (target, None))
                return Opaque(site) if member is None else self.call(site, member, arguments)
            case Class():
                return self.instantiate(site, target, arguments)
            case Partial(inner, given):
                both = Arguments(
                    [*given.positional, *arguments.positional],
                    {**given.keywords, **arguments.keywords},
                    given.open or arguments.open,
                )
                return self.call(site, inner, both)
            case External(path):
                return self.call_external(site, path, arguments)
            case Made():
                return self.call_made(site, target, arguments)
            case Instance():
                method = self.members_of(target.cls, "__call__")
                if method is not None:
                    return self.call(
                        site, Bound(method, target) if isinstance(method, Function) else method, arguments
                    )
                first = arguments.positional[:1]
                above = [one.path for one in self.lineage(target.cls) if isinstance(one, External)]
                if first and any(one.endswith("ContextDecorator") for one in above):
                    self.enter(site, target)
                    self.leave(site, target)
                    return first[0]
                return self._handed_over(site, arguments)
            case _:
                return self._handed_over(site, arguments)

    def _dispatched(self, site: Site, function: Function, arguments: Arguments, by: list[Abstract]) -> Abstract:
        """What ``singledispatch`` gives: any of its functions that the type of the argument may ask for."""
        found = [self.run(site, function, arguments)]
        for kind, other in function.others:
            if isinstance(other, Function) and self._may_be(by, kind):
                found.append(self.run(site, other, arguments))
        return join(*found)

    def _may_be(self, by: list[Abstract], kind: Abstract) -> bool:
        if not isinstance(kind, Class) or not by:
            return True
        return any(not isinstance(one, Instance) or kind in self.lineage(one.cls) for one in options(by[0]))

    def _register(self, function: Function, closure: Frame) -> Native:
        """``function.register``, as a decorator with a type or without."""

        def register(site: Site, given: Arguments) -> Abstract:
            first, *rest = given.positional or [Opaque(site)]
            if rest or isinstance(first, Function):
                other = rest[0] if rest else first
                kind: Abstract = first
                if not rest and isinstance(other, Function):
                    names = [*other.node.args.posonlyargs, *other.node.args.args]
                    annotations = [one.annotation for one in names if one.annotation is not None]
                    kind = self.evaluate(annotations[0], closure) if annotations else Opaque(site)
                function.others.append((kind, other))
                self.learn(other)
                return other
            return Native(
                ("register", id(function), site),
                lambda place, more: register(place, Arguments([first, *more.positional[:1]])),
            )

        return Native(("register", id(function)), register)

    def _handed_over(self, site: Site, arguments: Arguments) -> Abstract:
        """Something that is not known is called: what it is handed may be called by it."""
        for one in arguments.everything():
            self.escape(site, one, "")
        return Opaque(site)

    # ---------------------------------------------------------------------------------------- functions

    def run(self, site: Site, function: Function, arguments: Arguments) -> Abstract:
        """What a function gives for these arguments; what it gave before is not looked for again."""
        for value, where in several(arguments):
            if apart := self.apart((value,)):
                with self.wider(len(apart)):
                    return join(*(self.run(site, function, with_row(arguments, where, one)) for one in apart))
        return self.once(
            function, arguments, id(function), Opaque(site), lambda: self._ran(site, function, arguments)
        )

    def _ran(self, site: Site, function: Function, arguments: Arguments) -> tuple[Abstract, bool]:
        """Run a function, and say whether that was done."""
        code = id(function.node)
        if len(self.way) >= DEPTH:
            self.waits(-1)
            self.unfollow(site, f"`{function.name}`", f"it is more than {DEPTH} calls away from the handler")
            return Opaque(site), False
        if self._running.count(code) >= AGAIN:
            self.waits(self._running.index(code))
            return Opaque(site), False
        self.step(5)  # binding arguments costs about as much as so many expressions
        self._tried[code] = self._tried.get(code, 0) + 1
        if self._tried[code] > TRIED:
            self.unfollow(site, f"`{function.name}`", "it is called in more ways than are followed")
            return Opaque(site), False
        self.way.append(site.span)
        self._running.append(code)
        self.visited.add(code)
        try:
            with self.under(every=False if function.cached else None):
                return self._body(site, function, arguments), True
        except RecursionError:
            # Python's own limit, in very deeply nested expressions: it is told, and the rest goes on.
            self.unfollow(site, f"`{function.name}`", "it is nested too deeply")
            return Opaque(site), True
        finally:
            self.way.pop()
            self._running.pop()

    def _body(self, site: Site, function: Function, arguments: Arguments) -> Abstract:
        node = function.node
        frame = Frame(function.module, {}, function.closure, function=function)
        self._parameters(site, function, arguments, frame)
        if isinstance(node, ast.Lambda):
            return self.evaluate(node.body, frame)
        alive = self.execute(node.body, frame)
        if frame.yielded:
            return Array(function.module.site(node), [*dict.fromkeys(frame.yielded)], True, made=True)
        if alive:
            frame.returned.append(Data(Known(None, site.origin)))
        return join(*frame.returned) if frame.returned else Opaque(site)

    def _parameters(self, site: Site, function: Function, arguments: Arguments, frame: Frame) -> None:
        spec = function.node.args
        names = [*spec.posonlyargs, *spec.args]
        given = arguments.positional
        keywords = dict(arguments.keywords)
        first_default = len(names) - len(function.defaults)
        around = function.closure or Frame(function.module, function.module.globals)
        for at, parameter in enumerate(names):
            default = function.defaults[at - first_default] if at >= first_default else None
            value = given[at] if at < len(given) else keywords.pop(parameter.arg, None)
            frame.names[parameter.arg] = self._parameter(parameter, value, default, arguments.open, around)
        for parameter, default in zip(spec.kwonlyargs, function.keyword_defaults, strict=True):
            value = keywords.pop(parameter.arg, None)
            frame.names[parameter.arg] = self._parameter(parameter, value, default, arguments.open, around)
        if spec.vararg is not None:
            more = [Opaque(site)] if arguments.open else []
            frame.names[spec.vararg.arg] = Array(site, [*given[len(names) :], *more], arguments.open)
        if spec.kwarg is not None:
            frame.names[spec.kwarg.arg] = Dict(site, keywords, [], arguments.open)

    def _parameter(
        self, parameter: ast.arg, value: Abstract | None, default: Abstract | None, open: bool, around: Frame
    ) -> Abstract:
        if isinstance(default, Made) and value is None:
            default = self.depended(default, around.module.site(parameter)) or default
        if value is None:
            if default is not None and not open:
                value = default
            else:
                value = join(Opaque(reason=f"it is the argument `{parameter.arg}`"), default)
        unknown = any(isinstance(one, Opaque) for one in options(value))
        if parameter.annotation is None or not (unknown or any(is_none(one) for one in options(value))):
            return value
        # Of what nobody handed over there is no object, and what making one calls is not called.
        self.promises_objects, before = unknown, self.promises_objects
        promised = self.annotated(parameter.annotation, around)
        self.promises_objects = before
        if promised is None:
            return value
        return join(promised, *(one for one in options(value) if not isinstance(one, Opaque)))

    @abstractmethod
    def depended(self, value: Abstract, site: Site) -> Abstract | None:
        """What ``Depends(function)`` gives, if it is that."""

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> Abstract:
        made = Function(node, frame.module, frame, node.name)
        self.enclose(frame, node)
        made.defaults = [self.evaluate(one, frame) for one in node.args.defaults]
        made.keyword_defaults = [self.evaluate(one, frame) if one else None for one in node.args.kw_defaults]
        self.functions[id(node)] = made
        value: Abstract = made
        for decorator in reversed(node.decorator_list):
            value = self._decorated(decorator, value, made, frame)
        return value

    def _decorated(self, node: ast.expr, value: Abstract, made: Function, frame: Frame) -> Abstract:
        site = frame.module.site(node)
        with self.under(every=False):
            decorator = self.evaluate(node, frame)
        found: list[Abstract] = []
        for one in options(decorator):
            path = one.path if isinstance(one, External | Made) else ""
            match path.rpartition(".")[2] if path.startswith("builtins.") or "." in path else path:
                case "staticmethod":
                    made.kind = "static"
                case "classmethod":
                    made.kind = "class"
                case "property" | "cached_property" | "abstractproperty":
                    made.kind = "property"
            if isinstance(node, ast.Attribute) and node.attr in ("setter", "getter", "deleter"):
                return self._accessor(node, value, frame)
            if isinstance(node, ast.Attribute) and node.attr == "default":
                field = self.evaluate(node.value, frame)
                if isinstance(field, Made) and field.arguments is not None:
                    field.arguments.keywords[DEFAULT] = value
            if path.rpartition(".")[2] in ("field_validator", "model_validator", "root_validator", "validator"):
                made.attributes[VALIDATES] = value
            if path in known.CACHING:
                made.cached = True
            if path in ("functools.singledispatch", "functools.singledispatchmethod"):
                made.attributes["register"] = self._register(made, frame)
            if isinstance(one, Function | Class | Bound | Partial | Instance | Native):
                found.append(self.call(site, one, Arguments([value])))
            else:
                self.decorated_elsewhere(site, path, value)
                found.append(value)
        return join(*found)

    def _accessor(self, node: ast.Attribute, value: Abstract, frame: Frame) -> Abstract:
        """The property that ``@name.setter`` gives: the one that there was, which now can be set."""
        before = self.evaluate(node.value, frame)
        if not isinstance(before, Function) or before.kind != "property" or node.attr == "getter":
            return value
        before.attributes["fset" if node.attr == "setter" else "fdel"] = value
        self.forget()
        return before

    @abstractmethod
    def decorated_elsewhere(self, site: Site, path: str, value: Abstract) -> None:
        """A function is decorated by something that is not among the files."""

    # ------------------------------------------------------------------------------------------ classes

    def define_class(self, node: ast.ClassDef, frame: Frame) -> Abstract:
        inner = Frame(frame.module, {}, frame, is_class=True)
        made = Class(node, frame.module, node.name, frame=inner)
        made.bases = [one for base in node.bases for one in options(self.evaluate(base, frame))]
        said = Arguments([made])
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg == "metaclass":
                made.metaclass = value
            elif keyword.arg is not None:
                said.keywords[keyword.arg] = value
            else:
                said.open = True
        inner.names["__qualname__"] = Opaque()
        self.execute(node.body, inner)
        made.members = inner.names
        for member in inner.names.values():
            for one in options(member):
                if isinstance(one, Function) and one.closure is inner:
                    one.owner = made
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                made.fields[statement.target.id] = statement.annotation
        share(made.members.values())
        for base in self.lineage(made):
            if isinstance(base, Class) and base is not made:
                base.derived.append(made)
                self.forget()
            elif isinstance(base, External) and base.path == "pynamodb.models.Model":
                self.models.append(made)
        made_known = self.member_above(Super(made, made), "__init_subclass__")
        if isinstance(made_known, Function):
            self.run(frame.module.site(node), made_known, said)
        for name, member in [*made.members.items()]:
            setter = self.members_of(member.cls, "__set_name__") if isinstance(member, Instance) else None
            if isinstance(setter, Function):
                place = frame.module.site(node)
                self.run(place, setter, Arguments([member, made, Data(Known(name, place.origin))]))
        self.defined(made, frame.module.site(node))
        value = made
        for decorator in reversed(node.decorator_list):
            site = frame.module.site(decorator)
            found = self.evaluate(decorator, frame)
            for one in options(found):
                path = one.path if isinstance(one, External | Made) else ""
                if path.rpartition(".")[2].removesuffix("()") in (
                    "dataclass",
                    "define",
                    "frozen",
                    "mutable",
                    "s",
                    "attrs",
                ):
                    made.record = True
                elif isinstance(one, Function | Bound | Native | Partial):
                    given = self.call(site, one, Arguments([value]))
                    value = value if isinstance(given, Opaque) else given
                elif path and path not in known.TRANSPARENT:
                    self.escape(site, made, path)
        return value

    def lineage(self, cls: Class) -> Iterator[Class | External]:
        """A class and those it inherits from, each once, in about the order in which members are looked up."""
        seen: set[int] = set()
        waiting: list[Abstract] = [cls]
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, Class):
                if id(one) not in seen:
                    seen.add(id(one))
                    yield one
                    waiting[:0] = one.bases
            elif isinstance(one, External):
                yield one
            elif isinstance(one, Made):
                yield External(one.path)

    def member(self, cls: Class, name: str) -> Abstract:
        return self.members_of(cls, name) or NOTHING_KNOWN

    def members_of(self, cls: Class, name: str) -> Abstract | None:
        if name in cls.members:
            return cls.members[name]
        for one in self.lineage(cls):
            if isinstance(one, Class) and name in one.members:
                return one.members[name]
        return None

    def member_above(self, value: Super, name: str) -> Abstract | None:
        """A member of the classes that stand above one, for ``super()``."""
        owner = value.owner
        start = owner.cls if isinstance(owner, Instance) else owner if isinstance(owner, Class) else value.below
        passed = False
        for one in self.lineage(start):
            if passed and isinstance(one, Class) and name in one.members:
                return one.members[name]
            passed = passed or one is value.below
        return None

    def instantiate(self, site: Site, cls: Class, arguments: Arguments) -> Abstract:
        """An object of a class, made with these arguments."""
        if (member := self.one_of_enum(site, cls, arguments.get(0, "value"))) is not None:
            return member
        self.instantiated(site, cls, arguments)
        if any(isinstance(one, External) and one.path.endswith(".TypedDict") for one in self.lineage(cls)):
            return self.call(site, External("builtins.dict"), arguments)
        made = Instance(cls, lasting=not self.every)
        new = self.members_of(cls, "__new__")
        others: list[
            Abstract
        ] = []  # ``__new__`` may give what is no object of the class, and nothing more is done
        if isinstance(new, Function):
            given = options(self.run(site, new, _with(cls, arguments)))
            own = [one for one in given if isinstance(one, Instance) and cls in self.lineage(one.cls)]
            others = [
                one for one in given if one not in own and not isinstance(one, Opaque) and not is_none(one)
            ]
            if others and len(others) == len(given):
                return join(*others)
            made = next(iter(own), made)
        init = self.members_of(cls, "__init__")
        if isinstance(init, Function):
            whole = _with(made, arguments)
            kept = self.once(init, arguments, id(cls), made, lambda: (made, self._ran(site, init, whole)[1]))
            if kept is not made and isinstance(kept, Instance):
                made = kept
        elif init is not None:
            self.call(site, init, _with(made, arguments))
        else:
            self.fill(site, made, arguments)
        sources = self.members_of(cls, "settings_customise_sources")
        if isinstance(sources, Function):  # Pydantic asks it where settings come from
            found = self.call(site, Bound(sources, cls), Arguments(open=True))
            self.escape(site, found, "pydantic_settings")
        return join(self.as_text(made, arguments), *others)


def _with(first: Abstract, arguments: Arguments) -> Arguments:
    return Arguments([first, *arguments.positional], arguments.keywords, arguments.open)
