"""Hosted zones: which domains only their own networks can look up."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Known, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class HostedZone(Subject):
    """A hosted zone of Route 53; one with a VPC is private, one without is public."""

    name: Value[str]
    vpcs: Value[tuple[Value[str], ...]] = default((), "a zone without a VPC is public")

    @property
    def is_private(self) -> bool:
        """Whether it belongs to a VPC, or may."""
        return not (isinstance(self.vpcs, Known) and not self.vpcs.value)

    @property
    def domain(self) -> str:
        """Its domain in lower case, without the last dot; empty where that is not known."""
        return self.name.value.lower().rstrip(".") if isinstance(self.name, Known) else ""
