"""What a fix would have to guess and the owner may say instead: the ``[fix]`` table of the configuration."""

from __future__ import annotations

from typing import Final

from stockade.records import dataclass

RETENTIONS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The days for which CloudWatch can be told to keep logs."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Numbers and names that fixes write, each with ours where the owner says nothing.

    ``cors_origins`` are the origins of the pages that call what has CORS, ``alarm_topic`` is the ARN of the
    topic that alarms notify; both are empty where nobody said. ``error_rate`` is in percent of the
    invocations, ``rate_limit`` in requests a second, ``burst_limit`` in requests at once.
    """

    cors_origins: tuple[str, ...] = ()
    alarm_topic: str = ""
    reserved_concurrency: int = 10
    log_retention_days: int = 30
    error_rate: int = 5
    rate_limit: int = 100
    burst_limit: int = 50
