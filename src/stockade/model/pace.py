"""What sets the pace of a function's invocations, where a schedule alone does."""

from __future__ import annotations

from stockade.model.function import Function
from stockade.model.reach import invokes, is_given, service
from stockade.model.trigger import EventRule, EventTarget, Schedule
from stockade.model.world import World
from stockade.value import Known, Value, shape_of


def schedule_of(function: Function, world: World) -> EventRule | Schedule | None:
    """The schedule that invokes a function, where this input has nothing else that may.

    Such a function runs as often as the schedule says: there is no flood of requests or events that
    could reach it. Calls through the API, by other functions say, are not seen.
    """
    found: EventRule | Schedule | None = None
    for trigger in world.triggers_of(function):
        match trigger:
            case Schedule():
                found = found or trigger
            case EventTarget():
                rule = _scheduled(trigger.rule, world)
                if rule is None:
                    return None
                found = found or rule
            case _:
                return None
    for permission in world.permissions_of(function):
        caller = service(shape_of(permission.principal))
        if not invokes(permission) or caller == "scheduler":
            continue
        if caller != "events" or _scheduled(permission.source_arn, world) is None:
            return None
    return None if world.urls_of(function) else found


def _scheduled(rule: Value[str] | Value[str | None], world: World) -> EventRule | None:
    """The rule that a value refers to, if it goes by a schedule and by no pattern."""
    found = world.rule_in(rule)
    if found is None or not is_given(found.schedule):
        return None
    return found if isinstance(found.pattern, Known) and found.pattern.value is None else None
