"""Hosted zones: which domains only their own networks can look up."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.subject import Subject, default
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class HostedZone(Subject):
    """A hosted zone of Route 53; one with a VPC is private, one without is public."""

    name: Value[str]
    vpcs: Value[tuple[Value[str], ...]] = default((), "a zone without a VPC is public")
