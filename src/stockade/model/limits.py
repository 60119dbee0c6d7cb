"""What an account may do at most in a region, and how often its functions ran: known of live accounts only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Known, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AccountLimits(Subject):
    """An account's limits in a region. ``unreserved`` is what is left of ``concurrency`` for functions without
    a reservation."""

    concurrency: Value[int]
    unreserved: Value[int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Usage(Subject):
    """How often a function was invoked in the last ``days``.

    ``since`` is the day on which it was last deployed (ISO 8601), before which it may have been another.
    """

    function_name: Value[str]
    invocations: Value[int]
    days: Value[int]
    since: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LastAccessed(Subject):
    """What IAM remembers of a role: which services it has ``used``, and which ``never``.

    ``since`` is the day on which the role was made (ISO 8601), empty where nobody says it. IAM looks back 400
    days at most.
    """

    role: Value[str]
    never: Value[tuple[Value[str], ...]]
    used: Value[tuple[Value[str], ...]]
    since: Value[str] = default("", "nothing says when the role was made")


@dataclass(frozen=True, eq=False)
class Observed:
    """What only an account itself knows."""

    limits: tuple[AccountLimits, ...] = ()
    usage: tuple[Usage, ...] = ()
    accessed: tuple[LastAccessed, ...] = ()

    def __iter__(self) -> Iterator[Subject]:
        for one in fields(self):
            yield from getattr(self, one.name)


def deployed_within(usage: Usage, days: int, today: date | None) -> bool:
    """Whether a function was deployed within the last days, or nobody can say when it was."""
    return younger(usage.since, days, today)


def younger(since: Value[str], days: int, today: date | None) -> bool:
    """Whether something is younger than some days, or may be."""
    if today is None or not isinstance(since, Known):
        return True
    try:
        return date.fromisoformat(since.value) > today - timedelta(days=days)
    except ValueError:
        return True
