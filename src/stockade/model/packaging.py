"""Where code comes from: code signing configurations and image repositories."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CodeSigningConfig(Subject):
    """Whose signatures a function's code must have; ``untrusted_artifact`` is Enforce or Warn."""

    untrusted_artifact: Value[str] = default("Warn", "Lambda only warns of untrusted code by default")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Repository(Subject):
    """An image repository. ``mutable_tags`` are patterns of tags that an immutable one leaves mutable."""

    name: Value[str]
    mutability: Value[str] = default("MUTABLE", "tags in ECR can be moved by default")
    mutable_tags: Value[tuple[Value[str], ...]] = default((), "no tags are excluded")
