"""What an account may do at most in a region, and how often its functions ran: known of live accounts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stockade.model.subject import Subject
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


def deployed_within(usage: Usage, days: int, today: date | None) -> bool:
    """Whether a function was deployed within the last days, or nobody can say when it was."""
    if today is None or not isinstance(usage.since, Known):
        return True
    try:
        return date.fromisoformat(usage.since.value) > today - timedelta(days=days)
    except ValueError:
        return True
