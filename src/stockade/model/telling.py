"""What tells that a function fails, or is flooded, where no alarm is on its own metrics.

A request that fails is a server error of the API in front; a message that fails again and again comes
to lie in a dead-letter queue. Who is told of these hears of the failure, if not of every error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from stockade.iam.policy import Statement
from stockade.json_text import document
from stockade.model.api import Api
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.reach import invokes, is_given, service
from stockade.model.relate import meant
from stockade.model.signals import Signal
from stockade.model.trial import Matter
from stockade.model.trigger import EventSourceMapping, Invocation
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value, shape_of


@dataclass(frozen=True, slots=True)
class Telling:
    """What tells of the matter: ``clause`` is a sentence, ``origin`` where it is declared."""

    clause: str
    origin: Origin


def telling(function: Function, world: World, matter: Matter) -> Telling | None:
    """What else tells of the matter, whichever way the function is invoked; ``None`` where one does not.

    Only what this input has invoke it is seen, and only what is known for certain counts.
    """
    by_itself = _by_itself(function, world) if matter is Matter.ERRORS else None
    if by_itself is not None or world.urls_of(function):
        return by_itself
    found: list[Telling] = []
    for one in _ways(function, world, matter):
        if one is None:
            return None
        found.append(one)
    return found[0] if found else None


_FAILURES: Final = lazy_regex(r"fail|error", re.IGNORECASE)
_PUBLISH: Final = "sns:Publish"


def _by_itself(function: Function, world: World) -> Telling | None:
    """A topic for failures that a function's role lets it publish to, by name: its code tells them itself."""
    for grant in world.grants_of(function):
        statement = allowing(grant)
        if not isinstance(statement, Statement):
            continue
        if not any(isinstance(one, Known) and one.value == _PUBLISH for one in statement.actions or ()):
            continue
        for resource in statement.resources or ():
            ref = meant(resource)
            if ref and ref.address in world.around.senders and _FAILURES.search(ref.address.rpartition(".")[2]):
                clause = f"its role may publish to `{ref.address}`, which is named for failures"
                return Telling(clause, resource.origin)
    return None


_ASYNCHRONOUS: Final = frozenset(("s3", "sns", "ses", "iot", "logs", "codecommit", "config", "events"))


def _ways(function: Function, world: World, matter: Matter) -> Iterator[Telling | None]:
    asynchronous = False
    for trigger in world.triggers_of(function):
        if isinstance(trigger, EventSourceMapping):
            yield _of_source(trigger, world) if matter is Matter.ERRORS else None
        elif isinstance(trigger, Invocation):
            told = Telling(f"{trigger.by} invokes it and says so when it fails", trigger.origin)
            yield told if matter is Matter.ERRORS else None
        else:
            asynchronous = True
    for machine in world.around.machine_calls.get(function, ()):
        signal = world.around.signals.on_failed(machine) if matter is Matter.ERRORS else None
        yield _told(signal, "on the executions of its state machine that fail")
    for permission in world.permissions_of(function):
        if not invokes(permission):
            continue
        caller = service(shape_of(permission.principal))
        if caller == "apigateway" and (api := world.api_in(permission.source_arn)):
            yield _of_api(api, world, matter)
        elif caller == "states" and world.around.machine_calls.get(function, ()):
            continue
        elif caller in _ASYNCHRONOUS:
            asynchronous = True
        else:
            yield None
    if asynchronous:
        yield _of_events(function, world) if matter is Matter.ERRORS else None


def _of_api(api: Api, world: World, matter: Matter) -> Telling | None:
    signals = world.around.signals
    if matter is Matter.ERRORS:
        return _told(signals.on_errors(api), "on the server errors of its API")
    return _told(signals.on_requests(api), "on the requests of its API")


def _told(signal: Signal | None, what: str) -> Telling | None:
    if signal is None:
        return None
    is_on = "is" if signal.sure else "may be"
    return Telling(f"`{signal.alarm.address}` {is_on} {what}", signal.alarm.origin)


def _of_source(trigger: EventSourceMapping, world: World) -> Telling | None:
    """What becomes of records that a function polled and could not handle."""
    if found := _of_target(trigger.on_failure_arn, world):
        return found
    queue = world.around.queueing.queue_in(trigger.source_arn)
    policy = world.around.queueing.redrive_of(queue) if queue else None
    return _of_target(_dead_letter(policy), world) if policy else None


def _dead_letter(policy: Value[str | None]) -> Value[Any]:
    tree: Value[Any] = document(policy)
    if isinstance(tree, Known) and isinstance(tree.value, dict):
        found: Value[Any] | None = tree.value.get("deadLetterTargetArn")
        if found is not None:
            return found
    return Unknown("no dead-letter queue is named", policy.origin)


def _of_events(function: Function, world: World) -> Telling | None:
    """What becomes of events that a function was given asynchronously and could not handle."""
    targets = (function.dead_letter_arn, *(one.on_failure_arn for one in world.invoke_configs_of(function)))
    return next((found for one in targets if (found := _of_target(one, world))), None)


def _of_target(arn: Value[str | None], world: World) -> Telling | None:
    """Who hears of what is sent to a queue or a topic for what failed."""
    if not is_given(arn):
        return None
    if queue := world.around.queueing.queue_in(arn):
        return _told(world.around.signals.on_waiting(queue), "on the queue of what it failed at")
    if (ref := meant(arn)) and ref.address in world.around.senders:
        return Telling(f"what it fails at is sent to the topic `{ref.address}`", arn.origin)
    return None
