"""What a function's role can reach, resource by resource, each confirmed by the policy engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.match import Shape, action_matches, is_wildcard_only
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.model.access import Barred, Powers
from stockade.model.function import Function
from stockade.model.relate import meant
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.paths.graph import End, Proof, Way
from stockade.paths.words import listed, place_of, said
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Unknown, Value, shape_of

EVERYTHING: Final = 100
_GRANTING: Final = 85
"""Whoever may hand out permissions has them."""
_WIDE: Final = 15
"""On top for what is on no resource in particular."""
_LEVELS: Final = {"Permissions management": 35, "Write": 10, "Tagging": 0, "Read": 5, "List": 0}

WEIGHTS: Final = {
    "iam": 60,
    "sts": 60,
    "organizations": 60,
    "secretsmanager": 65,
    "ssm": 50,
    "kms": 45,
    "s3": 45,
    "s3-object-lambda": 45,
    "dynamodb": 45,
    "rds-data": 50,
    "rds-db": 50,
    "redshift-data": 50,
    "athena": 40,
    "glue": 40,
    "es": 40,
    "ec2": 45,
    "ecs": 45,
    "eks": 45,
    "lambda": 40,
    "cloudformation": 55,
    "codebuild": 50,
    "sqs": 25,
    "sns": 25,
    "kinesis": 25,
    "events": 25,
    "states": 30,
    "ses": 35,
    "cognito-idp": 45,
    "bedrock": 25,
    "logs": 5,
    "xray": 1,
    "cloudwatch": 5,
}
"""What a service holds, before it is asked what may be done with it."""
_OTHERS: Final = 20
_OF_DATA: Final = frozenset(
    {
        "athena",
        "cognito-idp",
        "dynamodb",
        "es",
        "glue",
        "kinesis",
        "kms",
        "logs",
        "rds-data",
        "redshift-data",
        "s3",
        "s3-object-lambda",
        "secretsmanager",
        "sqs",
        "ssm",
    }
)
"""Services in which reading is reading what people have put there."""


@dataclass
class _Target:
    """What several statements allow on one resource of one service."""

    service: str
    resource: str
    shape: Shape
    actions: list[str] = field(default_factory=list)
    place: Span | None = None
    function: str = ""
    wide: bool = False


def ways_out(function: Function, world: World) -> tuple[tuple[Way, ...], tuple[str, ...], int]:
    """The ways out of a function, heaviest first; why there may be more; how many grants are taken back."""
    role = world.role_of(function)
    if role is None:
        return (), ("the function has no role that is known",), 0
    powers = world.powers_of(role)
    targets: dict[tuple[str, str], _Target] = {}
    unknown: list[str] = []
    for grant in world.grants_of(function):
        match grant.statement:
            case Unknown(reason):
                unknown.append(reason)
            case Known(statement) if statement.allows is not False:
                for one in _targets(statement, grant, world):
                    known = targets.setdefault((one.service, one.resource), one)
                    if known is not one:
                        known.actions += one.actions
    if powers is None:
        return (), tuple(dict.fromkeys(unknown)), 0
    found = [_way(one, powers) for one in targets.values()]
    ways = sorted((one for one in found if one is not None), key=lambda one: -one.weight)
    return tuple(ways), tuple(dict.fromkeys(unknown)), found.count(None)


def _targets(statement: Statement, grant: Grant, world: World) -> Iterator[_Target]:
    actions = _actions(statement)
    by_service: dict[str, list[str]] = {}
    for action in actions:
        by_service.setdefault(action.partition(":")[0].lower() if ":" in action else "*", []).append(action)
    place = place_of(statement.origin) or place_of(grant.origin)
    for service, some in by_service.items():
        for name, shape, address in _resources(statement):
            functions = (
                world.function_named(address) if address is not None and service in ("lambda", "*") else ()
            )
            target = functions[0].address if functions else ""
            yield _Target(service, name, shape, list(some), place, target, is_wildcard_only(shape))


def _actions(statement: Statement) -> tuple[str, ...]:
    if statement.actions is None:
        return ("*",)  # all but some: what is left is confirmed by a request
    return tuple(said(one) for one in statement.actions)


def _resources(statement: Statement) -> Iterator[tuple[str, Shape, Value[str] | None]]:
    if statement.resources is None:
        yield "everything but what is named", ("*",), None
        return
    for one in statement.resources:
        ref = meant(one)
        yield (ref.address if ref else said(one)), shape_of(one), one


def _way(target: _Target, powers: Powers) -> Way | None:
    actions = list(dict.fromkeys(target.actions))
    names = "everything" if target.service == "*" else target.resource
    if target.wide and target.service != "*":
        names = f"everything of {target.service}"
    end = End("everything" if target.service == "*" else target.service, names, target.function)
    how = listed(actions)
    weight = _weight(target, actions)
    globs = [one for one in actions if "$" not in one] or ["*"]
    match powers.any_of(globs, [target.shape or ("*",)]):
        case Request() as request:
            return Way(
                end, how, Proof.WITNESSED, request.sentence(), weight, target.place, None, tuple(actions)
            )
        case Barred():
            return None
        case Unknown(reason):
            return Way(end, how, Proof.UNDECIDED, reason, weight, target.place, None, tuple(actions))


def _weight(target: _Target, actions: Sequence[str]) -> int:
    if target.service == "*":
        return EVERYTHING if target.wide else 90
    levels = set(_access(actions))
    if target.service in ("iam", "organizations", "sts") and "Permissions management" in levels and target.wide:
        return max(_GRANTING, 90)
    base = WEIGHTS.get(target.service, _OTHERS)
    if target.service not in _OF_DATA and levels <= {"Read", "List"}:
        return min(base // 2, 20)  # it sees settings, and changes nothing
    on_top = max((_LEVELS[level] for level in levels), default=0)
    if base <= 5:
        return base  # who may write logs anywhere has little of it
    return min(base + on_top + (_WIDE if target.wide else 0), 95)


def _access(actions: Iterable[str]) -> Iterator[str]:
    """The levels of access of some actions, patterns as all that they stand for."""
    catalog = Catalog.load()
    for one in actions:
        if ":" not in one or "$" in one:
            yield "Write"
            continue
        if one.endswith(":*"):
            yield from ("Write", "Read")
            if action_matches(one, f"{one[:-1]}PutResourcePolicy"):
                yield "Permissions management"
            continue
        for action in catalog.expand(one)[:200]:
            yield action.access
