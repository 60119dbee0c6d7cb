"""What a validation says: findings by AWS's codes, each with its place in the policy and in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Any, Final, TypeAlias

from stockade.patterns import lazy_regex
from stockade.records import dataclass, record
from stockade.source import Span
from stockade.source import decode as unicode_of
from stockade.value import Known, Origin, Unknown, Value, Written


class Type(IntEnum):
    """How much a finding matters, least first, in AWS's words."""

    SUGGESTION = 1
    WARNING = 2
    SECURITY_WARNING = 3
    ERROR = 4


class Kind(Enum):
    """What a document is for, which decides its grammar. A permissions boundary is an identity policy."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"


@record
class Key:
    """A step of a path that is a member's name itself rather than what is behind it."""

    name: str


Step: TypeAlias = str | int | Key
Path: TypeAlias = tuple[Step, ...]
"""From the document to an element, as AWS gives it: ``("Statement", 0, "Action", 3)``."""


@record
class Node:
    """An element of a document: its value, and the way to it."""

    value: Value[Any]
    path: Path

    @property
    def origin(self) -> Origin:
        return self.value.origin

    def named(self) -> Node:
        """The name under which the value stands: its place where it can be told, else the value's."""
        name = str(self.path[-1])
        place = _name_before(self.value.origin, name)
        return Node(Unknown("a name", place or self.value.origin), (*self.path[:-1], Key(name)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that IAM Access Analyzer says of a policy.

    ``message`` is a sentence in our words, ``help`` what to do. ``statement`` is the index of the statement,
    ``None`` for the document itself. ``path`` and ``origin`` are where to look; ``also`` are further elements
    that have a share in it. ``instead`` is what should stand in the place of the one string that is wrong,
    where that is beyond doubt.
    """

    code: str
    type: Type
    message: str
    help: str
    path: Path
    origin: Origin
    also: tuple[tuple[Path, Origin], ...] = ()
    instead: str | None = None

    @property
    def statement(self) -> int | None:
        return self.path[1] if len(self.path) > 1 and isinstance(self.path[1], int) else None


@dataclass(frozen=True, slots=True)
class Validation:
    """All that is said of one document. ``open`` are the parts that kept something from being said:

    a value that is not known, or a spelling of which AWS does not say what it makes of it; each with the
    path of the element it belongs to.
    """

    findings: tuple[Finding, ...]
    open: tuple[tuple[Path, Unknown], ...]


_NAME: Final = lazy_regex(r'(?:"((?:[^"\\]|\\.)*)"|([\w:./-]+))\s*[:=]\s*\(?\s*\Z', re.DOTALL)
_FARTHEST: Final = 300
"""How many bytes before a value its name is looked for."""


def _name_before(origin: Origin, name: str) -> Origin | None:
    """Where the name of a value stands, right before it, in JSON or in Terraform's language."""
    if not isinstance(origin, Written):
        return None
    span = origin.span
    start = max(span.start - _FARTHEST - len(name), 0)
    found = _NAME.search(span.source.text, start, span.start)
    if found is None:
        return None
    group = 1 if found[1] is not None else 2
    if unicode_of(found[group]) != name:
        return None
    left, right = found.span(group)
    quotes = 1 if group == 1 else 0
    return Written(Span(span.source, left - quotes, right + quotes), origin.via)


def members(value: Value[Any]) -> Mapping[str, Value[Any]] | None:
    """The members of an object; ``None`` for what is none."""
    return value.value if isinstance(value, Known) and isinstance(value.value, Mapping) else None
