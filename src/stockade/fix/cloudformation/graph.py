"""What in a template refers to what: a fix must not make a circle, nor refer to what may not be made."""

from __future__ import annotations

from typing import Final, TypeAlias

from stockade.errors import FixError
from stockade.fix.layout import Part
from stockade.patterns import lazy_regex

_INSIDE: Final = lazy_regex(r"\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}")


_REFERRING: Final = ("Ref", "Fn::GetAtt", "DependsOn")


_Guarded: TypeAlias = tuple[str, tuple[str, ...]]
"""A name that is referred to, and the conditions of the ``Fn::If`` around, either branch of them."""


class CircleError(FixError):
    """A fix would make resources wait for one another."""


class Graph:
    """The resources of one template, each with those that have to be there before it, and its condition."""

    def __init__(self, root: Part) -> None:
        self.conditions: dict[str, str] = {}
        self.edges: dict[str, set[str]] = {}
        self.guarded: dict[str, set[_Guarded]] = {}
        resources = root.member("Resources") if root.kind == "map" else None
        declared = resources[1].members if resources is not None and resources[1].kind == "map" else []
        names = {str(key.value) for key, _ in declared}
        for key, value in declared:
            name = str(key.value)
            self.guarded[name] = {one for one in _referred(value) if one[0] in names and one[0] != name}
            self.edges[name] = {one for one, _ in self.guarded[name]}
            condition = value.member("Condition") if value.kind == "map" else None
            if condition is not None and isinstance(condition[1].value, str):
                self.conditions[name] = condition[1].value

    def hold(self, before: Graph) -> None:
        """Raise ``FixError`` for a new circle, or a new reference to what is not always made."""
        for name in self.edges:
            if self.guarded[name] == before.guarded.get(name):
                continue
            circle = self._circle(name)
            if circle and before._circle(name) is None:
                shown = " -> ".join(f"`{one}`" for one in circle)
                raise CircleError(
                    f"{shown} would be a circle, which CloudFormation refuses",
                    help="give the function a fixed name, or move the statement into an `AWS::IAM::Policy`",
                )
            for other, asked in sorted(self.guarded[name] - before.guarded.get(name, set())):
                condition = self.conditions.get(other)
                if condition is not None and condition != self.conditions.get(name) and condition not in asked:
                    raise FixError(
                        f"`{name}` would refer to `{other}`, which is made only if `{condition}` is met",
                        help="make the change by hand, under that condition",
                    )

    def _circle(self, start: str) -> list[str] | None:
        """The shortest way from a resource back to itself."""
        ways: list[list[str]] = [[start]]
        seen: set[str] = set()
        for way in ways:
            for other in sorted(self.edges.get(way[-1], ())):
                if other == start:
                    return [*way, start]
                if other not in seen:
                    seen.add(other)
                    ways.append([*way, other])
        return None


def _referred(part: Part, of: str = "", asked: tuple[str, ...] = ()) -> set[_Guarded]:
    """The names that a part refers to, those of parameters among them, each with the conditions that are asked
    on the way; ``of`` is the function around it."""
    of = part.function or of
    if part.kind == "scalar" and isinstance(part.value, str):
        if of == "Fn::Sub":
            return {(name, asked) for name in _INSIDE.findall(part.value)}
        return {(part.value.partition(".")[0], asked)} if of in _REFERRING else set()
    if of == "Fn::If" and part.items and isinstance(part.items[0].value, str):
        asked = (*asked, part.items[0].value)
        of = ""
    out: set[_Guarded] = set()
    for one in part.items:
        out |= _referred(one, of, asked)
    for key, one in part.members:
        out |= _referred(one, str(key.value), asked)
    return out
