"""Alarms that a fix adds or mends, and whom they notify."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from stockade.control import Add, Change, Fix, Put, Safety
from stockade.model.function import Function
from stockade.model.relate import module_of
from stockade.model.trial import Blind
from stockade.model.watch import Sight
from stockade.model.world import World
from stockade.remedies.policies import one_of_several
from stockade.value import Ref, text_of

FOR_ALL: Final = "lambda-alarms"
"""What a topic is called that cannot be named after one function: an account's, or a module's."""
_SUBSCRIBE = "subscribe somebody to the new topic: until then nobody hears of its alarms"


def notified(function: Function, world: World) -> tuple[str | Ref, Add | None]:
    """What an alarm notifies: what the owner said, what others here do, or else a topic to be added."""
    if told := _whom(function, world):
        return told, None
    first = world.first_beside(function.address) or function
    name: tuple[str, Any] = ("name", text_of(Ref(first.address, "function_name"), "-alarms"))
    if one_of_several(first.address):  # whoever else calls the module need not have that one
        name = ("name_prefix", f"{FOR_ALL}-")
    topic = Add("Topic", first.address, (name,), label="alarms", shared=True)
    return topic.ref("arn"), topic


def _whom(function: Function, world: World) -> str | Ref | None:
    return world.choices.alarm_topic or world.watch.whom_to_tell(function)


def added(
    function: Function,
    world: World,
    title: str,
    attributes: Callable[[], tuple[tuple[str, Any], ...]],
    label: str,
) -> Fix:
    """A fix that adds an alarm beside a function."""

    def changes() -> tuple[Change, ...]:
        told, topic = notified(function, world)
        alarm = Add("Alarm", function.address, (*attributes(), ("alarm_actions", (told,))), label=label)
        return (alarm,) if topic is None else (topic, alarm)

    if _whom(function, world):
        return Fix.later(title, Safety.REVIEW, changes)
    return Fix.later(f"{title}, and a topic for alarms", Safety.REVIEW, changes, note=_note(world))


def _note(world: World) -> str:
    """What to do about a topic that is new: where functions lie in several modules, each would get one."""
    one_for_all = "; or name one topic for all as `alarm-topic` under `[fix]` in `stockade.toml`"
    return f"{_SUBSCRIBE}{one_for_all if world.has_several_modules else ''}"


def query(index: int, **attributes: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of one of an alarm's queries."""
    return ((f"metric_queries[{index}].{name}", value) for name, value in attributes.items())


def mended(sight: Sight, blind: Blind, function: Function, world: World) -> Fix | None:
    """Set the one attribute that is amiss with an alarm."""
    if blind.remedy is None:
        return None
    attribute, value = blind.remedy
    address = sight.alarm.address
    title = f"let the alarm `{address}` fire: {_TOLD.get(attribute, attribute)}"
    if attribute != "alarm_actions":
        return Fix(title, Safety.REVIEW, (Put(address, attribute, value),))
    told, topic = notified(function, world)
    put = Put(address, attribute, (told,))
    changes: tuple[Change, ...] = (put,) if topic is None else (topic, put)
    if topic is not None and module_of(topic.beside) != module_of(address):
        return None
    return Fix(title, Safety.REVIEW, changes, note="" if topic is None else _note(world))


_TOLD = {
    "alarm_actions": "give it an action",
    "actions_enabled": "enable its actions",
    "statistic": "watch the sum",
}
"""What is done, by the attribute that is set."""
