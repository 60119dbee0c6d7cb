"""SQS queues, as what events wait in and what takes those that failed."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.subject import Subject, default
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Queue(Subject):
    """A queue. ``redrive_policy`` is JSON that names its dead-letter queue."""

    name: Value[str]
    redrive_policy: Value[str | None] = default(None, "no dead-letter queue is set")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class QueueRedrive(Subject):
    """A queue's redrive policy, where it is a resource of its own; ``queue_url`` refers to the queue."""

    queue_url: Value[str]
    redrive_policy: Value[str]
