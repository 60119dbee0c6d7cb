"""What security hubs want to know of a finding beside its words: whose it is, and which resources it is about.

A resource is named by its ARN only where all of that is known; else by its address in what was scanned, for
an ARN that is a guess would lead to somebody else's function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.report import Finding, GapReport, Report

_NAME: Final = lazy_regex(r"[A-Za-z0-9_-]{1,64}")
_PARTITIONS: Final = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-us-iso-b"),
    ("us-iso-", "aws-us-iso"),
)


def partition(region: str | None) -> str:
    """The partition that a region is of."""
    return next((name for start, name in _PARTITIONS if region and region.startswith(start)), "aws")


@dataclass(frozen=True, slots=True)
class Hub:
    """Whose findings are: an account and region, as far as anybody said them, and the repository they are from.

    What was read of an account says itself whose it is, and is of no repository.
    """

    account: str | None = None
    region: str | None = None
    source: str = ""

    def of(self, report: Report, input: int) -> Hub:
        """Whose the findings of one input are."""
        one = report.inputs[input]
        account, slash, region = one.path.partition("/")
        return Hub(account, region) if one.kind == "account" and slash else self

    def identity(self, *parts: str) -> str:
        """What tells a finding from those of all other repositories, equal addresses or not."""
        whole = "\0".join((self.source, *parts))
        return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a finding: a function with its ``name``, or whatever stands at an address."""

    uid: str
    name: str
    is_function: bool


class Resources:
    """The resources of a report's findings, by the account and region that they are taken to be of."""

    def __init__(self, report: Report) -> None:
        self._names: Mapping[tuple[int, str], str] = {
            (one.input, one.address): one.name for one in report.functions
        }

    def of(self, one: Finding, hub: Hub) -> list[Resource]:
        """The functions that a finding concerns; what it is about where it concerns none."""
        found = [self._function(one.input, address, hub) for address in one.functions]
        return found or [Resource(one.address, one.address, False)]

    def _function(self, input: int, address: str, hub: Hub) -> Resource:
        name = self._names.get((input, address), address)
        if hub.account and hub.region and _NAME.fullmatch(name):
            opening = f"arn:{partition(hub.region)}:lambda:{hub.region}:{hub.account}:function:"
            return Resource(opening + name, name, True)
        return Resource(address, name, True)


def place(one: Finding | GapReport) -> str:
    """Where it is written, as ``path:line``; empty where nothing is."""
    return f"{one.evidence[0].span.path}:{one.evidence[0].span.line}" if one.evidence else ""


def gaps(report: Report) -> Iterator[GapReport]:
    """What was not read and may hide something: a hub has to be told, or it would take silence for a pass."""
    return (one for one in report.gaps if not one.spare)


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, never empty, without what could not be printed."""
    text = "".join(piece if piece.isprintable() else " " for piece in text).strip() or "-"
    return text if len(text) <= most else text[: most - 1] + "…"
