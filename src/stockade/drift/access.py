"""Who may do what, on either side: policies compared by what they allow, never by how they are written.

Each question is asked both ways: does the other side allow a request that is not written, and is one written
that the other side does not allow? The answer is a proof, a request that shows it, or why nobody can say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from stockade.drift.same import Fillings
from stockade.errors import BudgetExceeded
from stockade.iam.decide import Access, Answer, Decision
from stockade.iam.match import Shape
from stockade.iam.policy import Condition, Document, Principal, Statement, Strings
from stockade.iam.request import STRANGER, Caller, Request
from stockade.iam.symbolic import Policed, Proved, Witness, no_wider_than
from stockade.model.permission import Permission
from stockade.model.role import Role
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Ref, Unknown, Value, parts_of


@dataclass(frozen=True, slots=True)
class Gained:
    """A request that one side allows and the other does not; ``by`` is where that is allowed."""

    wider: bool
    request: Request
    by: Origin | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """It is not known whether the other side allows more (``wider``) or less; ``reason`` says why."""

    wider: bool
    reason: str


@dataclass(frozen=True, slots=True)
class About:
    """Whose policies they are (``caller``) or what they are on (``resource``), and where that is."""

    caller: Caller | None = None
    resource: Shape = ()
    account: str = ""
    region: str = ""

    def at_home(self, arn: str) -> str:
        """An ARN that stands for any, in this account and region."""
        parts = arn.split(":", 5)
        if len(parts) < 6 or parts[4] != STRANGER:
            return arn
        parts[4] = self.account or parts[4]
        parts[3] = self.region if parts[3] and self.region else parts[3]
        return ":".join(parts)


def compared(written: Policed, other: Policed, about: About | None = None) -> Iterator[Gained | Doubt]:
    """What one side allows and the other does not; nothing where it is proved that both allow the same.

    ``about`` is what they are of, for requests that say so.
    """
    for wider, new, old in ((True, other, written), (False, written, other)):
        try:
            match no_wider_than(new, old):
                case Witness() as found:
                    yield Gained(wider, _named(found, new, old, about or About()), _by(found.allowed))
                case Proved():
                    pass
                case undecided:
                    depends = f": {undecided.depends_on[0]}" if undecided.depends_on else ""
                    yield Doubt(wider, undecided.reason + depends)
        except BudgetExceeded as error:
            yield Doubt(wider, error.message)


def _named(found: Witness, new: Policed, old: Policed, about: About) -> Request:
    """The request of the one whom it is about, on what it is about, where that is decided likewise."""
    was = found.request
    sides = [one if isinstance(one, Access) else Access.alone(one) for one in (new, old)]
    text = was.resource if isinstance(was.resource, str) else "".join(map(str, was.resource))
    resources = ["".join(map(str, about.resource))] if about.resource else [about.at_home(text), text]
    for resource in resources:
        request = Request(about.caller or was.caller, was.action, resource, was.written, complete=True)
        if [one.decide(request).answer for one in sides] == [Answer.ALLOW, Answer.DENY]:
            return request
    return was


def _by(decision: Decision) -> Origin | None:
    return next((one.statement.origin for one in decision.deciding), None)


def of_role(role: Role, fillings: Fillings) -> Access:
    """Everything that applies to a role; what could not be read of it counts as not known."""
    documents: list[Value[Document]] = [filled(one.document, fillings) for one in role.policies]
    if role.open_ended is not None:
        documents.append(role.open_ended)
    boundary: Value[Document] | None = None
    if not (isinstance(role.boundary, Known) and role.boundary.value is None):
        policy = role.boundary_policy
        document = policy.document if policy else Unknown("its permissions boundary is not known", role.origin)
        boundary = filled(document, fillings)
    return Access(documents, boundary=boundary, delegated=True)


# ------------------------------------------------------------------------- what is known, filled in


def filled(document: Value[Document], fillings: Fillings) -> Value[Document]:
    """A document in which holes are what they are known to stand for."""
    if isinstance(document, Unknown):
        return document
    read = document.value
    statements = tuple(
        _statement(one, fillings) if isinstance(one, Statement) else one for one in read.statements
    )
    return Known(replace(read, statements=statements), document.origin)


def _statement(one: Statement, fillings: Fillings) -> Statement:
    return replace(
        one,
        actions=_strings(one.actions, fillings),
        not_actions=_strings(one.not_actions, fillings),
        resources=_strings(one.resources, fillings),
        not_resources=_strings(one.not_resources, fillings),
        principals=_principals(one.principals, fillings),
        not_principals=_principals(one.not_principals, fillings),
        conditions=tuple(_condition(condition, fillings) for condition in one.conditions),
    )


def _strings(values: Strings | None, fillings: Fillings) -> Strings | None:
    return None if values is None else tuple(map(fillings.filled, values))


def _principals(
    listed: tuple[Principal | Unknown, ...] | None, fillings: Fillings
) -> tuple[Principal | Unknown, ...] | None:
    if listed is None:
        return None
    return tuple(
        replace(one, value=fillings.filled(one.value)) if isinstance(one, Principal) else one for one in listed
    )


def _condition(one: Condition | Unknown, fillings: Fillings) -> Condition | Unknown:
    if isinstance(one, Unknown):
        return one
    values: Any = tuple(map(fillings.filled, one.values))
    return replace(one, values=values)


# ----------------------------------------------------------------------------------- APIs by name


def with_apis(
    mine: tuple[World, Sequence[Permission]],
    theirs: tuple[World, Sequence[Permission]],
    fillings: tuple[Fillings, Fillings],
) -> tuple[Fillings, Fillings]:
    """The fillings, and the identifiers of APIs, which AWS makes up: two of one name are the same API.

    Only where the other side says which of its APIs an ARN is of; an ARN by itself names none.
    """
    names = dict(_apis(*mine, fillings[0]))
    known: list[dict[str, str]] = [dict(fillings[0].holes), dict(fillings[1].holes)]
    for name, (hole, text) in _apis(*theirs, fillings[1]):
        if name not in names:
            continue
        own_hole, own_text = names[name]
        if own_hole and text:
            known[0][own_hole] = text
        if hole and own_text:
            known[1][hole] = own_text
    return replace(fillings[0], holes=known[0]), replace(fillings[1], holes=known[1])


def _apis(
    world: World, permissions: Iterable[Permission], fillings: Fillings
) -> Iterator[tuple[str, tuple[str, str]]]:
    """By the names of the APIs of a world: the hole that stands for its identifier, or the identifier."""
    for one in permissions:
        api = world.api_in(one.source_arn)
        if api is None or not isinstance(name := fillings.filled(api.name), Known):
            continue
        source: Value[Any] = one.source_arn
        if isinstance(source, Known):
            resource = str(source.value).split(":", 5)[-1]
            yield name.value, ("", resource.partition("/")[0])
            continue
        for part in parts_of(source):
            for piece in part.shape.shape() if isinstance(part, Ref) and part.shape else (part,):
                own = piece.name if isinstance(piece, Hole) else ""
                if isinstance(piece, Ref):
                    own = f"{piece.address}.{piece.attribute}"
                if own.startswith(api.address):
                    yield name.value, (own, "")
