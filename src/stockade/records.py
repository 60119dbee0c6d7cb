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
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
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
