"""Which functions somebody runs by hand, or run to keep others warm, by their names and what invokes them."""

from __future__ import annotations

import re
from typing import Final

from stockade.iam.match import Shape, arn_parts
from stockade.model.asked import asked_once
from stockade.model.function import Function
from stockade.model.pace import pace_of
from stockade.model.reach import invokes
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Known, Origin, parts_of, shape_of

_CHORES: Final = lazy_regex(
    r"""(?x)\b(?:
      migrat(?:e|es|ion|ions|or|ing) | seed(?:s|er|ing)? | backfill(?:s|ing)?
    | restor(?:e|es|er|ation|ing)\ (?:\w+\ )?(?:database|db|backup|snapshot|table|rds|sql|postgres)s?
    | (?:database|db|backup|snapshot|table|rds|sql|postgres)\ restor(?:e|er|ation)
    | (?:database|db|schema)\ (?:deploy(?:ment|er)?|setup|init(?:iali[sz](?:e|er|ation))?|management|bootstrap)
    | (?:database|db|rds|sql|postgres|mysql)\ (?:admin|console|shell|runner|scripts?)
    | load\ test(?:s|ing|er)? | smoke\ tests? | (?:fire|alarm)\ drill | custom\ sql | one\ off | artisan | rake
    )\b"""
)
_NOW_AND_THEN: Final = lazy_regex(
    r"\bclean ?up\b|\btear ?down\b"
    r"|\b(?:secret|password|credential|key|database|db|rds|postgres|mysql)s? (?:rotat(?:ion|e|es|or|er))\b"
)
_WARMING: Final = lazy_regex(r"\bwarm(?:er|ing|up)?\b|\bkeep ?(?:warm|alive)\b")
_WORD: Final = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def _is_a_role(principal: Shape) -> bool:
    """Whether somebody's role is let invoke, and no service."""
    parts = arn_parts(principal)
    return parts is not None and parts[2] == ("iam",)


def by_hand(function: Function, world: World, *, seen: bool = False) -> Origin | None:
    """Where it shows that a person or a deployment runs a function now and then.

    ``seen`` asks for those of which whoever runs them sees what comes of it. It is a chore by its name (a
    migration, a restore, a load test) and nothing of this input invokes it. What invokes it from elsewhere is
    not seen, which is why this moves a finding to another noise level and no more.
    """
    if not _is_left_alone(function, world):
        return None
    for words in _said(function, world):
        if _CHORES.search(words) or (not seen and _NOW_AND_THEN.search(words)):
            return function.name.origin
    return None


@asked_once
def _is_left_alone(function: Function, world: World) -> bool:
    """Whether nothing of this input invokes a function, but for somebody with a role."""
    if world.triggers_of(function) or world.urls_of(function) or world.around.machine_calls.get(function):
        return False
    letting = (one for one in world.permissions_of(function) if invokes(one))
    return all(_is_a_role(shape_of(one.principal)) for one in letting)


def keeps_warm(function: Function, world: World) -> Origin | None:
    """Where it shows that a function only keeps others warm: by its name, and that a schedule runs it."""
    if not any(map(_WARMING.search, _said(function, world))):
        return None
    pace = pace_of(function, world)
    return pace.origin if pace is not None and pace.by == "a schedule" else None


@asked_once
def _said(function: Function, world: World) -> list[str]:
    """What a function is called and described as, each in words of lower case."""
    name = "".join(one for one in parts_of(function.name) if isinstance(one, str))
    label = re.sub(r"\[[^\]]*\]", "", function.address).rpartition(".")[2]
    described = function.description.value if isinstance(function.description, Known) else ""
    return [" ".join(_WORD.findall(text)).lower() for text in (name, label, described)]
