"""What an ``aws`` provider configuration says before deployment: region, partition, account."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.value import Default, Hole, Known, Origin, Text, Unknown, Value, shape_of

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider configuration. The account is never written down: it is a hole, one a provider."""

    name: str
    region: Value[str]
    default_tags: Value[object]

    @property
    def account(self) -> Unknown:
        name = "account" if self.name == "aws" else f"account of {self.name}"
        return unknown_text(name, "the account is known only at deployment", self.region.origin)

    @property
    def partition(self) -> Value[str]:
        match shape_of(self.region):
            case (str() as start, *_) if start:
                for prefix, partition in _PARTITIONS.items():
                    if start.startswith(prefix):
                        return Known(partition, self.region.origin)
                return Known("aws", self.region.origin)
            case _:
                reason = "the partition is known only at deployment"
                return unknown_text("partition", reason, self.region.origin)


def unknown_text(hole: str, reason: str, origin: Origin) -> Unknown:
    """A string of which nothing is known but a name for it."""
    return Unknown(reason, origin, Text((Hole(hole),)))


def unconfigured(name: str) -> Provider:
    """The provider that nobody configured: region and account come from the environment."""
    origin = Default("the environment of the deployment decides")
    hole = "region" if name == "aws" else f"region of {name}"
    region = unknown_text(hole, "the region comes from the environment of the deployment", origin)
    return Provider(name, region, Known(None, origin))
