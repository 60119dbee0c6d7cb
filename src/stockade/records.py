"""Dataclasses whose methods are written when they are first called.

A scan imports some three hundred dataclasses and uses a third of them. The standard library writes and compiles
five methods for each of them at once, which took as long as everything else that happens before the first file
is read. ``dataclass`` here means the same to a reader and to the type checker; at run time

- ``__init__``, ``__eq__`` and ``__hash__`` are compiled by the first call that needs them;
- ``frozen`` gives the hash that it gives there, and is held by the type checker alone: assigning through
  ``object.__setattr__``, as a frozen ``__init__`` has to, would take three times as long, and a scan makes
  hundreds of thousands of records.

``field``, ``fields`` and ``replace`` are those of ``dataclasses``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass

T = TypeVar("T")

_UNSET: Any = object()

if not TYPE_CHECKING:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        eq: bool = True,
        repr: bool = True,
        kw_only: bool = False,
    ) -> Any:
        """A class as ``dataclasses.dataclass`` makes it, with the same arguments."""

        def wrap(cls: type) -> type:
            if cls.__doc__ is None:
                cls.__doc__ = cls.__name__  # or the signature would be looked up, which takes long
            own = vars(cls)
            hashed = own.get("__hash__") is not None or ("__hash__" in own and "__eq__" not in own)
            made = _made(cls, slots=slots, kw_only=kw_only)
            own = vars(made)
            if "__init__" not in own:
                made.__init__ = _initialiser(made)
            if repr and "__repr__" not in own:
                made.__repr__ = _repr
            if eq:
                if "__eq__" not in own:
                    made.__eq__ = _equality(made)
                if not hashed:
                    made.__hash__ = _hash(made) if frozen else None
            return made

        return wrap if cls is None else wrap(cls)


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots: what most of a scan's values are."""
    return dataclass(frozen=True, slots=True)(cls)


# ------------------------------------------------------------------------------------------ fields

_FIELDS = "__dataclass_fields__"
_MATCHED = "__match_args__"
_SPECIAL = ("ClassVar", "InitVar", "KW_ONLY")
"""Annotations that are no fields."""


def _made(cls: type, *, slots: bool, kw_only: bool) -> Any:
    """The class without methods, whose fields are found out when somebody asks for them.

    Where what a field is takes more than a look at its name, all is as the standard library has it.
    """
    own = vars(cls)
    names = tuple(cls.__annotations__)
    if any(special in text for text in cls.__annotations__.values() for special in _SPECIAL) or any(
        _FIELDS in vars(base) and "__slots__" not in vars(base) for base in cls.__mro__[1:] if slots
    ):
        return _whole(cls, slots=slots, kw_only=kw_only)
    later = _Later(_FIELDS, {name: own[name] for name in names if name in own}, kw_only)
    added: dict[str, Any] = {_FIELDS: later, "__dataclass_params__": _PARAMS}
    if _MATCHED not in own:
        added[_MATCHED] = _Later(_MATCHED, later.defaults, kw_only)
    made = _with_slots(cls, names, added) if slots else _with_defaults(cls, later.defaults, added)
    for one in added.values():
        if isinstance(one, _Later):
            one.owner = made
    return made


def _whole(cls: type, *, slots: bool = False, kw_only: bool = False) -> Any:
    return dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)


_SAMPLE = vars(_whole(type("_", (), {"__doc__": "one field", "__annotations__": {"field": "int"}})))
_PARAMS = _SAMPLE["__dataclass_params__"]
"""What ``dataclasses`` asks of the bases of a class."""
_PLAIN = _SAMPLE[_FIELDS]["field"]._field_type
"""What ``dataclasses`` calls a field that is neither a class's own variable nor for initialising alone."""


def _with_slots(cls: type, names: tuple[str, ...], added: dict[str, Any]) -> type:
    """The same class with a slot for every field of its own."""
    there = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    space = {name: value for name, value in vars(cls).items() if name not in names}
    for name in ("__dict__", "__weakref__"):
        space.pop(name, None)
    space["__slots__"] = tuple(name for name in names if name not in there)
    made = type(cls)(cls.__name__, cls.__bases__, space | added)
    made.__qualname__ = cls.__qualname__
    return made


