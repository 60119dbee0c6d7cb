"""Who climbs, by what and to what: a role and those around it, and the ways that were found open to it."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property

from stockade.iam.decide import Access
from stockade.iam.match import Shape
from stockade.iam.policy import Document, Principal, Statement
from stockade.iam.request import Caller, CallerKind, Request
from stockade.iam.steps import Step, Way
from stockade.iam.symbolic import Proved, always_allows
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value


class Gain(IntEnum):
    """What a way brings, least first."""

    SOME = 1
    """What one other role may do that this one may not."""
    WHOEVERS = 2
    """What any role or user of the account may do."""
    EVERYTHING = 3
    """Any permission at all."""


@dataclass(frozen=True, eq=False)
class Target:
    """A role whose permissions may be had: by passing or assuming it, or through the function that runs as it.

    ``name`` is for people. ``arn`` is the role's, or the function's if ``is_function``. ``services`` are
    those that the role trusts, ``None`` where that is not known. ``unread`` says why the role may be
    allowed more than could be read, if so.
    """

    name: str
    arn: Shape
    access: Access
    trust: Value[Document]
    services: frozenset[str] | None = None
    is_function: bool = False
    unread: str = ""

    @cached_property
    def names_roles(self) -> bool:
        """Whether its trust policy lets anybody but services in, as far as that is known."""
        return names_roles(self.trust)

    @cached_property
    def is_admin(self) -> bool:
        """Whether it is proved that it may do everything."""
        return allows_everything(self.access)


def names_roles(trust: Value[Document]) -> bool:
    """Whether a trust policy lets anybody but services in, as far as that is known."""
    if isinstance(trust, Unknown):
        return False
    statements = (one for one in trust.value.statements if isinstance(one, Statement))
    entries = (one for statement in statements for one in statement.principals or ())
    return any(isinstance(one, Principal) and one.kind in ("AWS", "*") for one in entries)


def allows_everything(access: Access) -> bool:
    """Whether it is proved that a role's own policies, and its boundary, say yes to whatever it may ask.

    Of keys and of other roles their own policies have to say so as well.
    """
    limits = [access.identity, *([access.boundary] if access.boundary else [])]
    return all(
        one is not None and isinstance(always_allows(one.documents, ["*"], ["*"]), Proved) for one in limits
    )


@dataclass(frozen=True, eq=False)
class Holder:
    """The role that is asked about. ``policies`` are the ARNs of customer managed policies on it.

    ``boundary`` is the ARN of its permissions boundary, empty where it has none or it is not known.
    """

    arn: Shape
    access: Access
    policies: tuple[Shape, ...] = ()
    boundary: Shape = ()

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The services that its policies allow anything of; ``None`` where they could be any."""
        identity = self.access.identity
        if identity is None or identity.unknown:
            return None
        found: set[str] = set()
        for one in identity.statements:
            if one.allows is False:
                continue
            if one.source.not_actions is not None:
                return None
            for action in one.source.actions or ():
                prefix = action.value.partition(":")[0].lower() if isinstance(action, Known) else "*"
                if "*" in prefix or "?" in prefix:
                    return None
                found.add(prefix)
        return frozenset(found)

    @cached_property
    def caller(self) -> Caller:
        """The role when it asks, in a session of a function's."""
        name = "".join(map(str, self.arn))
        opening, _, resource = name.partition(":role/")
        session = f"{opening.replace(':iam:', ':sts:', 1)}:assumed-role/{resource.rpartition('/')[2]}/function"
        return Caller(CallerKind.ROLE, name, session, self.arn)


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that is allowed, by the request that shows it."""

    step: Step
    request: Request
    by: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A way that is open. ``target`` is what it is about, ``None`` for any such thing of the account."""

    way: Way
    steps: tuple[Taken, ...]
    gain: Gain
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A way that is open or not, depending on something; ``reason`` completes "not known: ...".

    ``name`` is of what it is about, for people; empty for any such thing.
    """

    way: Way
    reason: str
    by: tuple[Statement, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Escalations:
    """All open ways, most gain and fewest steps first, and those in doubt."""

    paths: tuple[Path, ...] = ()
    doubts: tuple[Doubt, ...] = ()
