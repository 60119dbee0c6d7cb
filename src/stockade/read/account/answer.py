"""What AWS answered, as values with their places, and what it did not.

An answer is made a document under a name that says the call, the thing and the day, so that every value in it
has a place as a file's values have, and is shown as they are. What nobody may see is taken out of the
document before, and is in no excerpt: values keep it, texts do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any, Final, TypeAlias

from stockade.json_text import decode
from stockade.read.account.calls import Call
from stockade.records import dataclass
from stockade.secrets.formats import matches
from stockade.source import Source, Span
from stockade.value import Fetched, Known, Origin, Unknown, Value, Written

HIDDEN: Final = "(not shown)"
"""What stands in a document for a text that is kept out of sight."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where is asked: an account's number, a region and the partition both are in, and when (ISO 8601)."""

    account: str
    region: str
    partition: str
    at: str


@dataclass(frozen=True, slots=True)
class Present:
    """The answer to a call, as botocore has it."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Absent:
    """AWS says that there is no such thing."""

    call: Call


@dataclass(frozen=True, slots=True)
class Unread:
    """No answer came. ``reason`` completes "was not answered: ..."; ``stopped`` says that none will come."""

    call: Call
    about: str
    reason: str
    place: Place
    denied: bool = False
    stopped: bool = False

    def value(self, what: str = "") -> Unknown:
        """What would have been in the answer."""
        said = f"`{self.call.name}` was not answered: {self.reason}"
        origin = Fetched(self.call.name, what, self.place.account, self.place.region, self.place.at)
        return Unknown(said, origin)


Answer: TypeAlias = Present | Absent | Unread


@dataclass(frozen=True, slots=True)
class Listing:
    """What a call lists, over all pages; ``unread`` says why there may be more."""

    items: Sequence[Mapping[str, Any]]
    unread: Unread | None = None


class Document:
    """One answer, or one element of a list of them: values with places.

    ``about`` is what was asked about, in the name that reports show. ``hide`` are paths by dots to what is
    kept out of sight: every text, number and flag below them. ``texts`` are paths to texts that hold JSON,
    which are written out.
    """

    def __init__(
        self,
        place: Place,
        call: Call,
        about: str,
        data: Mapping[str, Any],
        hide: Collection[str] = (),
        texts: Collection[str] = (),
    ) -> None:
        whole = _plain(data)
        for path in texts:
            whole = _at(whole, path.split("."), _parsed)
        shown = whole
        for path in hide:
            shown = _at(shown, path.split("."), _blank)
        text = masked(_written(shown))
        written = text.encode("utf-8", "replace")
        name = f"{call.operation} of {about}" if about else f"{call.operation} in {place.account}"
        self.source = Source(f"{name}, {place.at[:10]}", written)
        self.origin: Origin = Written(Span(self.source, 0, len(written)))
        tree = decode(((text, self.source, 0),), self.origin)
        found = _restored(tree, shown, whole) if hide else tree
        self.members: dict[str, Value[Any]] = (
            dict(found.value) if isinstance(found, Known) and isinstance(found.value, dict) else {}
        )

    def of(self, *names: str) -> dict[str, Value[Any]]:
        """Some of its members, those that are there."""
        return {name: self.members[name] for name in names if name in self.members}

    def said(self, value: Any, name: str = "") -> Known[Any]:
        """A value that follows from the document, at the place of one of its members or of all of it."""
        return Known(value, self.members[name].origin if name in self.members else self.origin)


def _written(data: Any, before: str = "\n") -> str:
    """As ``json.dumps(data, indent=2, ensure_ascii=False)`` writes it, which has no C code for an indent."""
    match data:
        case str():
            return encode_basestring(data)
        case dict():
            if not data:
                return "{}"
            inner = f"{before}  "
            members = [
                f"{inner}{encode_basestring(name)}: {_written(one, inner)}" for name, one in data.items()
            ]
            return f"{{{','.join(members)}{before}}}"
        case list():
            if not data:
                return "[]"
            inner = f"{before}  "
            return f"[{','.join([inner + _written(one, inner) for one in data])}{before}]"
        case _:
            return json.dumps(data)


def masked(text: str) -> str:
    """A document in which every key of a format that a provider documents is cut off after four characters.

    What may hold one rightly is hidden and keeps it as a value; in a name or a ``Sid`` it is a mistake, and
    would be shown with the name.
    """
    out, done = [], 0
    for found in sorted(matches(text), key=lambda one: one.start):
        if found.start >= done:
            out.append(f"{text[done : found.start]}{text[found.start : found.start + 4]}…")
            done = found.end
    return "".join((*out, text[done:]))


def _plain(data: Any) -> Any:
    """An answer as JSON has it; what AWS sends beside the answer itself is left out."""
    match data:
        case Mapping():
            return {str(name): _plain(one) for name, one in data.items() if name != "ResponseMetadata"}
        case list() | tuple():
            return [_plain(one) for one in data]
        case datetime() | date():
            return data.isoformat()
        case bytes():
            return HIDDEN
        case _:
            return data


def _at(data: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """The same data with what is at a path changed; a list on the way is gone through."""
    if not path:
        return change(data)
    if isinstance(data, list):
        return [_at(one, path, change) for one in data]
    if isinstance(data, dict) and path[0] in data:
        return {**data, path[0]: _at(data[path[0]], path[1:], change)}
    return data


def _blank(data: Any) -> Any:
    match data:
        case dict():
            return {name: _blank(one) for name, one in data.items()}
        case list():
            return [_blank(one) for one in data]
        case None:
            return None
        case _:
            return HIDDEN


def _parsed(data: Any) -> Any:
    """A text's JSON; the text itself where it holds none, or says a key twice, which AWS would refuse."""
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data, object_pairs_hook=_once)
    except ValueError:
        return data


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members. Raises ``ValueError`` for a name that is there twice: either could be meant."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is there twice")
    return members


def _restored(tree: Value[Any], shown: Any, whole: Any) -> Value[Any]:
    """The tree of the shown document with the values of the whole one, at the same places."""
    if shown == whole or isinstance(tree, Unknown):
        return tree
    match tree.value, shown, whole:
        case dict() as members, dict(), dict():
            if len(members) != len(shown):
                return Unknown("two of its names are alike once keys in them are cut off", tree.origin)
            pairs = zip(members.items(), shown.values(), whole.values(), strict=True)  # in the same order
            return Known({name: _restored(one, *those) for (name, one), *those in pairs}, tree.origin)
        case tuple() as items, list(), list():
            return Known(
                tuple(_restored(*three) for three in zip(items, shown, whole, strict=True)), tree.origin
            )
        case _:
            return Known(whole, tree.origin)
