"""What runs functions by the clock, by events and in an order of its own: rules, schedules, state machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import EVENTS, SCHEDULER, STATES, Call
from stockade.read.account.scene import Scene
from stockade.read.account.ties import said
from stockade.read.resource import Resource
from stockade.value import Known

BUSES: Final = Call(
    "events",
    "ListEventBuses",
    EVENTS,
    "which event buses there are",
    "EventBuses",
    token=("NextToken", "NextToken"),
)
RULES: Final = Call("events", "ListRules", EVENTS, "EventBridge's rules, their schedules and patterns", "Rules")
TARGETS: Final = Call("events", "ListTargetsByRule", EVENTS, "what rules call", "Targets")
SCHEDULES: Final = Call("scheduler", "ListSchedules", SCHEDULER, "what schedules call", "Schedules")
MACHINES: Final = Call(
    "stepfunctions",
    "ListStateMachines",
    STATES,
    "which state machines there are",
    "stateMachines",
    actions=("states:ListStateMachines",),
)
MACHINE: Final = Call(
    "stepfunctions",
    "DescribeStateMachine",
    STATES,
    "which functions a state machine calls",
    actions=("states:DescribeStateMachine",),
    absent=("StateMachineDoesNotExist",),
)
CALLS: Final = (BUSES, RULES, TARGETS, SCHEDULES, MACHINES, MACHINE)


def collect(scene: Scene) -> Iterable[Resource]:
    """Rules with their targets, schedules and state machines; nothing is asked where there is no function."""
    if not scene.functions:
        return
    yield from _rules(scene)
    yield from _schedules(scene)
    yield from _machines(scene)


def _rules(scene: Scene) -> Iterator[Resource]:
    buses = scene.listing(BUSES)
    if buses.unread is not None:
        yield from anything(scene, "events:ListTargetsByRule", "rules", buses.unread)
    for bus in buses.items:
        name = str(bus.get("Name", ""))
        listing = scene.listing(RULES, str(bus.get("Arn", name)), EventBusName=name)
        if listing.unread is not None:
            yield from anything(scene, "events:ListTargetsByRule", f"rules of {name}", listing.unread)
        own = [one for one in listing.items if not one.get("ManagedBy")]
        for made in scene.each(own, lambda rule, name=name: tuple(_rule(scene, name, rule))):  # type: ignore[misc]  # a lambda with a default
            yield from made


def _rule(scene: Scene, bus: str, rule: Mapping[str, Any]) -> Iterator[Resource]:
    """A rule and what it calls; what it hands over may be a secret and is not looked at."""
    arn, name = str(rule.get("Arn", "")), str(rule.get("Name", ""))
    data = {key: rule[key] for key in ("Name", "ScheduleExpression", "EventPattern", "State") if key in rule}
    document = scene.document(RULES, arn, data, ("EventPattern",))
    yield scene.resource("events:ListRules", arn, document)
    if rule.get("State") == "DISABLED":
        return
    listing = scene.listing(TARGETS, arn, Rule=name, EventBusName=bus)
    for one in listing.items:
        place = f"{arn}#target {one.get('Id', '')}"
        found = scene.document(TARGETS, place, {"Id": one.get("Id", ""), "Arn": one.get("Arn", "")})
        yield scene.resource(
            "events:ListTargetsByRule", place, found, Rule=said(name, arn, "name", found.origin)
        )
    if listing.unread is not None:
        yield from anything(scene, "events:ListTargetsByRule", f"targets of {name}", listing.unread)


def _schedules(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(SCHEDULES)
    for one in listing.items:
        if one.get("State") == "DISABLED":
            continue
        arn = str(one.get("Arn", ""))
        document = scene.document(SCHEDULES, arn, {"Target": {"Arn": one.get("Target", {}).get("Arn", "")}})
        yield scene.resource("scheduler:ListSchedules", arn, document)
    if listing.unread is not None:
        yield from anything(scene, "scheduler:ListSchedules", "schedules", listing.unread)


def _machines(scene: Scene) -> Iterator[Resource]:
    listing = scene.listing(MACHINES)
    arns = [str(one.get("stateMachineArn", "")) for one in listing.items]
    answers = scene.each(arns, lambda arn: scene.ask(MACHINE, arn, stateMachineArn=arn))
    for arn, answer in zip(arns, answers, strict=True):
        match answer:
            case Present(data):
                kept = {name: data[name] for name in ("name", "definition") if name in data}
                document = scene.document(MACHINE, arn, kept, ("definition",))
                yield scene.resource("states:DescribeStateMachine", arn, document)
            case Unread() as why:
                yield scene.unread("states:DescribeStateMachine", arn, why)
    if listing.unread is not None:
        yield scene.unread("states:DescribeStateMachine", scene.arn("states", "stateMachine:*"), listing.unread)


def anything(scene: Scene, type: str, what: str, why: Unread) -> Iterator[Resource]:
    """What stands for triggers that were not listed: one of every function, which may not exist."""
    head = "Target" if type == "scheduler:ListSchedules" else "Arn"
    for one in scene.functions:
        arn = Known(one.arn, why.value().origin)
        named = Known({"Arn": arn}, arn.origin) if head == "Target" else arn
        yield scene.unread(type, f"{one.arn}#{what}", why, **{head: named})
