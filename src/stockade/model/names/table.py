"""What a row of the table of names is, and what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cached_property
from typing import Final, Literal, TypeAlias

from stockade.model.subject import Subject
from stockade.model.typed import Read, text
from stockade.records import dataclass

Dialect: TypeAlias = Literal["terraform", "cloudformation", "api"]
DIALECTS: Final[tuple[Dialect, ...]] = ("terraform", "cloudformation", "api")


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute. ``element`` names what a list of nested objects holds."""

    attribute: str
    terraform: str
    cloudformation: str
    api: str
    read: Read = text
    element: Names | None = None

    def path(self, dialect: Dialect) -> str:
        """What the dialect calls it; empty where it has no such thing."""
        match dialect:
            case "terraform":
                return self.terraform
            case "cloudformation":
                return self.cloudformation
            case "api":
                return self.api


Step: TypeAlias = tuple[Row, tuple[str, ...], bool]
"""A row, the names of its path after the first, and whether the first is a list to go through."""


@dataclass(frozen=True)
class Names:
    """A model type and the resource types it is made of, each with the rows that read it.

    ``api`` is the call whose answer the API paths lead into.
    """

    model: type[Subject]
    terraform: tuple[str, ...]
    cloudformation: tuple[str, ...]
    api: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def required(self) -> Mapping[Dialect, tuple[tuple[str, str], ...]]:
        """The attributes of the model that AWS has no default for, with what each dialect calls them."""
        own = {row.attribute for row in self.rows}
        names = [one.name for one in fields(self.model) if one.default is MISSING and one.name in own]
        return {
            dialect: tuple((name, self.path(name, dialect) or name) for name in names) for dialect in DIALECTS
        }

    def path(self, attribute: str, dialect: Dialect) -> str:
        """What a dialect calls an attribute, which may lead into a list (``inline_policies[0].document``).

        After a dot stands a member of a map (``environment.TABLE``). Raises ``KeyError`` for an attribute
        that is not in the table.
        """
        name, bracket, rest = attribute.partition("[")
        name, dot, member = name.partition(".")
        row = self._by_attribute[name]
        if not bracket:
            path = row.path(dialect)
            return f"{path}{dot}{member}" if path else ""
        index, _, inner = rest.partition("].")
        below = row.element.path(inner, dialect) if row.element else inner
        return f"{row.path(dialect)}[{index}].{below}"

    @cached_property
    def _by_attribute(self) -> Mapping[str, Row]:
        return {row.attribute: row for row in self.rows}

    @cached_property
    def by_head(self) -> Mapping[Dialect, Mapping[str, tuple[Step, ...]]]:
        """For every dialect how to read what stands under the first name of a path."""
        out: dict[Dialect, dict[str, tuple[Step, ...]]] = {}
        for dialect in DIALECTS:
            heads: dict[str, tuple[Step, ...]] = out.setdefault(dialect, {})
            for row in self.rows:
                if path := row.path(dialect):
                    first, *rest = path.split(".")
                    head = first.removesuffix("[]")
                    heads[head] = (*heads.get(head, ()), (row, tuple(rest), head != first))
        return out
