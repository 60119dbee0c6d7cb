"""The place that decides a property: itself, or what a condition, a parameter or a map puts there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.cloudformation.home import Index, written
from stockade.fix.draft import Draft
from stockade.fix.layout import Part, Path, plain, walk
from stockade.value import Known, Unknown, Value

_NO_VALUE: Final = {"Ref": "AWS::NoValue"}
_LITERAL: Final = "write the value where it is used"


def call_of(part: Part | None) -> str:
    """The function that a part calls, by tag or by name; empty where it calls none."""
    if part is None:
        return ""
    if part.function:
        return part.function
    if part.kind == "map" and len(part.members) == 1:
        name = str(part.members[0][0].value)
        return name if name == "Ref" or name.startswith("Fn::") else ""
    return ""


def settled(draft: Draft, base: Path, steps: Path, values: Sequence[Value[Any] | None]) -> Path:
    """The path of a property, through the branch of every ``Fn::If`` on the way that counts.

    ``values`` are what stands at every step as it was evaluated, ``None`` where nothing does. Raises
    ``FixError`` where something on the way is made by a function that cannot be gone into.
    """
    path = base
    for depth in range(len(steps) + 1):
        value = values[depth - 1] if depth else None
        path = _through(draft, path, value, values[-1])
        if depth == len(steps):
            return path
        name, part = steps[depth], draft.part(path)
        if part is None:
            return (*path, *steps[depth:])
        called = call_of(part)
        if called:
            raise FixError(
                f"`{'.'.join(map(str, path))}` at {draft.place(path)} is made by `{called}`",
                help="make the change where that takes its value from",
            )
        if isinstance(name, int):
            index = _index(draft, path, name, values[depth])
            path = path if index is None else (*path, index)  # one thing may stand where a list may
            continue
        path = (*path, name)
    return path


def _through(draft: Draft, path: Path, value: Value[Any] | None, last: Value[Any] | None) -> Path:
    """Into the branch of an ``Fn::If`` that counts; its conditions are known where its value is."""
    while call_of(draft.part(path)) == "Fn::If":
        branches = [(*path, "Fn::If", 1), (*path, "Fn::If", 2)]
        found = [one for one in branches if _within(draft, one, value) or _within(draft, one, last)]
        if value is None and last is None:
            found = [one for one in branches if draft.value(one) == _NO_VALUE]
        if len(found) != 1:
            raise FixError(
                f"`{'.'.join(map(str, path))}` at {draft.place(path)} depends on a condition that is not known",
                help="make the change in both branches by hand",
            )
        path = found[0]
    return path


def _within(draft: Draft, path: Path, value: Value[Any] | None) -> bool:
    """Whether a value was written in what stands at a path, or in what that refers to."""
    place = written(value.origin) if value is not None else None
    part = draft.part(path)
    if place is None or part is None or place.span.source is not draft.source:
        return False
    return part.start <= place.span.start < max(part.end, part.start + 1)


def _index(draft: Draft, path: Path, index: int, value: Value[Any] | None) -> int | None:
    """The place in a list as it is written of an element as it was evaluated; ``None`` for no list."""
    part = draft.part(path)
    if part is None or part.kind != "list":
        return None
    for at in range(len(part.items)):
        if _within(draft, (*path, at), value):
            return at
    return index


def decided(draft: Draft, index: Index, path: Path, value: Value[Any] | None) -> Path:
    """Where to put another literal for what stands at a path.

    A parameter's default or a map's entry, where nothing else takes its value from there; else the path itself.
    Raises ``FixError`` for a parameter that whoever deploys gives another value.
    """
    part = draft.part(path)
    called = call_of(part)
    if part is None or called not in ("Ref", "Fn::FindInMap") or value is None:
        return path
    place = written(value.origin)
    argument = plain(part)[called]
    if called == "Ref":
        home: Path = ("Parameters", str(argument))
        if not draft.has(home):
            return path
        if isinstance(value, Unknown) or place is None or place.span.source is not draft.source:
            given = f"the value of the parameter `{argument}` is given at deployment"
            raise FixError(
                f"{given}, at {draft.place(path)} it is only used", help="give it another value there"
            )
        return (*home, "Default") if _uses(draft, str(argument)) == 1 else path
    if place is None or place.span.source is not draft.source:
        return path
    found = index.path(place.span.start)
    if found is None or found[:1] != ("Mappings",) or _maps(draft, str(argument[0])) != 1:
        return path
    return found


def _uses(draft: Draft, name: str) -> int:
    """How often a template refers to a parameter, in whatever way."""
    inside = re.compile(rf"\$\{{\s*{re.escape(name)}\s*\}}")
    total = 0
    for path, part in walk(draft.root):
        if not isinstance(part.value, str) or part.kind != "scalar":
            continue
        is_ref = part.function == "Ref" or (path and path[-1] == "Ref")
        total += (is_ref and part.value == name) or len(inside.findall(part.value))
    return total


def _maps(draft: Draft, name: str) -> int:
    total = 0
    for _, part in walk(draft.root):
        if call_of(part) == "Fn::FindInMap":
            argument = plain(part)["Fn::FindInMap"]
            total += isinstance(argument, list) and bool(argument) and argument[0] == name
    return total


def allow(draft: Draft, path: Path, value: Any) -> None:
    """Let a parameter have the value that its default becomes, where it lists those that it may have."""
    allowed = (*path[:-1], "AllowedValues")
    if path[0] == "Parameters" and draft.has(allowed):
        values = draft.value(allowed)
        if isinstance(values, list) and value not in values:
            draft.append(allowed, value)


def known(value: Value[Any] | None) -> Any:
    """The plain content of a value that is known; ``None`` otherwise."""
    return value.value if isinstance(value, Known) else None
