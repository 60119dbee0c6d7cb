"""What a call's parameters hold, by paths through them, with the environment put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Final, TypeAlias

from stockade.code.facts import ENVIRONMENT, Call
from stockade.records import dataclass
from stockade.value import Hole, Known, Open, Ref, Text, Unknown, Value, elements_of, parts_of, text_of

Pieces: TypeAlias = tuple[str | Ref | Hole, ...]
"""A text as far as it is known."""

ANY: Final = Hole("*", "*")
"""What only the running code knows: part of an event, of an answer."""


@dataclass(frozen=True)
class Environment:
    """What the variables of a function's environment hold.

    ``variables`` are known by name, and others may be there where ``whole`` is false. ``defaults`` are what the
    source takes where one is not set. ``free`` says that nobody knows what is set: then a variable is as
    good a name as any.
    """

    variables: Mapping[str, Value[Any]] = field(default_factory=dict)
    defaults: Mapping[str, Value[Any]] = field(default_factory=dict)
    whole: bool = True
    free: bool = False

    @staticmethod
    def of(
        value: Value[Mapping[str, Value[str]]],
        defaults: Mapping[str, Value[Any]],
        reserved: Mapping[str, Value[Any]] | None = None,
    ) -> Environment:
        """That of a function's configuration, with what Lambda sets itself."""
        if isinstance(value, Known):
            return Environment({**value.value, **(reserved or {})}, defaults)
        items = value.open.items if value.open is not None else {}
        known = items if isinstance(items, dict) else {}
        return Environment({**known, **(reserved or {})}, defaults, whole=False)

    def pieces(self, name: str) -> Pieces:
        """What a variable holds, as text."""
        value = self.variables.get(name)
        if value is not None:
            return through(value)
        usual = self.defaults.get(name)
        if (
            self.whole
            and not self.free
            and isinstance(usual, Known)
            and isinstance(usual.value, str)
            and usual.value
        ):
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


@dataclass
class Followed:
    """The values at the end of a path; ``lost`` says why there may be others."""

    values: list[Value[Any]] = field(default_factory=list)
    lost: Unknown | None = None


def is_there(call: Call, path: str) -> bool | None:
    """Whether a call has a parameter; ``None`` where that is not known. One that is written is there."""
    found = followed(call, path)
    if any(not (isinstance(one, Known) and one.value in (None, (), "")) for one in found.values):
        return True
    if found.lost is not None:
        return None
    return None if not found.values and not call.complete and "." not in path else False


def follow(call: Call, path: str) -> list[Value[Any]]:
    """The values at the end of a path, and what is not known on the way there."""
    found = followed(call, path)
    return [*found.values, *([found.lost] if found.lost is not None else [])]


def followed(call: Call, path: str) -> Followed:
    """Follow a path: ``Name``, ``Names[]``, ``Entries[].EventBusName``, ``RequestItems{}``."""
    head, *steps = path.split(".")
    name = head.removesuffix("[]").removesuffix("{}")
    found = call.arguments.get(name)
    out = Followed()
    if head.endswith("{}") and name in call.names:
        out.values += call.names[name]
    elif found is not None:
        _into(found, head[len(name) :], steps, out)
    return out


def _into(value: Value[Any], mark: str, steps: list[str], out: Followed) -> None:
    if mark == "[]":
        if isinstance(value, Known) and isinstance(value.value, str):
            _into(value, "", steps, out)
            return
        elements = elements_of(value)
        if elements is None and isinstance(value, Known) and isinstance(value.value, list):
            elements = tuple(value.value)
        if elements is None:
            out.lost = out.lost or Unknown(_reason(value), value.origin)
            return
        for one in elements:
            if isinstance(one, Unknown) and one.text is None and one.open is None:
                out.lost = out.lost or one  # it may stand for any number of them
            else:
                _into(one, "", steps, out)
        if isinstance(value, Unknown):
            out.lost = out.lost or value if not elements else out.lost
    elif mark == "{}":
        members = members_of(value)
        out.values += (Known(name, value.origin) for name in members or ())
        if members is None:
            out.lost = out.lost or Unknown(_reason(value), value.origin)
    elif not steps:
        out.values.append(value)
    else:
        step, *rest = steps
        name = step.removesuffix("[]").removesuffix("{}")
        members = members_of(value)
        if members is not None and name in members:
            _into(members[name], step[len(name) :], rest, out)
        elif isinstance(value, Unknown):
            out.lost = out.lost or Unknown(value.reason, value.origin)


def members_of(value: Value[Any]) -> Mapping[str, Value[Any]] | None:
    """The members of a map as far as they are known; ``None`` for anything else."""
    match value:
        case Known(Mapping() as members):
            return members
        case Unknown(open=Open(dict() as members)):
            return members
        case _:
            return None


def _reason(value: Value[Any]) -> str:
    return value.reason if isinstance(value, Unknown) else "it is not a list of texts"


def inside(call: Call) -> Iterator[tuple[str, Value[Any]]]:
    """What a call is given, by paths: its parameters, and the members and elements of what they are made of."""
    waiting = [*call.arguments.items()]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        waiting += ((f"{path}.{name}", one) for name, one in (members_of(value) or {}).items())
        if not isinstance(value, Known) or not isinstance(value.value, str):
            listed = elements_of(value) or ()
            waiting += ((f"{path}[]", one) for one in listed if members_of(one) is not None)
