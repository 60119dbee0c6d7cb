"""What a class's own class does: metaclasses, and the members of enumerations with their methods."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Final

from stockade.code.python.containers import Containers
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    External,
    Function,
    Instance,
    Made,
    Site,
    identity,
    join,
    options,
)
from stockade.value import Known

_ENUMS: Final = frozenset(
    ("enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.ReprEnum", "enum.StrEnum")
)

TEXT: Final = "@text"
"""Under what an object keeps the text that it is."""


class Classes(Containers):
    """Classes as objects. Members of an enumeration stay the values that they are written as.

    ``enumerated`` has the object of each, by the identity of its value (which it keeps), for its methods.
    """

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # what the machine takes
        self.enumerated: dict[int, tuple[Abstract, Instance]] = {}
        self.defining: list[Class] = []

    @abstractmethod
    def lineage(self, cls: Class) -> Iterator[Class | External]:
        """A class and those it inherits from."""

    @abstractmethod
    def run(self, site: Site, function: Function, arguments: Arguments) -> Abstract:
        """What a function gives for these arguments."""

    def members_of_enum(self, cls: Class) -> list[tuple[str, Abstract]]:
        """The members of an enumeration; none of any other class."""
        if not any(isinstance(one, External) and one.path in _ENUMS for one in self.lineage(cls)):
            return []
        return [
            (name, value)
            for name, value in cls.members.items()
            if not name.startswith("_") and not isinstance(value, Function | Class)
        ]

    def enumerate_members(self, cls: Class, site: Site) -> None:
        """Make the objects of an enumeration's members, where its class can do more than name them."""
        if any(isinstance(value, Made) and value.path == "enum.auto" for value in cls.members.values()):
            self._number_members(cls, site)
        for name, value in self.members_of_enum(cls):
            made = Instance(
                cls, {"value": value, "_value_": value, "name": Data(Known(name, site.origin))}, True
            )
            self.enumerated[id(value)] = value, made
            init = self.members_of(cls, "__init__")
            if isinstance(init, Function):
                self.run(site, init, Arguments([made, *(value.items if isinstance(value, Array) else [value])]))

    def _number_members(self, cls: Class, site: Site) -> None:
        """Give ``auto()`` the value that it stands for."""
        naming = self.members_of(cls, "_generate_next_value_")
        words = any(isinstance(one, External) and one.path == "enum.StrEnum" for one in self.lineage(cls))
        for at, (name, value) in enumerate(self.members_of_enum(cls)):
            if not isinstance(value, Made) or value.path != "enum.auto":
                continue
            if isinstance(naming, Function):
                given = [Data(Known(one, site.origin)) for one in (name, 1, at)]
                cls.members[name] = self.run(site, naming, Arguments([*given, Array(site)]))
            else:
                cls.members[name] = Data(Known(name.lower() if words else at + 1, site.origin))

    def one_of_enum(self, site: Site, cls: Class, by: Abstract | None, named: bool = False) -> Abstract | None:
        """``Kind(value)``, ``Kind[name]``, and what a loop over it meets; ``None`` of any other class."""
        members = self.members_of_enum(cls)
        if not members:
            return None
        missing = self.members_of(cls, "_missing_")
        if isinstance(missing, Function) and by is not None and not named:
            self.call(site, Bound(missing, cls), Arguments([by]))
        wanted = {identity(one) for one in options(by)} if by is not None else set()
        names = {name: Data(Known(name, site.origin)) for name, _ in members}
        chosen = [one for name, one in members if identity(names[name] if named else one) in wanted]
        return join(*(chosen or [one for _, one in members]))

    def as_text(self, made: Instance, arguments: Arguments) -> Abstract:
        """An object of a class that is derived from `str` as the text that it is, with the object's methods."""
        first = arguments.get(0, "object")
        if not isinstance(first, Data) or not self.is_text_class(made.cls):
            return made
        made.attributes[TEXT] = first
        text = Data(first.value)
        self.enumerated[id(text)] = text, made
        return text

    def is_text_class(self, cls: Class) -> bool:
        """Whether the objects of a class are texts."""
        return any(isinstance(one, External) and one.path == "builtins.str" for one in self.lineage(cls))

    def defined(self, cls: Class, site: Site) -> None:
        """A class is there: what its metaclass does then, and what is not followed of it."""
        hook = self.members_of(cls, "__getattribute__")
        if isinstance(hook, Function) and "__getattribute__" in cls.members:
            self.unfollow(
                site, "`__getattribute__`", "what it does whenever a member is asked for is not followed"
            )
        meta = self.metaclass(cls)
        if meta is not None:
            given = [Data(Known(cls.name, site.origin)), Array(site, list(cls.bases))]
            self.defining.append(cls)
            for name, first in (("__new__", meta), ("__init__", cls)):
                method = self.members_of(meta, name)
                if isinstance(method, Function):
                    self.run(site, method, Arguments([first, *given], {}, True))
            self.defining.pop()
        self.enumerate_members(cls, site)

    def metaclass(self, cls: Class) -> Class | None:
        """The class of a class, where the source defines it."""
        for one in self.lineage(cls):
            if isinstance(one, Class) and isinstance(one.metaclass, Class):
                return one.metaclass
        return None

    def instantiated(self, site: Site, cls: Class, arguments: Arguments) -> None:
        """What a metaclass does when an object is made; that it is made, it cannot keep from us."""
        meta = self.metaclass(cls)
        method = self.members_of(meta, "__call__") if meta is not None else None
        if isinstance(method, Function):
            given = Arguments([cls, *arguments.positional], arguments.keywords, arguments.open)
            self.run(site, method, given)

    def new_of(self, below: Class, arguments: Arguments) -> Abstract:
        """``super().__new__(…)``: of a metaclass it is the class that is being defined."""
        meta = any(isinstance(one, External) and one.path == "builtins.type" for one in self.lineage(below))
        return self.defining[-1] if meta and self.defining else new_object(arguments, not self.every)


def new_object(arguments: Arguments, lasting: bool) -> Abstract:
    """What ``object.__new__(cls)`` gives."""
    first = arguments.get(0, "cls")
    return Instance(first, lasting=lasting) if isinstance(first, Class) else NOTHING_KNOWN
