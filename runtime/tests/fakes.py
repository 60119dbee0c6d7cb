"""What stands in for time and for AWS where a test has to command them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from stockade_runtime import NotFetched, Secret, Store
from stockade_runtime._cache import Cache

SECRET = "hunter2-but-longer"
OUTAGE = NotFetched("`a` was not fetched: ServiceUnavailable", "ServiceUnavailable", True)
REVOKED = NotFetched("`a` was not fetched: AccessDeniedException", "AccessDeniedException")


@dataclass
class Clock:
    """A monotonic clock that stands until it is told to go on."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Source:
    """Counts what it is asked. ``error`` is raised while it is set; ``gate`` holds up every answer."""

    value: str | bytes = SECRET
    error: Exception | None = None
    gate: threading.Event | None = None
    asked: list[object] = field(default_factory=list)

    def secret(self, id: str, stage: str | None, version: str | None) -> Secret:
        return self._answer((id, stage, version))

    def parameter(self, name: str) -> Secret:
        return self._answer(name)

    def secrets(self, ids: list[str]) -> dict[str, Secret]:
        self._answer(tuple(ids))
        return {id: Secret(f"{id}-value") for id in ids if "gone" not in id}

    parameters = secrets

    def reset(self) -> None:
        self.asked.append("reset")

    def _answer(self, what: object) -> Secret:
        self.asked.append(what)
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return Secret(self.value, f"v{len(self.asked)}")


def at_once(run: Callable[[], None], _: object) -> None:
    """A background without threads."""
    run()


def store(clock: Clock, source: Source, **options: object) -> Store:
    """A store whose times are exact: no jitter, and nothing ahead of time unless asked for."""
    given = {"ttl": 100.0, "jitter": 0.0, "ahead": 1.0, "stale": 500.0, "spawn": at_once} | options
    return Store(Cache(clock=clock, **given), source, {})  # type: ignore[arg-type]
