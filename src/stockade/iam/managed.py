"""AWS's managed policies, and what a policy document grants wholesale."""

from __future__ import annotations

from functools import cache
from typing import Any

from stockade.iam.match import is_wildcard_only
from stockade.iam.pack import DATA, Pack
from stockade.iam.policy import Document, Statement, Strings, parse
from stockade.records import dataclass
from stockade.value import Default, Known, Origin, Unknown, Value, shape_of


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A policy that AWS keeps. ``version`` is its default version, ``updated`` that version's day (ISO).

    ``document``'s every element has the origin "AWS managed policy X as of DATE".
    """

    name: str
    path: str
    version: str
    updated: str
    document: Document

    @property
    def arn(self) -> str:
        """Its ARN in the ``aws`` partition."""
        return f"arn:aws:iam::aws:policy{self.path}{self.name}"


@cache
def _pack() -> Pack:
    return Pack(DATA / "managed.pack")


def date() -> str:
    """The day (ISO) that the managed policies are of."""
    return _pack().date


def names() -> tuple[str, ...]:
    """The names of all managed policies that are known, sorted."""
    return tuple(sorted(_pack()))


def managed(name_or_arn: str) -> ManagedPolicy | None:
    """A managed policy by its name or its ARN in any partition; ``None`` where none is known by it."""
    if not name_or_arn.startswith("arn:"):
        return _managed(name_or_arn)
    segments = name_or_arn.split(":", 5)
    if len(segments) < 6 or segments[2:5] != ["iam", "", "aws"]:
        return None
    policy = _managed(segments[5].rpartition("/")[2])
    return policy if policy and segments[5] == f"policy{policy.path}{policy.name}" else None


@cache
def _managed(name: str) -> ManagedPolicy | None:
    pack = _pack()
    if name not in pack:
        return None
    member = pack.read(name)
    origin = Default(f"AWS managed policy {name} as of {pack.date}")
    match parse(_tree(member["document"], origin)):
        case Known(document):
            return ManagedPolicy(name, member["path"], member["version"], member["updated"], document)
        case Unknown():
            return None


def _tree(value: Any, origin: Origin) -> Value[Any]:
    match value:
        case dict():
            return Known({key: _tree(one, origin) for key, one in value.items()}, origin)
        case list():
            return Known(tuple(_tree(one, origin) for one in value), origin)
        case _:
            return Known(value, origin)


@dataclass(frozen=True, slots=True)
class Wholesale:
    """What a document grants on every resource, without a condition, by the whole service.

    ``services`` are prefixes, sorted. ``all_but`` is ``None`` unless everything is granted but the
    actions that match its patterns; empty, it is everything that AWS has. Denials in the document
    are not subtracted: ``denies`` says that there are some.
    """

    services: tuple[str, ...] = ()
    all_but: tuple[str, ...] | None = None
    denies: bool = False

    def __bool__(self) -> bool:
        return bool(self.services) or self.all_but is not None


def wholesale(document: Document) -> Wholesale:
    """What a document is known to grant wholesale; what is unknown in it grants nothing here."""
    services: set[str] = set()
    all_but: tuple[str, ...] | None = None
    denies = False
    for statement in document.statements:
        if isinstance(statement, Unknown):
            continue
        denies = denies or statement.allows is False
        if not statement.allows or statement.conditions or not _on_everything(statement):
            continue
        if statement.not_actions is not None:
            excepted = _known(statement.not_actions)
            if excepted is not None and (all_but is None or len(excepted) < len(all_but)):
                all_but = excepted
        for action in statement.actions or ():
            if not isinstance(action, Known):
                continue
            prefix, colon, name = action.value.partition(":")
            if not prefix.strip("*") and not name.strip("*"):
                all_but = ()
            elif colon and name and not name.strip("*"):
                services.add(prefix.lower())
    return Wholesale(tuple(sorted(services)), all_but, denies)


def _on_everything(statement: Statement) -> bool:
    return any(is_wildcard_only(shape_of(resource)) for resource in statement.resources or ())


def _known(strings: Strings) -> tuple[str, ...] | None:
    known = tuple(one.value for one in strings if isinstance(one, Known))
    return known if len(known) == len(strings) else None
