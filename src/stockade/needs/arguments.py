"""What a call's parameters hold, by paths through them, with the environment put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from stockade.code.facts import ENVIRONMENT, Call
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, text_of

Pieces: TypeAlias = tuple[str | Ref | Hole, ...]
"""A text as far as it is known."""

ANY: Final = Hole("*", "*")
"""What only the running code knows: part of an event, of an answer."""


@dataclass(frozen=True)
class Environment:
    """What the variables of a function's environment hold.

    ``variables`` are known by name, and others may be there where ``whole`` is false. ``defaults`` are what the
    source takes where one is not set.
    """

    variables: Mapping[str, Value[Any]] = field(default_factory=dict)
    defaults: Mapping[str, Value[Any]] = field(default_factory=dict)
    whole: bool = True

    @staticmethod
    def of(value: Value[Mapping[str, Value[str]]], defaults: Mapping[str, Value[Any]]) -> Environment:
        """That of a function's configuration."""
        if isinstance(value, Known):
            return Environment(value.value, defaults)
        items = value.open.items if value.open is not None else {}
        return Environment(items if isinstance(items, dict) else {}, defaults, whole=False)

    def pieces(self, name: str) -> Pieces:
        """What a variable holds, as text."""
        value = self.variables.get(name)
        if value is not None:
            return through(value)
        usual = self.defaults.get(name)
        if self.whole and isinstance(usual, Known) and isinstance(usual.value, str) and usual.value:
            return (usual.value,)
        return (Hole(f"environment.{name}", name),)


def through(value: Value[Any]) -> Pieces:
    """A value of the infrastructure's as text; what was read through a resource's attribute is a reference."""
    match value:
        case Known(text, _, Ref() as ref) if isinstance(text, str):
            return (Ref(ref.address, ref.attribute, text_of(text), ref.type),)
        case Known(str() as text):
            return (str(text),) if text else ()
        case Known(None):
            return ()
        case Known(bool() as flag):
            return ("true" if flag else "false",)
        case Known(int() | float() as number):
            return (str(number),)
        case Unknown(text=Text()):
            return parts_of(value)
        case Unknown(behind=(Ref() as only,)):
            return (only,)
        case Unknown():
            return (Hole(value.reason),)
        case _:
            return (ANY,)


def expanded(value: Value[Any], environment: Environment) -> Pieces:
    """A value of the code's as text: variables of the environment are what the function is given."""
    match value:
        case Known(str() as text):
            return (str(text),) if text else ()
        case Known(int() | float() as number) if not isinstance(number, bool):
            return (str(number),)
        case Unknown(text=Text(parts)):
            out: list[str | Ref | Hole] = []
            for part in parts:
                if isinstance(part, Ref) and part.address == ENVIRONMENT:
                    out += environment.pieces(part.attribute)
                else:
                    out.append(ANY if isinstance(part, Hole) else part)
            return text_of(*out).parts
        case _:
            return (ANY,)


def is_there(call: Call, path: str) -> bool | None:
    """Whether a call has a parameter; ``None`` where that is not known. One that is written is there."""
    found = list(follow(call, path))
    if found:
        return any(not (isinstance(one, Known) and one.value in (None, (), "")) for one in found)
    return None if not call.complete and "." not in path else False


def follow(call: Call, path: str) -> Iterator[Value[Any]]:
    """The values at the end of a path: ``Name``, ``Names[]``, ``Entries[].EventBusName``, ``RequestItems{}``.

    Where something on the way is not known that is what is given.
    """
    head, *steps = path.split(".")
    name = head.removesuffix("[]").removesuffix("{}")
    found = call.arguments.get(name)
    if head.endswith("{}") and name in call.names:
        yield from call.names[name]
    elif found is not None:
        yield from _into(found, head[len(name) :], steps)


def _into(value: Value[Any], mark: str, steps: list[str]) -> Iterator[Value[Any]]:
    if mark == "[]":
        match value:
            case Known(tuple() | list() as items):
                for one in items:
                    yield from _into(one, "", steps)
            case Known(str()):
                yield from _into(value, "", steps)
            case _:
                yield Unknown(_reason(value), value.origin)
    elif mark == "{}":
        match value:
            case Known(Mapping() as members):
                yield from (Known(name, value.origin) for name in members)
            case _:
                yield Unknown(_reason(value), value.origin)
    elif not steps:
        yield value
    else:
        step, *rest = steps
        name = step.removesuffix("[]").removesuffix("{}")
        match value:
            case Known(Mapping() as members):
                if name in members:
                    yield from _into(members[name], step[len(name) :], rest)
            case Unknown():
                yield Unknown(value.reason, value.origin)
            case _:
                return


def _reason(value: Value[Any]) -> str:
    return value.reason if isinstance(value, Unknown) else "it is not a list of texts"
