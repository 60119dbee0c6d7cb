"""What ARNs each service has: the formats of its resources, and whether a pattern could be one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.match import Shape
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import record
from stockade.value import Hole

PARTITIONS: Final = (
    "aws",
    "aws-cn",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-us-gov",
)

_PLACEHOLDER: Final = lazy_regex(r"\$\{[^}]*\}")
_SOME: Final = "\ue001"
"""Stands for one or more characters, in a format."""


@record
class Format:
    """One ARN format of a service. ``region`` and ``account`` say whether it has these fields at all.

    ``resource`` is its last part, with ``_SOME`` for what varies; ``head`` is what it begins with for sure.
    ``owner`` is a word that stands in the place of the account, as ``aws`` does, empty where there is none.
    """

    region: bool
    account: bool
    resource: str
    head: str
    owner: str


@remembered(1024)
def formats(service: str, catalog: Catalog) -> tuple[Format, ...]:
    """The formats of all ARNs whose service is this, whichever service's resources they are."""
    own = catalog.service(service)
    found = _of(service, own.resource_types.values()) if own is not None else ()
    return found or _everywhere(catalog).get(service, ())


def all_formats(service: str, catalog: Catalog) -> tuple[Format, ...]:
    """The same and those that other services list for it, for which all of the catalog is read."""
    return tuple(dict.fromkeys((*formats(service, catalog), *_everywhere(catalog).get(service, ()))))


def is_service(name: str, catalog: Catalog) -> bool:
    """Whether ARNs have such a service: it has actions, or some service's resources are under its name."""
    return name in catalog.services() or name in _everywhere(catalog)


@remembered(4)
def _everywhere(catalog: Catalog) -> dict[str, tuple[Format, ...]]:
    """Formats by the service in the ARN, over all services. Reads all of the catalog, a tenth of a second."""
    by_service: dict[str, list[str]] = {}
    for prefix in catalog.services():
        service = catalog.service(prefix)
        for arn in service.resource_types.values() if service else ():
            by_service.setdefault(arn.split(":", 3)[2], []).append(arn)
    return {name: _of(name, arns) for name, arns in by_service.items()}


def _of(service: str, arns: Iterable[str]) -> tuple[Format, ...]:
    out: dict[Format, None] = {}
    for arn in arns:
        fields = arn.split(":", 5)
        if len(fields) < 6 or fields[2] != service:
            continue
        resource = _PLACEHOLDER.sub(_SOME, fields[5])
        head = re.split(f"[{_SOME}*]", resource, maxsplit=1)[0]
        account = fields[4]
        literal = account if account.isalpha() else ""
        out[Format(bool(fields[3]), bool(account), resource, head, literal)] = None
    return tuple(out)


def pattern_of(service: str, region: bool, account: bool, catalog: Catalog) -> re.Pattern[str] | None:
    """What the last part of a service's ARNs looks like, of those that have a Region and an account, or not."""
    found = [
        one.resource for one in formats(service, catalog) if (one.region, one.account) == (region, account)
    ]
    if not found:
        return None
    literal = (re.escape(one).replace(re.escape(_SOME), ".+").replace(r"\*", ".*") for one in found)
    return re.compile(f"(?:{'|'.join(literal)})\\Z", re.DOTALL)


@remembered(8192)
def fits(shape: Shape, form: Format) -> bool:
    """Whether some text that a pattern stands for is the last part of an ARN of a format.

    A hole may be any text, the empty one included.
    """
    letters = _tokens(shape)
    head = form.head
    for letter, wanted in zip(letters, head, strict=False):
        if letter is None or letter == "*":
            break
        if letter not in ("?", wanted):
            return False
    else:
        if len(letters) < len(head):
            return False
    return _overlap(letters, form.resource)


def _tokens(shape: Shape) -> tuple[str | None, ...]:
    """A pattern letter by letter; ``None`` is any text, as a star is."""
    out: list[str | None] = []
    for piece in shape:
        if isinstance(piece, Hole):
            out.append(None)
        else:
            out += piece
    return tuple(out)


def _overlap(pattern: tuple[str | None, ...], form: str) -> bool:
    """Whether two patterns have a text in common. Takes time in the product of their lengths.

    The places that can be stood on in ``form`` after each letter of ``pattern`` are bits of one number.
    """
    length = len(form)
    loose, after = 0, 0
    for at, letter in enumerate(form):
        if letter == "*":
            loose |= 1 << at
        elif letter == _SOME:
            after |= 1 << at

    def settled(places: int) -> int:
        """With the places that are reached without reading: a star of the format may be nothing."""
        moved = places
        while moved:
            moved = (moved & loose) << 1 & ~places
            places |= moved
        return places

    everything = (1 << (length + 1)) - 1
    steps: dict[str, int] = {}
    for at, letter in enumerate(form):
        steps[letter] = steps.get(letter, 0) | 1 << at
    places = settled(1)
    for read in pattern:
        if read is None or read == "*":
            # Any text leads from the first place to every later one.
            places = everything & -(places & -places)
            continue
        step = everything >> 1 if read == "?" else steps.get(read, 0)
        wide = places & (loose | after)
        # Within `_SOME` a letter may stay or be its last; a star of the format may keep its place.
        moved = (places & (step & ~loose & ~after)) << 1 | wide & after | (wide & after) << 1 | wide & loose
        places = settled(moved)
        if not places:
            return False
    return bool(places >> length & 1)
