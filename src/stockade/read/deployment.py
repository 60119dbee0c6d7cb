"""What only a deployment decides, as every reader of what is not deployed yet says it.

Region, account and partition are holes of the same names whoever reads them, and an ARN that AWS
will make up has its shape before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Origin, Ref, Text, Unknown, Value, shape_of, text_of

Pieces: TypeAlias = tuple[str | Ref | Hole, ...]

SURROUNDINGS: Final = frozenset({"account", "dns_suffix", "partition", "region"})
"""The names of holes that stand for what surrounds a deployment; nothing else may be called so."""

_PARTITIONS: Final = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}
_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}
_PLACEHOLDER: Final = lazy_regex(r"\{(/?\w+)\}")


def unknown_text(hole: str, reason: str, origin: Origin) -> Unknown:
    """A string of which nothing is known but a name for it."""
    return Unknown(reason, origin, Text((Hole(hole),)))


def unknown_region(origin: Origin, hole: str = "region") -> Unknown:
    """The region of a deployment that names none."""
    return unknown_text(hole, "the region comes from the environment of the deployment", origin)


def unknown_account(origin: Origin, hole: str = "account") -> Unknown:
    """The account of a deployment that names none."""
    return unknown_text(hole, "the account is known only at deployment", origin)


def partition_of(region: Value[str]) -> Value[str]:
    """The partition that a region is in."""
    match shape_of(region):
        case (str() as start, *_) if start:
            for prefix, partition in _PARTITIONS.items():
                if start.startswith(prefix):
                    return Known(partition, region.origin)
            return Known("aws", region.origin)
        case _:
            reason = "the partition is known only at deployment"
            return unknown_text("partition", reason, region.origin)


def suffix_of(partition: Value[str]) -> Value[str]:
    """The domain that a partition's services are in."""
    if isinstance(partition, Unknown):
        return unknown_text("dns_suffix", partition.reason, partition.origin)
    return Known(_SUFFIXES.get(partition.value, "amazonaws.com"), partition.origin)


def filled(template: str, piece: Callable[[str], Pieces]) -> Text:
    """A template's text with what ``piece`` gives for each ``{name}``; ``{/name}`` has one leading slash."""
    out: list[str | Ref | Hole] = []
    for index, part in enumerate(_taken_apart(template)):
        if index % 2 == 0:
            out.append(part)
            continue
        pieces = piece(part.removeprefix("/"))
        if part.startswith("/") and not (isinstance(pieces[0], str) and pieces[0].startswith("/")):
            out.append("/")
        out += pieces
    return text_of(*out)


@remembered(1 << 10)
def _taken_apart(template: str) -> tuple[str, ...]:
    """Text and names of placeholders, by turns."""
    return tuple(_PLACEHOLDER.split(template))
