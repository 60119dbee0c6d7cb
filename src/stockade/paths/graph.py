"""Access as a picture: ways into a function, ways out of it, and how sure each is."""

from __future__ import annotations

from enum import Enum

from stockade.records import dataclass
from stockade.source import Span


class Zone(Enum):
    """Where a caller is, as the function's owner sees it; the least trusted first."""

    INTERNET = "the internet"
    ANY_ACCOUNT = "any AWS account"
    ANY_SOURCE = "a service, for anybody's resources"
    FOREIGN = "another account"
    ORGANIZATION = "the organization"
    UNKNOWN = "nobody knows who"
    USERS = "users who prove who they are"
    OWN = "the own account"
    SERVICE = "a service, for resources of one's own"


class Proof(Enum):
    """How a way is known."""

    WITNESSED = "witnessed"
    """The policy engine has confirmed a request that gets through."""
    DECLARED = "declared"
    """The input says so itself: a trigger, a route, an authorizer."""
    UNDECIDED = "undecided"
    """It depends on something that is not known, and is taken to be there."""


@dataclass(frozen=True, slots=True)
class End:
    """What is at the far end of a way: a ``kind`` (``internet``, ``queue``, ``s3``...), and its name.

    ``function`` is the address of a function of the same input where it is one.
    """

    kind: str
    name: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way into or out of a function. ``how`` is a label, ``because`` the sentence that shows it.

    ``weight``, 0 to 100, is how much it matters: of a way in how little its callers are trusted, of a way out
    what can be done with it. ``place`` is where it is written; ``actions`` are those that a role is granted.
    """

    end: End
    how: str
    proof: Proof
    because: str
    weight: int
    place: Span | None = None
    zone: Zone | None = None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One function with its ways in and out, heaviest first. ``input`` indexes the scan's inputs.

    ``facts`` are what stands in the middle, by name: its role, URL, VPC. ``open`` are reasons why there may be
    more ways than are drawn, ``barred`` how many grants nothing gets through, since something takes them back.
    """

    input: int
    address: str
    name: str
    facts: tuple[tuple[str, str], ...]
    ways_in: tuple[Way, ...]
    ways_out: tuple[Way, ...]
    open: tuple[str, ...]
    barred: int = 0
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: into a function, or from it to what it reaches."""

    function: str
    name: str
    way: Way


@dataclass(frozen=True, slots=True)
class Path:
    """From a zone of trust to something that a function reaches, perhaps through others. ``risk`` is 0 to 100.

    The risk is the weight of the first step times that of the last, in hundredths, a tenth less for each
    further function between them, and half of that where a step is not decided.
    """

    input: int
    hops: tuple[Hop, ...]
    risk: int

    @property
    def is_proved(self) -> bool:
        """Whether every step is known, none of them assumed."""
        return all(one.way.proof is not Proof.UNDECIDED for one in self.hops)
