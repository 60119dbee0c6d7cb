"""Members of everything: objects and classes of the source, modules, and what Python itself brings."""

from __future__ import annotations

import ast
from abc import abstractmethod
from typing import Final

from stockade.code.python import known
from stockade.code.python.bases import held_member, item_held, items_of
from stockade.code.python.classes import TEXT
from stockade.code.python.fields import MAKING, NEVER, RECORDS, SESSIONS, Fields
from stockade.code.python.mappers import mapped
from stockade.code.python.protocols import assigned, sequence
from stockade.code.python.reflection import reflected
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Client,
    Data,
    Dict,
    External,
    Frame,
    Function,
    Inherited,
    Instance,
    Later,
    Made,
    Module,
    Native,
    Opaque,
    Partial,
    ServiceObject,
    Site,
    Super,
    identity,
    is_none,
    join,
    options,
)
from stockade.value import Known

ALIKE: Final = 3
"""How many objects of one class are told apart where somebody else may call their methods."""

_ANNOTATED: Final = frozenset(
    ("Optional", "Union", "Annotated", "ClassVar", "Final", "Required", "NotRequired")
)
_OF_ITEMS: Final = ("builtins.dict.__getitem__", "builtins.dict.get")
_LOOKING: Final = frozenset(("inspect", "logging", "operator", "typing", "warnings"))
"""Modules of the standard library that call nothing of what they are handed."""
_INERT: Final = (
    frozenset(("object", "Enum", "IntEnum", "StrEnum", "Flag", "str", "int", "dict", "list", "tuple"))
    | frozenset(("type", "ABC", "Generic", "Protocol", "BaseModel", "BaseSettings", "NamedTuple"))
    | frozenset(("TypedDict", "Struct", "RootModel", "Exception", "BaseException", "ValueError"))
    | frozenset(("RuntimeError", "KeyError", "TypeError", "JSONEncoder", "Error", "DeclarativeContainer"))
)
"""Classes from elsewhere that never call what is derived from them of their own accord."""


