"""What stands beside the functions of an input: topics, queues and state machines, and the alarms on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.function import Function
from stockade.model.machine import StateMachine, calls
from stockade.model.queue import Queue, QueueRedrive, Queues
from stockade.model.senders import Sender, senders
from stockade.model.signals import Signals
from stockade.model.trigger import Announcement, EventTarget
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True)
class Around:
    """The parts of a world that are not functions' own; ``heard`` says whether anybody hears of an alarm."""

    topics: Sequence[Topic]
    event_targets: Sequence[EventTarget]
    announcements: Sequence[Announcement]
    alarms: Sequence[Alarm]
    composite_alarms: Sequence[CompositeAlarm]
    queues: Sequence[Queue]
    queue_redrives: Sequence[QueueRedrive]
    state_machines: Sequence[StateMachine]
    named: Callable[[Value[str]], tuple[Function, ...]]
    heard: Callable[[Alarm], bool]

    @cached_property
    def senders(self) -> Mapping[str, tuple[Sender, ...]]:
        """What this input lets send to its own topics, by the topic's address."""
        targets, told = self.event_targets, self.announcements
        return senders(self.topics, targets, told, self.alarms, self.composite_alarms)

    @cached_property
    def queueing(self) -> Queues:
        """The queues of this input, and where what fails in them goes."""
        return Queues(self.queues, self.queue_redrives)

    @cached_property
    def machine_calls(self) -> Mapping[Function, tuple[StateMachine, ...]]:
        """The state machines of this input that call each function."""
        return calls(self.state_machines, self.named)

    @cached_property
    def signals(self) -> Signals:
        """The alarms of this input on what stands beside its functions."""
        return Signals(self.alarms, self.heard)
