"""CloudWatch log groups."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.subject import Subject, default
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogGroup(Subject):
    """A log group. ``retention_days`` is ``None`` where logs are kept for ever."""

    name: Value[str]
    retention_days: Value[int | None] = default(None, "CloudWatch keeps logs for ever by default")
    kms_key_arn: Value[str | None] = default(None, "without a key CloudWatch encrypts with its own")
