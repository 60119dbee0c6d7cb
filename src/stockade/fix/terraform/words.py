"""From the model's attributes to Terraform's arguments and blocks, as far as the bytes are concerned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.terraform.hcl import Name, Raw, arguments, expression
from stockade.fix.terraform.spots import Step
from stockade.records import dataclass

MAPS: Final = frozenset({"dimensions", "tags", "variables"})
"""Arguments that are maps: what stands below is a member, where else it would be an argument of a block."""


@dataclass
class Content:
    """What stands in a block: arguments by name, and blocks by their type, in their order."""

    arguments: dict[str, Any] = field(default_factory=dict)
    blocks: dict[str, list[Content]] = field(default_factory=dict)

    def put(self, steps: tuple[Step, ...], value: Any) -> None:
        """Set what stands at the end of some steps, making the blocks on the way."""
        head, *rest = steps
        if not rest:
            self.arguments[str(head)] = value
        elif head in MAPS:
            self.arguments.setdefault(str(head), {})[rest[0]] = value
        else:
            index, inner = (rest[0], rest[1:]) if isinstance(rest[0], int) else (0, rest)
            made = self.blocks.setdefault(str(head), [])
            if index > len(made):
                raise FixError(f"there is no `{head}` number {index}")
            if index == len(made):
                made.append(Content())
            made[index].put(tuple(inner), value)

    def lines(self, name: Name, indent: str) -> list[str]:
        """The arguments and blocks, indented; blocks stand apart."""
        out = arguments(self.arguments, name, indent)
        for kind, contents in self.blocks.items():
            for one in contents:
                out += [""] if out else []
                out += block(kind, one, name, indent)
        return out


def block(kind: str, content: Content, name: Name, indent: str) -> list[str]:
    """A block with its content."""
    return [f"{indent}{kind} {{", *content.lines(name, indent + "  "), f"{indent}}}"]


def document(value: Any, name: Name, indent: str) -> Raw:
    """A policy document as an argument has it."""
    return Raw(f"jsonencode({expression(value, name, indent)})")


def nested(steps: Iterable[Step], value: Any) -> tuple[str, Any]:
    """A name and the value to give it where several names are missing one in another, in an object."""
    first, *rest = steps
    for step in reversed(rest):
        value = {str(step): value}
    return str(first), value
