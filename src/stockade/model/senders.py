"""What sends to the topics of an input, as far as the input says so itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.relate import meant
from stockade.model.trigger import Announcement, EventTarget
from stockade.value import Known, Value

Sender: TypeAlias = EventTarget | Announcement | Alarm | CompositeAlarm


def senders(topics: Sequence[Topic], *found: Sequence[Sender]) -> Mapping[str, tuple[Sender, ...]]:
    """What notifies each topic, by its address: rules, services and alarms; empty where nothing here does.

    Who else may publish to it, an application with a role of its own say, is not seen.
    """
    out: dict[str, list[Sender]] = {one.address: [] for one in topics}
    for sender in (one for those in found for one in those):
        for destination in _destinations(sender):
            if (ref := meant(destination)) and ref.address in out:
                out[ref.address].append(sender)
    return {address: tuple(those) for address, those in out.items()}


def _destinations(sender: Sender) -> Iterator[Value[str]]:
    if isinstance(sender, EventTarget):
        yield sender.function_name
    elif isinstance(sender, Announcement):
        yield sender.topic_arn
    elif isinstance(sender.alarm_actions, Known):
        yield from sender.alarm_actions.value
