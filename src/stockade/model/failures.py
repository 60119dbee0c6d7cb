"""What Lambda sends to by a function's role without its code: where the function's failed events are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.iam.policy import Statement
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.reach import is_given
from stockade.model.relate import meant
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.value import Known, Value

_SENDING: Final = frozenset({"sqs:SendMessage", "sns:Publish"})


def keeps_failures(grant: Grant, function: Function, world: World) -> bool:
    """Whether a statement allows nothing but to send a function's failed events to where they are to go."""
    statement = allowing(grant)
    if not isinstance(statement, Statement) or not statement.actions or not statement.resources:
        return False
    if not all(isinstance(one, Known) and one.value in _SENDING for one in statement.actions):
        return False
    targets = set(_targets(function, world))
    return all(_named(one) in targets for one in statement.resources)


def _targets(function: Function, world: World) -> Iterator[str]:
    configured = (one.on_failure_arn for one in world.invoke_configs_of(function))
    for target in (function.dead_letter_arn, *configured):
        if is_given(target) and (name := _named(target)):
            yield name


def _named(value: Value[Any]) -> str | None:
    """What an ARN names: a resource of this input by its address, else the ARN itself."""
    ref = meant(value)
    if ref is not None:
        return ref.address
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None
