"""What the interpreter holds a Python object to be: an abstract value, never the object itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from stockade.code.facts import Credentials
from stockade.records import dataclass, record
from stockade.source import Source, Span
from stockade.value import Default, Known, Ref, Value, Written

if TYPE_CHECKING:
    from stockade.code.services import Service

OPTIONS: Final = 12
"""How many different things one value may be before it is held to be anything."""

LOST: Final = "it may be one of so many that not all are followed"

SEPARATE: Final = 4
"""How many values of a call's arguments are told apart before they become one that is not known."""


@record
class Site:
    """A place in a file of source: where a value is made or a call stands."""

    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def origin(self) -> Written:
        return Written(self.span)

    @property
    def shown(self) -> str:
        """The code at the place, on one line and short."""
        raw = self.source.data[self.start : min(self.end, self.start + 200)].decode("utf-8", "replace")
        line = " ".join(raw.split())
        return line if len(line) <= 60 else line[:59] + "…"


class Abstract:
    """Any abstract value. What it is has a class below; what is not known at all is ``Opaque``."""

    __slots__ = ()


@record
class Opaque(Abstract):
    """Anything. ``reason`` completes "not known: ...", ``behind`` variables of the environment behind it."""

    site: Site | None = None
    reason: str = ""
    behind: tuple[Ref, ...] = ()


NOTHING_KNOWN: Final = Opaque()


@record
class Data(Abstract):
    """A text, a number, true or false, ``None``: as far as it is known."""

    value: Value[Any]


ABSENT: Final = Data(Known(None, Default("it is there in some cases only")))
"""Beside a value: in some cases there is none."""


@record
class Many(Abstract):
    """One of several things, at least two."""

    options: tuple[Abstract, ...]


@dataclass(slots=True, eq=False)
class Dict(Abstract):
    """A dictionary: ``items`` under known texts, ``others`` under any keys; ``open`` if there are more."""

    site: Site
    items: dict[str, Abstract] = field(default_factory=dict)
    others: list[tuple[Abstract, Abstract]] = field(default_factory=list)
    open: bool = False
    lasting: bool = False
    changed: int = 0
    """When it last came to hold something new; so have lists and objects."""
    shared: bool = False
    """Whether everybody can get at it: so have lists and objects."""


@dataclass(slots=True, eq=False)
class Array(Abstract):
    """A list, a tuple, a set, a generator: its elements; ``open`` where each stands for any number."""

    site: Site
    items: list[Abstract] = field(default_factory=list)
    open: bool = False
    made: bool = False
    """Whether a generator made it, whose values a ``with`` statement may be about."""
    lasting: bool = False
    changed: int = 0
    shared: bool = False


@record
class External(Abstract):
    """Something of a module that is not among the files, by its full name: ``boto3.client``."""

    path: str


@record
class Inherited(External):
    """A member that an object has from a class which is not among the files."""

    owner: Instance = field(compare=False)


@record
class Made(Abstract):
    """What calling something external gave: by the full name of what was called, and with what."""

    path: str
    arguments: Arguments | None = field(default=None, compare=False)


@record
class Native(Abstract):
    """Something to be called whose effect we know. ``key`` tells two apart."""

    key: tuple[Any, ...]
    run: Callable[[Site, Arguments], Abstract] = field(compare=False)


@dataclass(slots=True, eq=False)
class Arguments:
    """What a call hands over; ``open`` where it may hand over more, in names or in number."""

    positional: list[Abstract] = field(default_factory=list)
    keywords: dict[str, Abstract] = field(default_factory=dict)
    open: bool = False

    def get(self, at: int, name: str) -> Abstract | None:
        """An argument by its position, or by its name."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[at] if 0 <= at < len(self.positional) else None

    def everything(self) -> Iterator[Abstract]:
        yield from self.positional
        yield from self.keywords.values()


# ------------------------------------------------------------------------------ what the source defines


@dataclass(slots=True, eq=False)
class Module(Abstract):
    """A module among the files. ``globals`` are filled as it runs; ``loading`` while it does."""

    name: str
    source: Source
    tree: ast.Module
    lines: list[int]
    package: bool
    globals: dict[str, Abstract] = field(default_factory=dict)
    loading: bool = False
    changed: set[str] = field(default_factory=set)
    """Names that a function assigns: what they hold at one time says nothing of another."""
    stored: frozenset[str] = frozenset()
    """Attributes that are assigned anywhere but in ``__init__``."""

    def site(self, node: ast.AST) -> Site:
        """Where a node stands, in bytes. In a file that is not UTF-8 a place may be some columns off."""
        lines = self.lines
        start = lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]  # of nodes with a place
        return Site(self.source, start, lines[node.end_lineno - 1] + node.end_col_offset)  # type: ignore[attr-defined]  # they have both ends


@dataclass(slots=True, eq=False)
class Frame:
    """The names of one running body: a module's, a class's or a function's."""

    module: Module
    names: dict[str, Abstract]
    above: Frame | None = None
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    returned: list[Abstract] = field(default_factory=list)
    yielded: list[Abstract] = field(default_factory=list)
    left: list[dict[str, Abstract]] = field(default_factory=list)
    """What the names held where a loop was left early."""
    function: Function | None = None
    is_class: bool = False


FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True, eq=False)
class Function(Abstract):
    """A function of the source, with the names around it. ``kind`` is what its decorators made of it."""

    node: FunctionNode
    module: Module
    closure: Frame | None
    name: str
    defaults: list[Abstract] = field(default_factory=list)
    keyword_defaults: list[Abstract | None] = field(default_factory=list)
    owner: Class | None = None
    kind: str = ""  # "", static, class, property
    cached: bool = False
    attributes: dict[str, Abstract] = field(default_factory=dict)
    others: list[tuple[Abstract, Abstract]] = field(default_factory=list)
    """What ``singledispatch`` may call instead: the type of the argument, and the function."""


@dataclass(slots=True, eq=False)
class Class(Abstract):
    """A class of the source. ``bases`` are in order; ``fields`` are its annotated names."""

    node: ast.ClassDef
    module: Module
    name: str
    bases: list[Abstract] = field(default_factory=list)
    members: dict[str, Abstract] = field(default_factory=dict)
    fields: dict[str, ast.expr] = field(default_factory=dict)
    record: bool = False
    frame: Frame | None = None
    derived: list[Class] = field(default_factory=list)
    metaclass: Abstract | None = None


@dataclass(slots=True, eq=False)
class Instance(Abstract):
    """An object of one of the source's classes. ``lasting`` where it outlives an invocation."""

    cls: Class
    attributes: dict[str, Abstract] = field(default_factory=dict)
    lasting: bool = False
    changed: int = 0
    shared: bool = False


@record
class Bound(Abstract):
    """A method with its object."""

    function: Function
    owner: Abstract


@record
class Partial(Abstract):
    """A call of which some arguments are there already."""

    target: Abstract
    arguments: Arguments


@record
class Later(Abstract):
    """A name of a module that was imported before the module came to define it."""

    module: Module
    name: str


@record
class Super(Abstract):
    """What ``super()`` gives: an object, looked at from above one of its classes."""

    below: Class
    owner: Abstract


# ---------------------------------------------------------------------------------------- the SDK's objects


@record
class Session(Abstract):
    """A session of the SDK."""

    credentials: Credentials = Credentials.OWN


@record
class Client(Abstract):
    """A client for one service, with its address where that says what its calls are about."""

    service: Service
    credentials: Credentials = Credentials.OWN
    endpoint: Abstract | None = None


@record
class ServiceObject(Abstract):
    """A resource object of the SDK, or a service's own (an empty ``type``).

    ``loaded`` where its attributes are there without another request.
    """

    service: Service
    type: str
    credentials: Credentials
    identifiers: Mapping[str, Abstract] = field(default_factory=dict, compare=False)
    loaded: bool = False


@record
class Objects(Abstract):
    """A collection of resource objects. ``called`` once its request is under way."""

    owner: ServiceObject
    name: str
    called: bool = False


@record
class Response(Abstract):
    """Something in the answer of an operation. ``given`` were the operation's arguments."""

    service: str
    operation: str
    path: tuple[str, ...] = ()
    given: Mapping[str, Abstract] = field(default_factory=dict, compare=False)


# ------------------------------------------------------------------------------------------------ of several


def options(value: Abstract) -> tuple[Abstract, ...]:
    """The things a value may be."""
    return value.options if isinstance(value, Many) else (value,)


def identity(value: Abstract, depth: int = 3) -> Any:
    """What tells values apart: equal for those that nothing later could tell apart."""
    tell = _IDENTITIES.get(type(value))
    return id(value) if tell is None else tell(value, depth)


def _of_data(data: Data, _: int) -> Any:
    value = data.value
    if isinstance(value, Known):
        plain = value.value
        return (type(plain).__name__, plain) if plain.__hash__ is not None else id(data)
    return ("unknown", value.behind) if value.text is None else ("text", value.text.parts)


def _of_dict(value: Dict, depth: int) -> Any:
    if not depth or len(value.items) > 30:
        return id(value)
    items = frozenset((key, identity(one, depth - 1)) for key, one in value.items.items())
    return ("dict", items, value.open, len(value.others))


def _of_array(value: Array, depth: int) -> Any:
    if not depth:
        return id(value)
    return ("array", tuple(identity(one, depth - 1) for one in value.items[:20]), value.open)


