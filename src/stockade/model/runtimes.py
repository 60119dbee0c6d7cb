"""When AWS deprecates each Lambda runtime, from a dated table that is read when first asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass

_TABLE: Final = Path(__file__).parent.parent / "data" / "runtimes.json"
_NOTICE: Final = timedelta(days=180)
_NEAR: Final = timedelta(days=90)


class Stage(Enum):
    """How far a runtime has come by some day."""

    CURRENT = "looked after"
    ENDING = "deprecated within 180 days"
    DEPRECATED = "without patches"
    FROZEN = "without patches, and its functions cannot be updated"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A managed runtime and the days from which less and less can be done with it.

    From ``deprecated`` on it gets no patches, from ``create_blocked`` on no function can be created
    with it, from ``update_blocked`` on none updated; ``None`` where no day is published.
    ``successor`` is the newest runtime of its family, ``None`` for that one itself.
    """

    name: str
    deprecated: date
    create_blocked: date | None
    update_blocked: date | None
    successor: str | None

    def is_near(self, today: date | None = None) -> bool:
        """Whether the day of its deprecation is so near that its owner should move now."""
        return self.deprecated - _NEAR <= (today or as_of())

    def stage(self, today: date | None = None) -> Stage:
        """Where the runtime stands on a day, by default the table's own."""
        day = today or as_of()
        if self.update_blocked is not None and self.update_blocked <= day and self.deprecated <= day:
            return Stage.FROZEN
        if self.deprecated <= day:
            return Stage.DEPRECATED
        return Stage.ENDING if self.deprecated - _NOTICE <= day else Stage.CURRENT


def as_of() -> date:
    """The day that the table is of. Whatever it says of later days is AWS's plan, which has moved before."""
    return date.fromisoformat(_table()["as_of"])


def told(day: date) -> str:
    """A day of the table for people: what lay in the future when it was made is said to be a plan."""
    return f"{day}" if day <= as_of() else f"{day} (AWS's plan as of {as_of()})"


def runtimes() -> Mapping[str, Runtime]:
    """All runtimes of the table by their identifiers."""
    return _runtimes()


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_TABLE.read_text("utf-8"))
    return table


@cache
def _runtimes() -> dict[str, Runtime]:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return {
        name: Runtime(
            name,
            date.fromisoformat(entry["deprecated"]),
            day(entry["create_blocked"]),
            day(entry["update_blocked"]),
            entry["successor"],
        )
        for name, entry in _table()["runtimes"].items()
    }


_IMAGE: Final = lazy_regex(
    r"(?:public\.ecr\.aws/lambda|(?:docker\.io/)?amazon/aws-lambda-)/?([a-z]+):([\w.-]+?)(?:@.*)?"
)
_NODE, _PLAIN = "{0}{1}.x", "{0}{1}"
_RUNTIMES: Final = {
    **dict.fromkeys(("python", "java", "ruby", "dotnet"), _PLAIN),
    "nodejs": _NODE,
    "go": _NODE,
    "provided": "{0}.{1}",
}


def runtime_of_image(image: str) -> str | None:
    """The runtime whose base image AWS publishes under a name: ``python3.9`` of ``…/lambda/python:3.9``.

    ``None`` for other images. A tag may say more than the version: a date, an architecture.
    """
    found = _IMAGE.fullmatch(image)
    if found is None or found[1] not in _RUNTIMES:
        return None
    version = re.match(r"al\d+|\d+(?:\.\d{1,2}(?!\d))?(?:\.al2(?:023)?)?", found[2])
    if version is None:
        return None
    shape = _RUNTIMES[found[1]]
    said = version[0].partition(".")[0] if shape == _NODE else version[0]
    return shape.format(found[1], said)
