"""Policies as formulas for Z3: a second opinion on small ones, and a rival to be measured against.

Plain JSON, identity-based, without variables and without set operators; string, boolean and ARN-free
conditions only. Keys have a text and a switch that says whether they are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import z3

Json: TypeAlias = Mapping[str, Any]

OPERATORS: Final = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotEqualsIfExists",
    "StringLikeIfExists",
    "Null",
)
"""What can be said of a condition here."""

_ANY = z3.AllChar(z3.ReSort(z3.StringSort()))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _language(glob: str, *, wild: bool = True) -> Any:
    """A glob as a regular expression of Z3's."""
    parts: list[Any] = []
    text = ""
    for letter in glob:
        if wild and letter in "*?":
            if text:
                parts.append(z3.Re(z3.StringVal(text)))
                text = ""
            parts.append(z3.Star(_ANY) if letter == "*" else _ANY)
        else:
            text += letter
    if text or not parts:
        parts.append(z3.Re(z3.StringVal(text)))
    return z3.Concat(*parts) if len(parts) > 1 else parts[0]


class Opinion:
    """One question to Z3: what two policies say of the same request."""

    def __init__(self) -> None:
        self.action, self.resource = z3.String("action"), z3.String("resource")
        self.keys: dict[str, tuple[Any, Any]] = {}

    def _key(self, key: str) -> tuple[Any, Any]:
        name = key.lower()
        return self.keys.setdefault(name, (z3.String(name), z3.Bool(f"{name} is there")))

    def _one_of(self, text: Any, globs: Sequence[str], *, wild: bool = True) -> Any:
        return z3.Or(*(z3.InRe(text, _language(one, wild=wild)) for one in globs))

    def _condition(self, operator: str, key: str, values: Sequence[str]) -> Any:
        text, there = self._key(key)
        name = operator.removesuffix("IfExists")
        if name == "Null":
            return z3.Or(*(z3.Not(there) if one == "true" else there for one in values))
        fits = self._one_of(text, values, wild=name.endswith("Like"))
        if "Not" in name:
            return z3.Or(z3.Not(there), z3.Not(fits))
        return z3.Or(z3.Not(there), fits) if operator != name else z3.And(there, fits)

    def _statement(self, statement: Json) -> Any:
        parts: list[Any] = []
        for element, text in (("Action", self.action), ("Resource", self.resource)):
            if element in statement:
                globs = [one.lower() if element == "Action" else one for one in _listed(statement[element])]
                parts.append(self._one_of(text, globs))
            else:
                globs = [
                    one.lower() if element == "Action" else one for one in _listed(statement[f"Not{element}"])
                ]
                parts.append(z3.Not(self._one_of(text, globs)))
        for operator, block in statement.get("Condition", {}).items():
            parts += (self._condition(operator, key, _listed(values)) for key, values in block.items())
        return z3.And(*parts)

    def allows(self, policy: Json) -> Any:
        """That a policy allows the request and does not deny it."""
        of = {"Allow": [], "Deny": []}  # type: dict[str, list[Any]]
        for statement in policy["Statement"]:
            of[statement["Effect"]].append(self._statement(statement))
        return z3.And(z3.Or(*of["Allow"]), z3.Not(z3.Or(*of["Deny"])))


def no_wider_than(new: Json, old: Json, *, milliseconds: int = 5_000) -> bool | None:
    """Whether there is no request that only the new policy allows; ``None`` where Z3 does not say in time."""
    opinion = Opinion()
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.add(opinion.allows(new), z3.Not(opinion.allows(old)))
    # Some action of some service, on something: as the engine thinks of requests.
    solver.add(z3.InRe(opinion.action, _language("?*:?*")))
    solver.add(z3.Or(opinion.resource == "*", z3.InRe(opinion.resource, _language("arn:?*:?*:*:*:?*"))))
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.unsat