def _with_defaults(cls: type, defaults: dict[str, Any], added: dict[str, Any]) -> type:
    """The class itself, in which a field's default stands under its name."""
    for name, value in defaults.items():
        if isinstance(value, dataclasses.Field):
            if value.default is dataclasses.MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, value.default)
    for name, value in added.items():
        setattr(cls, name, value)
    return cls


class _Later:
    """Stands for what ``dataclasses`` would have written into a class, until somebody asks for it.

    ``defaults`` are what the class said of its fields beside their types.
    """

    owner: type

    def __init__(self, name: str, defaults: dict[str, Any], kw_only: bool) -> None:
        self.name = name
        self.defaults = defaults
        self.kw_only = kw_only

    def __get__(self, _: Any, cls: type) -> Any:
        owner = self.owner
        found: dict[str, Any] = {}
        for base in reversed(owner.__mro__[1:]):
            if _FIELDS in vars(base):
                found.update(getattr(base, _FIELDS))
        for name, text in owner.__annotations__.items():
            said = self.defaults.get(name, dataclasses.MISSING)
            one: Any = said if isinstance(said, dataclasses.Field) else dataclasses.field(default=said)
            one.name, one.type, one._field_type = name, text, _PLAIN
            if one.kw_only is dataclasses.MISSING:
                one.kw_only = self.kw_only
            found[name] = one
        setattr(owner, _FIELDS, found)
        if isinstance(vars(owner)[_MATCHED], _Later):
            setattr(owner, _MATCHED, tuple(one.name for one in found.values() if one.init and not one.kw_only))
        return vars(owner)[self.name]


# ------------------------------------------------------------------------------------------ methods


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(_shown(self))})"


def _shown(self: Any) -> list[str]:
    return [f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr]


def _initialiser(cls: type) -> Callable[..., None]:
    def first(self: Any, *args: Any, **named: Any) -> None:
        _compiled(cls, "__init__", *_init_text(cls))(self, *args, **named)

    return first


def _equality(cls: type) -> Callable[[Any, Any], Any]:
    def first(self: Any, other: Any) -> Any:
        equal = f"{_compared(cls, 'self')} == {_compared(cls, 'other')}"
        same = "other.__class__ is self.__class__"
        text = f"def __eq__(self, other): return {equal} if {same} else NotImplemented"
        return _compiled(cls, "__eq__", text, {})(self, other)

    return first


def _hash(cls: type) -> Callable[[Any], int]:
    def first(self: Any) -> int:
        text = f"def __hash__(self): return hash({_compared(cls, 'self', hashed=True)})"
        found: int = _compiled(cls, "__hash__", text, {})(self)
        return found

    return first


def _compared(cls: type, holder: str, *, hashed: bool = False) -> str:
    """The tuple of what counts."""
    counts = (
        one.name
        for one in dataclasses.fields(cls)
        if (one.hash if hashed and one.hash is not None else one.compare)
    )
    return f"({''.join(f'{holder}.{name},' for name in counts)})"


def _init_text(cls: type) -> tuple[str, dict[str, Any]]:
    """The text of ``__init__``, and the defaults that it names."""
    names: dict[str, Any] = {"_UNSET": _UNSET}
    plain: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for one in dataclasses.fields(cls):
        value = one.name
        default = f"_default_{one.name}"
        if one.default_factory is not dataclasses.MISSING:
            names[default] = one.default_factory
            value = f"{default}() if {one.name} is _UNSET else {one.name}" if one.init else f"{default}()"
        elif one.default is not dataclasses.MISSING:
            names[default] = one.default
            value = value if one.init else default
        elif not one.init:
            continue
        body.append(f" self.{one.name} = {value}")
        if one.init:
            has_factory = one.default_factory is not dataclasses.MISSING
            given = "" if default not in names else "=_UNSET" if has_factory else f"={default}"
            (named if one.kw_only else plain).append(one.name + given)
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    arguments = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    return "\n".join([f"def __init__({arguments}):", *(body or [" pass"])]), names


def _compiled(cls: type, name: str, text: str, names: dict[str, Any]) -> Any:
    """The method that a text is, which from now on is the class's own."""
    space: dict[str, Any] = {}
    exec(text, names, space)  # noqa: S102 - of the names of fields, which are Python's own
    made = space[name]
    made.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, made)
    return made
