"""What goes wrong, by a seeded plan, and the quotas that AWS enforces.

Which calls are hit depends on the seed and on what is asked, never on the order in which it is asked: the same
scan has the same trouble however its threads run. Bursts and credentials that expire are the exceptions: they
come after so many calls or seconds.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.aws.wire import Call, Refused, protocol

FOREVER: Final = 10**9


@dataclass(frozen=True, slots=True)
class Trouble:
    """A plan. Shares are of calls, from 0 to 1, and a call that is hit fails ``times`` times before it works.

    ``cut`` answers end before they should, half of them with a length that says so and half without;
    ``dropped`` connections are closed without an answer. Of every ``burst[1]`` calls the last ``burst[0]`` are
    throttled, whatever they ask. ``denied`` are calls, as ``lambda:GetPolicy`` (or ``*`` for all but whose the
    account is), that the caller may not make; ``share_denied`` of them with each set of parameters. ``only``
    keeps the trouble to some calls. ``expire_after`` is how many calls a session's credentials are good for.
    ``lives`` is after how many seconds a session is to be renewed, of which AWS tells what makes botocore do
    so; ``grace`` later its credentials are no good. ``renewals`` is how often a role is let in. ``latency`` is
    in seconds.
    """

    seed: int = 0
    throttled: float = 0.0
    failing: float = 0.0
    cut: float = 0.0
    dropped: float = 0.0
    burst: tuple[int, int] = (0, 0)
    times: int = 1
    denied: frozenset[str] = frozenset()
    share_denied: float = 1.0
    only: frozenset[str] = frozenset()
    expire_after: int = FOREVER
    lives: float = 0.0
    grace: float = 5.0
    renewals: int = FOREVER
    latency: float = 0.0


NONE: Final = Trouble()
AHEAD: Final = 900.0
"""Seconds before credentials expire in which botocore begins to renew them."""
_ALWAYS: Final = frozenset({"sts:GetCallerIdentity", "sts:AssumeRole"})

_THROTTLED: Final[Mapping[str, tuple[str, int]]] = {
    "ec2": ("RequestLimitExceeded", 503),
    "s3": ("SlowDown", 503),
    "lambda": ("TooManyRequestsException", 429),
    "apigateway": ("TooManyRequestsException", 429),
    "apigatewayv2": ("TooManyRequestsException", 429),
}
_EXPIRED: Final[Mapping[str, str]] = {
    "ec2": "RequestExpired",
    "query": "ExpiredToken",
    "rest-xml": "ExpiredToken",
}
_DENIED: Final[Mapping[str, str]] = {
    "ec2": "UnauthorizedOperation",
    "query": "AccessDenied",
    "rest-xml": "AccessDenied",
}


@dataclass(slots=True)
class Plan:
    """A plan as it is carried out: which attempts of which calls were already spoilt."""

    trouble: Trouble
    _spoilt: dict[int, int] = field(default_factory=dict)
    _calls: int = 0

    def refuse(self, call: Call, key: str, caller: str) -> None:
        """Raises ``Refused`` for a call that is to fail. ``key`` tells it from others of its name."""
        trouble = self.trouble
        if self._denies(call) and self._hit(key, "denied", trouble.share_denied):
            raise denied(call, caller)
        if self._concerns(call):
            self._calls += 1
            throttles, of = trouble.burst
            if of and self._calls % of >= of - throttles:
                raise throttled(call)
            if self._spoils(key, "throttled", trouble.throttled):
                raise throttled(call)
            if self._spoils(key, "failing", trouble.failing):
                raise Refused("ServiceException", "An error occurred and the request cannot be processed.", 500)

    def cuts(self, call: Call, key: str) -> str:
        """How an answer is cut: ``short`` of the length it claims, ``even`` with it, ``off`` altogether."""
        if self._concerns(call) and self._spoils(key, "dropped", self.trouble.dropped):
            return "off"
        if self._concerns(call) and self._spoils(key, "cut", self.trouble.cut):
            return "short" if self._chance(key, "which cut") < 0.5 else "even"
        return ""

    def _denies(self, call: Call) -> bool:
        denied = self.trouble.denied
        return call.name in denied or ("*" in denied and call.name not in _ALWAYS)

    def _concerns(self, call: Call) -> bool:
        return not self.trouble.only or call.name in self.trouble.only

    def _spoils(self, key: str, what: str, share: float) -> bool:
        if not share or not self._hit(key, what, share):
            return False
        kept = zlib.crc32(f"{what} {key}".encode())
        self._spoilt[kept] = self._spoilt.get(kept, 0) + 1
        return self._spoilt[kept] <= self.trouble.times

    def _hit(self, key: str, what: str, share: float) -> bool:
        return self._chance(key, what) < share

    def _chance(self, key: str, what: str) -> float:
        return zlib.crc32(f"{self.trouble.seed} {what} {key}".encode()) / 2**32


def throttled(call: Call) -> Refused:
    """What a service says of too many calls."""
    code, status = _THROTTLED.get(call.service, ("ThrottlingException", 400))
    if protocol(call.service) == "query":
        code = "Throttling"
    return Refused(code, "Rate exceeded", status)


def denied(call: Call, caller: str) -> Refused:
    """What a service says to who may not ask."""
    code = _DENIED.get(protocol(call.service), "AccessDeniedException")
    status = 400 if protocol(call.service) == "json" else 403
    message = (
        f"User: {caller} is not authorized to perform: {call.name} because no identity-based policy allows the "
        f"{call.name} action"
    )
    return Refused(code, message, status)


def expired(call: Call) -> Refused:
    """What a service says to credentials that were good once."""
    code = _EXPIRED.get(protocol(call.service), "ExpiredTokenException")
    return Refused(code, "The security token included in the request is expired", 403)


# -------------------------------------------------------------------------------------------- quotas


def group(call: Call) -> tuple[str, float, float]:
    """The quota that a call draws on: its name, calls a second, and how many at once."""
    match call.service, call.operation:
        case "lambda", "GetFunction":
            return "lambda:GetFunction", 100, 100
        case "lambda", "GetPolicy":
            return "lambda:GetPolicy", 15, 15
        case "lambda", _:
            return "lambda:other", 15, 15
        case "apigateway", "GetResources":
            return "apigateway:GetResources", 2.5, 5
        case "apigateway" | "apigatewayv2", _:
            return "apigateway:other", 10, 40
        case "cloudwatch", "DescribeAlarms":
            return call.name, 9, 9
        case "logs", "DescribeLogGroups":
            return call.name, 10, 10
        case "wafv2", _:
            return call.name, 5, 5
        case "kms", "ListGrants":
            return call.name, 100, 100
        case "kms", _:
            return call.name, 500, 500
        case service, _:
            return f"{service}:unpublished", FOREVER, FOREVER


@dataclass(slots=True)
class Quotas:
    """Token buckets per account, region and group. ``scale`` makes all of them so many times larger."""

    clock: Callable[[], float]
    scale: float = 1.0
    _buckets: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)

    def take(self, account: str, region: str, call: Call) -> bool:
        """Whether there is a token left, which is then taken."""
        name, rate, size = group(call)
        if rate >= FOREVER:
            return True
        now = self.clock()
        left, then = self._buckets.get((account, region, name), (size * self.scale, now))
        left = min(size * self.scale, left + (now - then) * rate * self.scale)
        self._buckets[account, region, name] = (left - 1 if left >= 1 else left), now
        return left >= 1
