"""SQS queues, as what events wait in and what takes those that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from stockade.model.relate import meant
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Queue(Subject):
    """A queue. ``redrive_policy`` is JSON that names its dead-letter queue."""

    name: Value[str]
    redrive_policy: Value[str | None] = default(None, "no dead-letter queue is set")
    retention_seconds: Value[int] = default(345600, "SQS keeps messages for four days by default")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class QueueRedrive(Subject):
    """A queue's redrive policy, where it is a resource of its own; ``queue_url`` refers to the queue."""

    queue_url: Value[str]
    redrive_policy: Value[str]


class Queues:
    """The queues of an input, by what refers to them."""

    def __init__(self, queues: Sequence[Queue], redrives: Sequence[QueueRedrive]) -> None:
        self._queues = queues
        self._redrives = redrives

    def queue_in(self, arn: Value[str] | Value[str | None]) -> Queue | None:
        """The queue that an ARN or a URL refers to."""
        ref = meant(arn)
        return self._at.get(ref.address) if ref else None

    def redrive_of(self, queue: Queue) -> Value[str] | Value[str | None]:
        """A queue's redrive policy, its own or one that is a resource of its own."""
        return self._apart.get(queue, queue.redrive_policy)

    @cached_property
    def _at(self) -> Mapping[str, Queue]:
        return {one.address: one for one in self._queues}

    @cached_property
    def _apart(self) -> Mapping[Queue, Value[str]]:
        pairs = ((self.queue_in(one.queue_url), one.redrive_policy) for one in self._redrives)
        return {queue: policy for queue, policy in pairs if queue}
