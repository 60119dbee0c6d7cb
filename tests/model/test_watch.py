"""Alarms over functions: which is whose, who hears of it, and what looking costs."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from stockade.model.alarm import Alarm, CompositeAlarm, MetricQuery, Topic
from stockade.model.function import Function
from stockade.model.trial import Blind, Matter
from stockade.model.watch import Sight
from stockade.model.world import World
from stockade.value import Default, Hole, Known, Ref, Unknown, Value, text_of
from tests.patience import PATIENCE

HERE = Default("written in a test")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"


def known(value: Any) -> Known[Any]:
    return Known(value, HERE)


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("why", HERE, text_of(*parts))


def function(name: str = "f", address: str = "", **more: Any) -> Function:
    address = address or f"aws_lambda_function.{name}"
    return Function(address=address, origin=HERE, name=known(name), role=known("r"), **more)


def alarm(named: Value[str] | None, name: str = "a", actions: Any = (TOPIC,), **more: Any) -> Alarm:
    dimensions = {} if named is None else {"FunctionName": named}
    query = MetricQuery(
        address=f"aws_cloudwatch_metric_alarm.{name}",
        origin=HERE,
        id=known(""),
        returns=known(True),
        namespace=known("AWS/Lambda"),
        metric_name=known("Errors"),
        statistic=known("Sum"),
        period=known(60),
        dimensions=known(dimensions),
    )
    return Alarm(
        address=query.address,
        origin=HERE,
        name=known(name),
        comparison=known("GreaterThanThreshold"),
        evaluation_periods=known(1),
        threshold=known(Decimal(0)),
        alarm_actions=known(tuple(map(known, actions))),
        queries=(query,),
        **more,
    )


def composite(name: str, rule: Value[str], actions: tuple[str, ...] = (TOPIC,)) -> CompositeAlarm:
    address = f"aws_cloudwatch_composite_alarm.{name}"
    actions_ = known(tuple(map(known, actions)))
    return CompositeAlarm(address=address, origin=HERE, name=known(name), rule=rule, alarm_actions=actions_)


def over(world: World, one: Function) -> Sight | None:
    return world.watch.over(one, Matter.ERRORS)


def stands(world: World, one: Function) -> str:
    sight = over(world, one)
    if sight is None:
        return "none"
    return {0: "fires", 1: "unsure", 2: "blind"}[sight.rank]


def test_an_alarm_is_its_functions_and_no_others() -> None:
    f, g = function("f"), function("g")
    world = World(functions=(f, g), alarms=(alarm(known("f")),))
    assert (stands(world, f), stands(world, g)) == ("fires", "none")


def test_regions_are_kept_apart() -> None:
    here, there = function("f", "a", region=known("eu-west-1")), function("f", "b", region=known("us-east-1"))
    one = alarm(known("f"), region=known("eu-west-1"))
    world = World(functions=(here, there), alarms=(one,))
    assert (stands(world, here), stands(world, there)) == ("fires", "none")
    everything = World(functions=(here, there), alarms=(alarm(None, region=known("us-east-1")),))
    assert (stands(everything, here), stands(everything, there)) == ("none", "fires")


def test_a_name_that_is_not_known_may_be_any_that_fits() -> None:
    api, worker = function("shop-api"), function("shop-worker")
    loose = alarm(partly(Hole("var.prefix"), "-api"))
    world = World(functions=(api, worker), alarms=(loose,))
    assert (stands(world, api), stands(world, worker)) == ("unsure", "none")
    # What another resource is called is not what one of these is.
    elsewhere = World(functions=(api,), alarms=(alarm(partly(Ref("module.other", "name"))),))
    assert stands(elsewhere, api) == "none"


def test_the_best_alarm_counts() -> None:
    f = function("f")
    mute, good = alarm(known("f"), "mute", actions=()), alarm(known("f"), "good")
    assert stands(World(functions=(f,), alarms=(mute,)), f) == "blind"
    assert stands(World(functions=(f,), alarms=(mute, good)), f) == "fires"
    assert stands(World(functions=(f,), alarms=(mute, alarm(None))), f) == "fires"


def test_a_composite_alarm_speaks_for_others() -> None:
    f = function("f")
    mute = alarm(known("f"), "mute", actions=())

    def with_rule(*composites: CompositeAlarm) -> str:
        return stands(World(functions=(f,), alarms=(mute,), composite_alarms=composites), f)

    assert with_rule(composite("c", known("ALARM(mute)"))) == "fires"
    assert with_rule(composite("c", known('ALARM("mute") AND OK("x")'))) == "fires"
    assert with_rule(composite("c", known("ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:mute)"))) == "fires"
    assert with_rule(composite("c", partly("ALARM(", Ref(mute.address, "alarm_name"), ")"))) == "fires"
    assert with_rule(composite("c", known("ALARM(mute2) OR NOT ALARM(mute) OR OK(mute)"))) == "blind"
    assert with_rule(composite("c", known("ALARM(mute)"), ())) == "blind"
    assert with_rule(composite("c", known("ALARM(mute)"), ()), composite("d", known("ALARM(c)"))) == "fires"
    assert with_rule(composite("c", Unknown("why", HERE))) == "unsure"


def test_composite_alarms_in_a_circle_end() -> None:
    f = function("f")
    circle = [
        composite(f"c{at}", known("ALARM(a) OR ALARM(c0) OR ALARM(c1) OR ALARM(c2)"), ()) for at in range(3)
    ]
    made = World(functions=(f,), alarms=(alarm(known("f"), actions=()),), composite_alarms=tuple(circle))
    started = time.process_time()
    assert stands(made, f) == "blind"
    assert time.process_time() - started < PATIENCE


def test_a_remedy_is_offered_only_where_it_is_all() -> None:
    f = function("f")
    muted = alarm(known("f"), actions_enabled=known(False))
    sight = over(World(functions=(f,), alarms=(muted,)), f)
    assert sight is not None and isinstance(sight.stands, Blind)
    assert sight.stands.remedy == ("actions_enabled", True)
    worse = alarm(known("f"), actions_enabled=known(False), datapoints_to_alarm=known(2))
    sight = over(World(functions=(f,), alarms=(worse,)), f)
    assert sight is not None and isinstance(sight.stands, Blind) and sight.stands.remedy is None


def test_whom_to_tell() -> None:
    f, inner = function("f"), function("g", "module.m.aws_lambda_function.g")
    topics = tuple(
        Topic(address=address, origin=HERE, name=known("x"))
        for address in ("aws_sns_topic.orders", "aws_sns_topic.alarms", "module.m.aws_sns_topic.alerts")
    )
    world = World(functions=(f, inner), topics=topics)
    assert world.watch.whom_to_tell(f) == Ref("aws_sns_topic.alarms", "arn")
    assert world.watch.whom_to_tell(inner) == Ref("module.m.aws_sns_topic.alerts", "arn")
    assert World(functions=(f,), topics=topics[:1]).watch.whom_to_tell(f) is None
    acting = World(functions=(f, inner), topics=topics, alarms=(alarm(known("x")),))
    assert acting.watch.whom_to_tell(inner) == TOPIC


def test_many_alarms_cost_no_more_than_their_number() -> None:
    """Alarms by name, and alarms whose names are not known: neither is held against every function."""
    functions = tuple(function(f"f{at}") for at in range(3000))
    named = [alarm(known(f"f{at}"), f"a{at}") for at in range(3000)]
    loose = [alarm(partly(Hole(f"var.v{at}"), "-x"), f"l{at}") for at in range(3000)]
    composites = tuple(composite(f"c{at}", known(f"ALARM(a{at})")) for at in range(3000))
    world = World(functions=functions, alarms=(*named, *loose), composite_alarms=composites)
    started = time.process_time()
    assert {stands(world, one) for one in functions} == {"fires"}
    assert time.process_time() - started < PATIENCE
