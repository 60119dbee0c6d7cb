"""What sends to the topics of an input, as far as the input says so itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.relate import meant
from stockade.model.trigger import EventTarget
from stockade.value import Known, Value

Sender: TypeAlias = EventTarget | Alarm | CompositeAlarm


def senders(
    topics: Sequence[Topic], targets: Sequence[EventTarget], alarms: Sequence[Alarm | CompositeAlarm]
) -> Mapping[str, tuple[Sender, ...]]:
    """The rules and alarms that notify each topic, by its address; empty for one that nothing here does.

    Who else may publish to it, an application with a role of its own say, is not seen.
    """
    out: dict[str, list[Sender]] = {one.address: [] for one in topics}
    for sender in (*targets, *alarms):
        for destination in _destinations(sender):
            if (ref := meant(destination)) and ref.address in out:
                out[ref.address].append(sender)
    return {address: tuple(found) for address, found in out.items()}


def _destinations(sender: Sender) -> Iterator[Value[str]]:
    if isinstance(sender, EventTarget):
        yield sender.function_name
    elif isinstance(sender.alarm_actions, Known):
        yield from sender.alarm_actions.value
