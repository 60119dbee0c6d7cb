"""Resource types by their ARNs: which type an ARN is of, where only a part of it may be known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final, TypeAlias

from stockade.iam.glob import glob, widened
from stockade.iam.match import Shape, arn_parts, has_wildcard, matches
from stockade.iam.pairs import meets
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One type of resource of a service.

    ``arns`` are its ARN formats, in which ``${Region}`` and its like stand for what varies: one, for a
    few types several. ``condition_keys`` are those of any action that is checked on such a resource.
    """

    service: str
    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArnMatch:
    """A resource type that an ARN is of, if ``certain``, or may be of, depending on what is not known of it."""

    type: ResourceType
    certain: bool


def fitting(arn: Shape, types: Collection[ResourceType]) -> tuple[ArnMatch, ...]:
    """The types whose formats an ARN fits, the closest only.

    Of two formats that fit, of which one says more, that one counts: what fits
    ``table/${TableName}/index/${IndexName}`` fits ``table/${TableName}`` as well and is an index.
    ``arn`` may be a pattern as well: its wildcards are then texts that are not known, and may reach past
    a colon where nothing fits otherwise. The reference does not say which characters a part may have,
    so that ``${BucketName}`` is not known to hold no slash.
    """
    text = _unknown_wildcards(arn)
    by_segment = arn_parts(text)
    found = _found(text, by_segment, types) if by_segment else []
    if not found and has_wildcard(arn):
        found = _found(text, None, types)
    certain = [arn_format for answer, arn_format, _ in found if answer]
    closest: dict[ResourceType, bool] = {}
    for answer, arn_format, kind in found:
        if not any(_says_more(other, arn_format) for other in certain):
            closest[kind] = closest.get(kind, False) or bool(answer)
    return tuple(ArnMatch(kind, sure) for kind, sure in closest.items())


_Found: TypeAlias = list[tuple[bool | None, str, ResourceType]]
_Parts: TypeAlias = tuple[Shape, Shape, Shape, Shape, Shape, Shape]


def _found(text: Shape, parts: _Parts | None, types: Iterable[ResourceType]) -> _Found:
    """The formats that a text fits or may fit: segment by segment where its segments are known."""
    return [
        (answer, arn_format, kind)
        for kind in types
        for arn_format in kind.arns
        if (answer := _fits(arn_format, text, parts)) is not False
    ]


def _fits(arn_format: str, text: Shape, parts: _Parts | None) -> bool | None:
    if parts is None:
        return None if meets(glob(_pattern(arn_format)), widened(text)) else False
    answers = [
        # A region, an account or a name is never empty.
        False if not part and pattern else matches((pattern,), part)
        for pattern, part in zip(_segments(arn_format), parts, strict=True)
    ]
    return False if False in answers else None if None in answers else True


_VARIABLE: Final = lazy_regex(r"\$\{[^}]*\}")


@remembered(4096)
def _pattern(arn_format: str) -> Shape:
    return (_VARIABLE.sub("*", arn_format),)


@remembered(4096)
def _segments(arn_format: str) -> tuple[str, ...]:
    return tuple(_VARIABLE.sub("*", arn_format).split(":", 5))


@remembered(4096)
def _says_more(one: str, other: str) -> bool:
    """Whether every ARN of one format is of the other's form too, and not the other way round."""
    narrow, wide = _pattern(one), _pattern(other)
    if narrow == wide:
        return False
    return matches(wide, _unknown_wildcards(narrow)) is True


def _unknown_wildcards(shape: Shape) -> Shape:
    out: list[str | Hole] = []
    for piece in shape:
        if isinstance(piece, Hole):
            out.append(piece)
            continue
        for part in re.split(r"([*?])", piece):
            if part:
                out.append(Hole(f"{part}{len(out)}") if part in "*?" else part)
    return tuple(out)
