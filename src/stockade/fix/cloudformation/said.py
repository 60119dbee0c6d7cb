"""What a resource says, and the steps that lead to it in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.layout import Path
from stockade.model.names import names_of
from stockade.read.resource import Resource
from stockade.value import Default, Known, Value

_BY_HAND: Final = "make the change by hand"
_NOWHERE: Final = Default("a resource as a whole")


class Evaluated:
    """What a resource says, step by step, as far as it is known."""

    def __init__(self, resource: Resource) -> None:
        self._attributes = resource.attributes

    def at(self, steps: Path) -> Value[Any] | None:
        value: Any = Known(self._attributes, _NOWHERE)
        for name in steps:
            at: Any = name
            inner = value.value if isinstance(value, Known) else None
            if (isinstance(inner, Mapping) and isinstance(name, str) and name in inner) or (
                isinstance(inner, tuple | list) and isinstance(name, int) and name < len(inner)
            ):
                value = inner[at]
            elif isinstance(inner, Mapping) and name == 0:
                continue
            else:
                return None
        found: Value[Any] = value
        return found


def prefix_of(address: str) -> str:
    """The stacks that an address leads through, each with its dot; empty for the template itself."""
    stack, _, _ = address.rpartition(".")
    return f"{stack}." if stack else ""


def steps_of(resource: Resource, attribute: str) -> Path:
    """What CloudFormation calls an attribute of the model, as the steps that lead to it."""
    names = names_of(resource.dialect, resource.type)
    try:
        path = names.path(attribute, resource.dialect) if names else ""
    except KeyError:
        path = ""
    if not path or "[]" in path:
        raise FixError(
            f"`{attribute}` of `{resource.address}` cannot be changed as a whole",
            help="make the change by hand",
        )
    steps: list[str | int] = []
    for one in path.split("."):
        name, _, index = one.partition("[")
        steps.append(name)
        if index:
            steps.append(int(index.rstrip("]")))
    return tuple(steps)
