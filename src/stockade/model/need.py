"""What functions need to be allowed: by what their source does, how they are configured, what a trail shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import Enum
from functools import cached_property
from typing import Literal, TypeAlias

from stockade.iam.cover import Piece
from stockade.iam.written import KeyTest
from stockade.model.function import Function
from stockade.model.subject import Subject
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Origin, Unknown, Value

Found: TypeAlias = Literal["source", "configuration", "trail"]
"""Where a need was found."""


class Certainty(Enum):
    """How sure a need is, with its resource."""

    CERTAIN = "certain"  # the code calls it on this resource; the configuration asks for it
    LIKELY = "likely"  # it may be called, or not always, or needs this in most cases
    UNKNOWN = "unknown"  # it is called, and on which resource is not known


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is needed: ``said`` completes "needed to ..." or names a call, at its place.

    ``way`` are the call sites that lead there from the handler, outermost first.
    """

    said: str
    origin: Origin
    way: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One permission that a function needs: an action on a resource, an ARN or a pattern of ARNs.

    ``calls`` are the operations that need it, ``dynamodb.GetItem``, none where no call does. ``every`` says
    that each invocation makes the call. ``direct`` says that it is the action of the call itself and not one
    that comes with it, such as decrypting.
    """

    action: str
    resource: Piece
    certainty: Certainty
    found: Found
    reasons: tuple[Reason, ...]
    tests: tuple[KeyTest, ...] = ()
    calls: tuple[str, ...] = ()
    every: bool = False
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Open:
    """Something that may need more than is listed and was not followed.

    ``service`` is the prefix of the actions it may need, empty where these may be any; ``actions`` are they
    where that is known. ``where`` says what is open: ``call`` for what is called, ``resource`` for on what.
    """

    what: str
    reason: str
    origin: Origin
    service: str = ""
    actions: tuple[str, ...] = ()
    where: Literal["call", "resource"] = "call"


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that is known of what a function needs.

    ``source`` says where its source is, or why it is not known what that does: then ``needed`` is what
    its configuration and a trail show and nothing else. ``aside`` are calls that the handler does not reach, or
    that are made with others' permissions: they need nothing of the function's role. ``fetches`` are the calls
    that read secrets and parameters; ``perhaps`` are actions that what is done needs in some cases, ``beyond``
    those of calls that the handler was not seen to reach, both in lower case. ``built`` says how a
    build makes the package of the source, where the package itself was not there to be read.
    """

    source: Value[str]
    needed: tuple[Needed, ...] = ()
    open: tuple[Open, ...] = ()
    aside: tuple[Reason, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    notes: tuple[Reason, ...] = ()
    perhaps: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()
    built: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing else can be called than what is listed."""
        return isinstance(self.source, Known) and not any(one.where == "call" for one in self.open)

    def may_use(self, action: str) -> Open | Unknown | None:
        """What was not followed and may use an action; ``None`` where nothing does."""
        if isinstance(self.source, Unknown):
            return self.source
        service = action.partition(":")[0].lower()
        for one in self.open:
            if one.where != "call":
                continue
            if one.actions:
                if action.lower() in (name.lower() for name in one.actions):
                    return one
            elif one.service in ("", service):
                return one
        return None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A call that reads a secret or a parameter. ``every`` says that each invocation makes it.

    ``what`` is fetched where it is a single one, by the name in ``variable`` of the environment or by a
    ``literal`` one, where it is either. ``renewed`` says that the function writes what it reads there, as one
    that rotates a secret does.
    """

    operation: str
    service: str
    origin: Origin
    every: bool
    certain: bool
    way: tuple[Span, ...] = ()
    what: Literal["secret", "parameter", ""] = ""
    variable: str = ""
    literal: str = ""
    renewed: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FunctionNeeds(Subject):
    """What one function needs; found out when somebody asks for it, once.

    ``look`` finds its source alone: why that is not known, or ``None`` where it is.
    """

    function: Function
    look: Callable[[], Unknown | None] = field()
    learn: Callable[[], Learned] = field()

    @cached_property
    def unknown(self) -> Unknown | None:
        """Why it is not known what its source does; ``None`` where it is known."""
        return self.look()

    @cached_property
    def learned(self) -> Learned:
        """What is known of it."""
        return self.learn()