class Members(Fields):
    """Attributes and items."""

    @abstractmethod
    def external_attribute(self, site: Site, path: str, name: str) -> Abstract:
        """A name of a module that is not among the files."""

    @abstractmethod
    def made_attribute(self, site: Site, made: Made, name: str) -> Abstract:
        """A member of what something external gave."""

    @abstractmethod
    def sdk_attribute(self, site: Site, value: Abstract, name: str) -> Abstract:
        """A member of the SDK's objects, and of what nothing is known of."""

    @abstractmethod
    def sdk_item(self, site: Site, value: Abstract, key: Abstract) -> Abstract:
        """``value[key]`` of the SDK's objects."""

    @abstractmethod
    def promised(self, path: str) -> Abstract | None:
        """The SDK's object that an annotation such as ``mypy_boto3_s3.S3Client`` names."""

    def attribute(self, site: Site, value: Abstract, name: str) -> Abstract:
        several = options(value)
        if len(several) == 1:
            return self._attribute_of(site, several[0], name)
        several = tuple(one for one in several if not is_none(one))  # nothing has no members
        doubtful = any(isinstance(one, Opaque) for one in several)
        with self.under(certain=False if doubtful else None):
            found = [(one, self._attribute_of(site, one, name)) for one in several]
        # Of several clients, those that have no such method are not the one that is meant.
        meant = [value for one, value in found if not (isinstance(one, Client) and isinstance(value, Opaque))]
        return join(*(meant or [Opaque(site)]))

    def _attribute_of(self, site: Site, value: Abstract, name: str) -> Abstract:
        if self.enumerated and (known := self.enumerated.get(id(value))) is not None:
            if name in known[1].attributes or self.members_of(known[1].cls, name) is not None:
                return self._instance_attribute(site, known[1], name)
        if name[:1] == "_" and (found := reflected(self, site, value, name)) is not None:
            return found
        match value:
            case Instance():
                return self._instance_attribute(site, value, name)
            case Class():
                return self._class_attribute(site, value, name)
            case Super():
                found = self.member_above(value, name)
                if isinstance(found, Function) and isinstance(value.owner, Instance):
                    return self._bound(site, found, value.owner)
                if isinstance(found, Function) and found.kind != "static":
                    return Bound(found, value.owner)
                if found is not None:
                    return found
                if name == "__new__":
                    return Native(
                        ("new", id(value.below)), lambda _, arguments: self.new_of(value.below, arguments)
                    )
                inner = value.owner.cls if isinstance(value.owner, Instance) else value.below
                if (held := held_member(self, value.owner, name)) is not None:
                    return held
                if self.session_above(inner):
                    return self._of_session(site, value.owner, name)
                return mapped(self, inner, name) or Native(("super", name), lambda *_: NOTHING_KNOWN)
            case Module():
                found = value.globals.get(name)
                if isinstance(found, Later):
                    found = found.module.globals.get(found.name)
                if found is None and name == "__name__":
                    return Data(Known(value.name, site.origin))
                if (
                    found is None
                    and (getter := value.globals.get("__getattr__")) is not None
                    and not value.loading
                ):
                    return self.call(site, getter, Arguments([Data(Known(name, site.origin))]))
                if found is None and value.loading:
                    return Later(value, name)
                return found if found is not None else Opaque(site)
            case External(path):
                return self.external_attribute(site, path, name)
            case Made():
                return self.made_attribute(site, value, name)
            case Function() if name in value.attributes:
                return value.attributes[name]
            case Function() | Bound() if name in ("func", "fn"):
                return value
            case Later(module, inner):
                return self.attribute(site, module.globals.get(inner, NOTHING_KNOWN), name)
            case _:
                found = self.plain_attribute(value, name)
                return found if found is not None else self.sdk_attribute(site, value, name)

    def _of_session(self, site: Site, owner: Abstract, name: str) -> Abstract:
        """A member that a class has from the SDK's sessions."""
        if name == "__init__":
            return Native(
                ("open session", id(owner)), lambda place, given: self.open_session(place, owner, given)
            )
        return self.attribute(site, self.session_of(owner), name)

    def _instance_attribute(self, site: Site, value: Instance, name: str) -> Abstract:
        own = value.attributes.get(name)
        inherited = self.members_of(value.cls, name)
        if inherited is not None:
            found = join(*(self._bound(site, one, value) for one in options(inherited)))
            return found if own is None or isinstance(inherited, Function) else own
        if own is not None:
            return own
        if name == "__class__":
            return value.cls
        if name == "__dict__":
            return Dict(site, value.attributes, lasting=value.lasting)
        if (held := held_member(self, value, name)) is not None and name not in ("__init__", "__iter__"):
            return held
        if (text := value.attributes.get(TEXT)) is not None:
            if (member := self.plain_attribute(text, name)) is not None:
                return member
        getter = self.members_of(value.cls, "__getattr__")
        if isinstance(getter, External) and getter.path in _OF_ITEMS and not name.startswith("__"):
            return self.item(site, value, Data(Known(name, site.origin)))
        if isinstance(getter, Function) and not name.startswith("__"):
            return self.call(site, Bound(getter, value), Arguments([Data(Known(name, site.origin))]))
        if (method := mapped(self, value.cls, name)) is not None:
            return method
        above = next((one for one in self.lineage(value.cls) if isinstance(one, External)), None)
        if above is not None and above.path in SESSIONS:
            return self._of_session(site, value, name)
        if above is not None and not name.startswith("__"):
            found = self.made_attribute(site, Made(above.path), name)
            return Inherited(found.path, value) if isinstance(found, External) else found
        return Opaque(site)

    def called_from_outside(self, value: Inherited) -> None:
        """Somebody calls what an object inherits from elsewhere: that may call any method of the object."""
        callers = self._callers(value.owner.cls)
        self._methods(value.owner, bool(callers), any(one.startswith("collections.") for one in callers))

    def _bound(self, site: Site, member: Abstract, value: Instance) -> Abstract:
        if isinstance(member, Instance):
            getter = self.members_of(member.cls, "__get__")
            if isinstance(getter, Function):
                return self.call(site, Bound(getter, member), Arguments([value, value.cls]))
        if isinstance(member, Made) and member.path == "functools.partialmethod" and member.arguments:
            given = member.arguments.positional
            inner = self._bound(site, given[0], value) if given else Opaque(site)
            return Partial(inner, Arguments(given[1:], member.arguments.keywords, member.arguments.open))
        if not isinstance(member, Function):
            return member
        match member.kind:
            case "static":
                return member
            case "class":
                return Bound(member, value.cls)
            case "property":
                with self.under(every=False if member.cached and value.lasting else None):
                    return self.call(site, member, Arguments([value]))
            case _:
                return Bound(member, value)

    def _class_attribute(self, site: Site, value: Class, name: str) -> Abstract:
        found = self.members_of(value, name)
        if found is None and (meta := self.metaclass(value)) is not None:
            if (above := self._of_metaclass(site, value, meta, name)) is not None:
                return above
        if isinstance(found, Function) and found.kind == "class":
            return Bound(found, value)
        if isinstance(found, Instance) and isinstance(
            getter := self.members_of(found.cls, "__get__"), Function
        ):
            return self.call(site, Bound(getter, found), Arguments([Data(Known(None, site.origin)), value]))
        if found is not None:
            return found
        if (method := mapped(self, value, name)) is not None:
            return method
        above = next((one for one in self.lineage(value) if isinstance(one, External)), None)
        if above is not None and name in MAKING and above.path.rpartition(".")[2] in RECORDS:
            return Native(
                (name, id(value)), lambda place, _: self.instantiate(place, value, Arguments(open=True))
            )
        if above is not None and name == "as_view":
            return Native(("view", id(value)), lambda place, given: self.viewed(place, value, given))
        if above is not None and name == "__init__":
            return Native(("init", above.path), lambda *_: NOTHING_KNOWN)
        return Opaque()

    def _of_metaclass(self, site: Site, value: Class, meta: Class, name: str) -> Abstract | None:
        """A member that a class has from its own class."""
        found = self.members_of(meta, name)
        if isinstance(found, Function):
            return (
                self.call(site, found, Arguments([value])) if found.kind == "property" else Bound(found, value)
            )
        getter = self.members_of(meta, "__getattr__")
        if found is None and isinstance(getter, Function) and not name.startswith("__"):
            return self.call(site, getter, Arguments([value, Data(Known(name, site.origin))]))
        return found

    def store(self, site: Site, target: Abstract, name: str, value: Abstract) -> None:
        for one in options(target):
            match one:
                case Instance() if assigned(self, site, one, name, value):
                    pass
                case Instance():
                    before = one.attributes.get(name)
                    after = value if before is None else join(before, value)
                    if before is None or identity(before) != identity(after):
                        one.attributes[name] = after
                        self.states += before is not None and any(
                            isinstance(each, Data | Function | Bound) for each in options(value)
                        )
                        self.changed(one, value)
                case Class():
                    before = one.members.get(name)
                    one.members[name] = value if before is None else join(before, value)
                    if before is None or identity(before) != identity(one.members[name]):
                        self.learn(value)
                case Function():
                    self._remember(one.attributes, name, value)
                case Module():
                    self._remember(one.globals, name, value)
                case Super(_, owner):
                    self.store(site, owner, name, value)
                case _:
                    self.store_elsewhere(site, one, name, value)

    @abstractmethod
    def store_elsewhere(self, site: Site, target: Abstract, name: str, value: Abstract) -> None:
        """``target.name = value`` of something that is not the source's."""

    def item(self, site: Site, value: Abstract, key: Abstract) -> Abstract:
        several = options(value)
        several = tuple(one for one in several if not is_none(one)) or several
        return join(*(self._item_of(site, one, key) for one in several))

    def _item_of(self, site: Site, value: Abstract, key: Abstract) -> Abstract:
        found = self.plain_item(site, value, key)
        if found is not None:
            return found
        if isinstance(value, Instance):
            if (fields := self.as_sequence(value)) is not value:
                return self.item(site, fields, key)
            own = self.members_of(value.cls, "__getitem__")
            if not isinstance(own, Function) and (held := item_held(self, site, value, key)) is not None:
                return held
            method = own or self.members_of(value.cls, "__missing__")
            if isinstance(method, Function):
                return self.call(site, Bound(method, value), Arguments([key]))
            return Opaque(site)
        if isinstance(value, Class):
            if (member := self.one_of_enum(site, value, key, named=True)) is not None:
                return member
            meta = self.metaclass(value)
            made = self.members_of(value, "__class_getitem__")
            made = self.members_of(meta, "__getitem__") if made is None and meta is not None else made
            if isinstance(made, Function):
                return self.call(site, Bound(made, value), Arguments([key]))
        if isinstance(value, Class | Function | Module):
            return value  # `Generic[T]`
        return self.sdk_item(site, value, key)

    def as_sequence(self, value: Abstract) -> Abstract:
        found = sequence(value, [*self.lineage(value.cls)]) if isinstance(value, Instance) else None
        return value if found is None else found

    def elements_elsewhere(self, site: Site, value: Abstract) -> Abstract:
        if isinstance(value, Instance):
            if (fields := self.as_sequence(value)) is not value:
                return self.elements(site, fields)
            for name in ("__iter__", "__aiter__"):
                method = self.members_of(value.cls, name)
                if isinstance(method, Function):
                    given = self.call(site, Bound(method, value), Arguments())
                    if not (isinstance(given, Instance) and given is value):
                        return self.elements(site, given)
            if (held := items_of(self, value)) is not None:
                return self.elements(site, held)
            for name in ("__next__", "__anext__", "__getitem__"):
                method = self.members_of(value.cls, name)
                if isinstance(method, Function):
                    many = 1 if name == "__getitem__" else 0
                    return self.call(site, Bound(method, value), Arguments([Opaque(site)] * many))
            return Opaque(site)
        if isinstance(value, Class) and (member := self.one_of_enum(site, value, None)) is not None:
            return member
        if isinstance(value, Class) and (meta := self.metaclass(value)) is not None:
            method = self.members_of(meta, "__iter__")
            if isinstance(method, Function):
                return self.elements(site, self.call(site, method, Arguments([value])))
        return self.sdk_elements(site, value)

    @abstractmethod
    def sdk_elements(self, site: Site, value: Abstract) -> Abstract:
        """What a loop over one of the SDK's objects meets."""

    # -------------------------------------------------------------------------------------- annotations

    def annotated(self, annotation: ast.expr | None, frame: Frame) -> Abstract | None:
        match annotation:
            case None:
                return None
            case ast.Constant(str() as text):
                try:
                    parsed = ast.parse(text, mode="eval").body
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    return None  # not an annotation that anybody could follow
                for node in ast.walk(parsed):
                    if isinstance(node, ast.expr):
                        ast.copy_location(node, annotation)
                return self.annotated(parsed, frame)
            case ast.BinOp(left, ast.BitOr(), right):
                return self.annotated(left, frame) or self.annotated(right, frame)
            case ast.Subscript(holder, inner):
                name = holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")
                if name not in _ANNOTATED:
                    return None
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                if name == "Annotated":
                    # What is handed over is what it depends on, of whatever type that is.
                    calls = [part for part in parts if isinstance(part, ast.Call)]
                    asked = (self.depended(self.evaluate(one, frame), frame.module.site(one)) for one in calls)
                    found = next((one for one in asked if one is not None), None)
                    if found is not None:
                        return found
                promised = (self.annotated(part, frame) for part in parts)
                return next((one for one in promised if one is not None), None)
            case ast.Name() | ast.Attribute():
                found = self.evaluate(annotation, frame)
                match found:
                    case External(path):
                        return self.promised(path)
                    case Class() if self.promises_objects:
                        return self._promised_object(frame.module.site(annotation), found)
                    case Client() | ServiceObject():
                        return found
                    case Made():
                        return self.depended(found, frame.module.site(annotation))
        return None

    def depended(self, value: Abstract, site: Site) -> Abstract | None:
        if isinstance(value, Made) and value.path.endswith(known.DEPENDING) and value.arguments:
            given = value.arguments.get(0, "dependency")
            if given is not None:
                found = self.call(site, given, Arguments(open=True))
                return join(*(self.enter(site, one) for one in options(found)))
        return None

    def _promised_object(self, site: Site, cls: Class) -> Abstract | None:
        """An object of a class that somebody else makes, as far as the class itself says what is in it."""
        code = id(cls.node)
        if self._running.count(code):
            return None
        self._running.append(code)
        try:
            return self.instantiate(site, cls, Arguments(open=True))
        finally:
            self._running.pop()

    # ------------------------------------------------------------------------- what is handed to others

    def escape(self, site: Site, value: Abstract, to: str) -> None:
        passive = bool(to) and known.standard(to)
        for one in options(value):
            match one:
                case Function() | Bound() | Partial():
                    self.later(one)
                case Native():
                    if not passive or to.partition(".")[0] not in _LOOKING:
                        self.call(site, one, Arguments(open=True))
                case Client() if not passive and to:
                    self.hand_over(site, one, to)
                case ServiceObject() if not passive and to:
                    self.hand_over(site, one, to)
                case Instance() if not passive or self._derived(one.cls, to):
                    self._methods(one, any(True for _ in self._callers(one.cls)) or bool(to))
                case Class() if not passive or self._derived(one, to):
                    self._methods(one, True)
                case Array() if len(one.items) <= 40:
                    for item in one.items:
                        if not isinstance(item, Array | Dict):
                            self.escape(site, item, to)
                case Dict() if not passive or to.startswith("graphlib."):
                    several = (*one.items.values(), *(each for pair in one.others for each in pair))
                    for item in several:
                        if isinstance(item, Function | Bound | Partial | Client | ServiceObject) or passive:
                            self.escape(site, item, to)
                case _:
                    pass

    @abstractmethod
    def hand_over(self, site: Site, value: Client | ServiceObject, to: str) -> None:
        """A client is handed to code that is not among the files."""

    def _callers(self, cls: Class) -> list[str]:
        """Classes from elsewhere that may call what a class defines."""
        found = [one.path for one in self.lineage(cls) if isinstance(one, External)]
        return [one for one in found if one.rpartition(".")[2] not in _INERT and not one.endswith(NEVER)]

    def _derived(self, cls: Class, to: str) -> bool:
        """Whether a class is one of those that a module is meant to be handed: a handler of `logging`'s."""
        top = to.partition(".")[0]
        above = [one.path for one in self.lineage(cls) if isinstance(one, External)]
        return top != "builtins" and any(one.partition(".")[0] == top for one in above)

    def _methods(self, value: Instance | Class, called: bool, special: bool = False) -> None:
        cls = value.cls if isinstance(value, Instance) else value
        several = self.escaped.setdefault(id(cls), [])
        if not called or len(several) >= ALIKE or any(one is value for one in several):
            return
        several.append(value)
        members = (pair for one in self.lineage(cls) if isinstance(one, Class) for pair in one.members.items())
        for name, member in members:
            if not isinstance(member, Function) or (name.startswith("__") and not special):
                continue
            if member.kind == "static":
                self.later(member)
            elif member.kind == "class":
                self.later(Bound(member, cls))
            else:
                self.later(Bound(member, value if isinstance(value, Instance) else Instance(cls)))

    def later(self, value: Abstract, arguments: Arguments | None = None) -> None:
        """Something that is called when its time comes, by whom it was handed to."""
        self.lend(value)
        self.pending.append((value, arguments or Arguments(open=True), self.reached, tuple(self.way)))
