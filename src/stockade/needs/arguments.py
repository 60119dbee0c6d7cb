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

    ``variables`` are known by name, ``rest`` says why there may be others, and is ``None`` where there are none.
    ``free`` says that there is no infrastructure at all: then a variable is a name for what it holds.
    """

    variables: Mapping[str, Value[Any]] = field(default_factory=dict)
    rest: Unknown | None = None
    free: bool = False

    @staticmethod
    def of(value: Value[Mapping[str, Value[str]]]) -> Environment:
        """That of a function's configuration."""
        if isinstance(value, Known):
            return Environment(value.value)
        items = value.open.items if value.open is not None else {}
        return Environment(items if isinstance(items, dict) else {}, value)

    def pieces(self, name: str) -> Pieces:
        """What a variable holds, as text."""
        value = self.variables.get(name)
        if value is None:
            return (Hole(f"environment.{name}", name),)
        return through(value)


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
    """Whether a call has a parameter; ``None`` where that is not known."""
    found = list(follow(call, path))
    if any(isinstance(one, Known) and one.value not in (None, (), "") for one in found):
        return True
    if found:
        return None if any(isinstance(one, Unknown) and not _is_named(one) for one in found) else bool(_sure(found))
    return None if not call.complete and "." not in path else False


def _sure(found: list[Value[Any]]) -> list[Value[Any]]:
    return [one for one in found if not (isinstance(one, Known) and one.value in (None, (), ""))]


def _is_named(value: Unknown) -> bool:
    return value.text is not None


def follow(call: Call, path: str) -> Iterator[Value[Any]]:
    """The values at the end of a path: ``Name``, ``Names[]``, ``Entries[].EventBusName``, ``RequestItems{}``.

    Where something on the way is not known that is what is given.
    """
    head, *steps = path.split(".")
    name = head.removesuffix("[]").removesuffix("{}")
    found = call.arguments.get(name)
    if found is not None:
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
                for name in members:
                    if isinstance(name, str):
                        yield Known(name, value.origin)
                    else:
                        yield name
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