def _of_object(value: ServiceObject, depth: int) -> Any:
    if not depth:
        return id(value)
    names = tuple((key, identity(one, depth - 1)) for key, one in value.identifiers.items())
    return (value.service.name, value.type, value.credentials, value.loaded, names)


_IDENTITIES: Final[Mapping[type, Callable[[Any, int], Any]]] = {
    Data: _of_data,
    Opaque: lambda value, _: ("any", value.behind, value.reason is LOST),
    Many: lambda value, depth: frozenset(identity(one, depth) for one in value.options),
    Dict: _of_dict,
    Array: _of_array,
    ServiceObject: _of_object,
    Client: lambda value, depth: (
        value.service.name,
        value.credentials,
        value.endpoint and identity(value.endpoint, depth),
    ),
    Session: lambda value, _: value,
    External: lambda value, _: value,
    Inherited: lambda value, _: (value.path, id(value.owner)),
    Response: lambda value, _: value,
    Native: lambda value, _: value.key,
    Made: lambda value, _: value.path,
    Bound: lambda value, depth: ("bound", id(value.function), identity(value.owner, depth)),
}


_HARMLESS: Final = Data | Opaque | Response
_NESTED: Final = 3
"""How deep in one another lists and dictionaries are looked into for what does something."""


def join(*values: Abstract | None) -> Abstract:
    """The value that may be any of these; of too many nothing is known but what does something."""
    return _joined(values, _NESTED)


def _joined(values: Sequence[Abstract | None], depth: int) -> Abstract:
    first = values[0] if values else None
    if first is not None:
        for value in values:
            if value is not first:
                break
        else:
            return first
    found: dict[Any, Abstract] = {}
    for value in values:
        if value is not None:
            for one in options(value):
                found.setdefault(identity(one), one)
    several = tuple(found.values())
    if len(several) == 1:
        return several[0]
    if not several:
        return NOTHING_KNOWN
    if len(several) > OPTIONS:
        every = [one for one in several if not isinstance(one, _HARMLESS | Dict | Array)]
        lost = any(not isinstance(one, External | Made) for one in every[OPTIONS * 4 :])
        lost = lost or any(isinstance(one, Opaque) and one.reason is LOST for one in several)
        doing = (*every[: OPTIONS * 4], *(_gathered(several, depth) if depth else ()))
        return (
            Many((*doing, Opaque(reason=LOST if lost else "it may be one of many"))) if doing else NOTHING_KNOWN
        )
    return Many(several)


def _gathered(several: Sequence[Abstract], depth: int) -> Iterator[Abstract]:
    """Of many lists and dictionaries that hold what does something: one that holds what any of them does."""
    arrays = [one for one in several if isinstance(one, Array) and _does(one, depth)]
    if arrays:
        columns = [one.items for one in arrays]
        like = not any(one.open for one in arrays) and len({len(one) for one in columns}) == 1
        rows = [*zip(*columns, strict=True)] if like else [[one for items in columns for one in items]]
        found = [_joined(row, depth - 1) for row in rows]
        yield Array(arrays[0].site, found, not like, lasting=any(one.lasting for one in arrays))
    dicts = [one for one in several if isinstance(one, Dict) and _does(one, depth)]
    if dicts:
        values: dict[str, list[Abstract]] = {}
        for one in dicts:
            for key, value in one.items.items():
                values.setdefault(key, []).append(value)
        items = {key: _joined(found, depth - 1) for key, found in values.items()}
        others = [other for one in dicts for other in one.others]
        yield Dict(dicts[0].site, items, others, open=True, lasting=any(one.lasting for one in dicts))


def _does(value: Abstract, depth: int) -> bool:
    """Whether a value does something when it is called, or holds what does."""
    match value:
        case Many(inside) | Array(items=inside):
            pass
        case Dict():
            inside = [*value.items.values(), *(one for _, one in value.others)]
        case _:
            return not isinstance(value, _HARMLESS)
    return depth > 0 and any(_does(one, depth - 1) for one in inside)


def plain(value: Abstract | None) -> Any:
    """The object itself where it is known and simple; ``None`` otherwise, as for ``None`` itself."""
    match value:
        case Data(Known(object_)):
            return object_
        case _:
            return None


def texts(value: Abstract | None) -> tuple[str, ...]:
    """The known texts among what a value may be."""
    if value is None:
        return ()
    found = (plain(one) for one in options(value))
    return tuple(one for one in found if isinstance(one, str))


def is_none(value: Abstract) -> bool:
    return isinstance(value, Data) and isinstance(value.value, Known) and value.value.value is None


def without_none(value: Abstract) -> Abstract:
    """What a value is, if it is something."""
    several = options(value)
    left = [one for one in several if not is_none(one)]
    return join(*left) if left and len(left) < len(several) else value
