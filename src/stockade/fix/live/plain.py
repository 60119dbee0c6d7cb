"""Values that were read of an account as plain data again, for commands that give the whole of a setting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from stockade.errors import FixError
from stockade.read.resource import Resource
from stockade.secrets.formats import matches
from stockade.value import Known, Unknown, Value

ABSENT: Final = None
"""What is not there; AWS leaves members out rather than to say null."""


def plain(value: Value[Any]) -> Any:
    """A value as JSON has it. Raises ``FixError`` where a part of it is not known."""
    match value:
        case Unknown(reason):
            raise FixError(f"what is there now is not known, and would be replaced: {reason}")
        case Known(Mapping() as members):
            return {name: plain(one) for name, one in members.items()}
        case Known(tuple() | list() as items):
            return [plain(one) for one in items]
        case Known(Decimal() as number):
            return int(number) if number == number.to_integral_value() else float(number)
        case Known(str() as text):
            return str(text)
        case Known(other):
            return other


def member(resource: Resource | None, *path: str) -> Value[Any] | None:
    """What stands at a path of an answer; ``None`` where nothing does."""
    if resource is None:
        return None
    value: Value[Any] | None = resource.attributes.get(path[0])
    for step in path[1:]:
        if isinstance(value, Unknown):
            return value
        inner = value.value if value is not None else None
        value = inner.get(step) if isinstance(inner, Mapping) else None
    return value


def given(resource: Resource | None, *path: str) -> Any:
    """The same as plain data."""
    value = member(resource, *path)
    return ABSENT if value is None else plain(value)


def text(resource: Resource | None, *path: str) -> str:
    """A text that has to be there to name what is changed."""
    found = given(resource, *path)
    if not isinstance(found, str) or not found:
        raise FixError(f"`{'.'.join(path)}` is not there, which would name what is changed")
    return found


def differ(one: Value[Any] | None, other: Value[Any] | None) -> bool:
    """Whether two values say something else."""
    return bool(_shape(one) != _shape(other))


def _shape(value: Value[Any] | None) -> Any:
    match value:
        case None | Known(None):
            return None
        case Unknown(reason):
            return ("?", reason)
        case Known(Mapping() as members):
            return {name: _shape(one) for name, one in members.items()}
        case Known(tuple() | list() as items):
            return [_shape(one) for one in items]
        case Known(other):
            return other


def hold_back(text: str) -> None:
    """Raises ``FixError`` for a text with a key in it, or one of which a key was cut off as it was read."""
    if any(True for _ in matches(text)) or _CUT in text or _CUT.encode("unicode-escape").decode() in text:
        raise FixError("there is a key in what would have to be given, which is not shown")


_CUT: Final = "…"
"""What an account's answers have in the place of the rest of a key."""
