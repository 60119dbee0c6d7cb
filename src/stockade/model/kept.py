"""What keeps values that functions fetch: secrets of Secrets Manager and parameters of Systems Manager."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Secret(Subject):
    """A secret. Its value is not of the configuration."""

    name: Value[str | None] = default(None, "the deployment chooses a name")
    description: Value[str] = default("", "no description is set")
    kms_key_arn: Value[str | None] = default(None, "without a key Secrets Manager encrypts with its own")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Parameter(Subject):
    """A parameter in Parameter Store. ``kind`` is ``String``, ``StringList`` or ``SecureString``."""

    name: Value[str]
    kind: Value[str]
    value: Value[str]
