"""Asks AWS, at the pace that is allowed, and says of every call whether it was answered.

Three things come of a call: an answer, the answer that there is no such thing, or none. What was not answered
is kept for the report; nothing here makes a default of it. Once credentials have expired nothing more is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from stockade.patterns import lazy_regex
from stockade.read.account.answer import Absent, Answer, Listing, Place, Present, Unread, masked
from stockade.read.account.calls import Call
from stockade.read.account.direct import SERVICES, Direct
from stockade.read.account.pace import Pace
from stockade.records import dataclass

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE: Final = 8
"""Calls of one kind that are under way at the same time; the buckets decide how many begin a second."""

_CUT: Final = 2
"""How often an answer that breaks off is asked for again."""

MOST: Final = 1_000_000
"""Elements of one list that are read."""

Clients: TypeAlias = Callable[[str, str], Any]
"""From a service and a region to botocore's client."""

_EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "InvalidClientTokenId"}
    | {"UnrecognizedClientException", "AuthFailure", "InvalidAccessKeyId"}
)
_DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "AuthorizationErrorException",
    }
    | {"UnauthorizedException", "ForbiddenException", "WAFAccessDeniedException"}
)
_ENDS: Final = _EXPIRED | _DENIED
"""Errors that asking again does not change."""
_THROTTLED: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
    }
    | {
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "LimitExceededException",
        "PriorRequestNotComplete",
    }
    | {"BandwidthLimitExceeded", "ProvisionedThroughputExceededException", "TransactionInProgressException"}
    | {"EC2ThrottledException"}
)


@dataclass
class Account:
    """What the regions of one account share: its pace, the answers that are the same in all, and its end.

    ``tell`` is called before each call with what is asked; ``stopped`` is why nothing more is.
    """

    clients: Clients
    pace: Pace
    tell: Callable[[Place, Call], None]
    stopped: str = ""
    _kept: dict[tuple[Any, ...], Future[Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What one of several threads makes for all of them."""
        with self._lock:
            kept = self._kept.get(key)
            mine = kept is None
            if kept is None:
                kept = self._kept[key] = Future()
        if mine:
            try:
                kept.set_result(make())
            except BaseException as error:
                kept.set_exception(error)
                raise
        found: T = kept.result()
        return found

    def by_itself(self) -> Account:
        """The same for one region: what it cannot ask any more, others that are read beside it still may.

        A region that is not enabled takes no credentials at all, which says nothing of them elsewhere.
        """
        return Account(self.clients, self.pace, self.tell, _kept=self._kept, _lock=self._lock)

    def kept(self) -> dict[tuple[Any, ...], Any]:
        """The answers that all regions get, as far as they have come: data, which can go to other processes."""
        with self._lock:
            done = [(key, one) for key, one in self._kept.items() if key[0] != _CLIENT and one.done()]
        return {key: one.result() for key, one in done if one.exception() is None}

    def knows(self, kept: Mapping[tuple[Any, ...], Any]) -> None:
        """Takes such answers from somebody who has asked already."""
        with self._lock:
            for key, answer in kept.items():
                if key not in self._kept:
                    made: Future[Any] = Future()
                    self._kept[key] = made
                    made.set_result(answer)


_CLIENT: Final = "client"
_LONGEST: Final = 200
"""Characters of AWS's words that are told."""
_ECHOED: Final = lazy_regex(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"")
"""What an error repeats of a request or of a resource, which may be anybody's text."""
_LOST: Final = 10
"""After so many calls of an operation, one after the other, that AWS throttled to the last try, no more are
made: each takes minutes then, and a thousand of them would take a night."""


class Client:
    """The calls to one account and region. ``misses`` are those that were not answered."""

    def __init__(self, account: Account, place: Place) -> None:
        self.account, self.place = account, place
        self.misses: list[tuple[str, Unread]] = []
        self._lock = Lock()
        self._kept: dict[tuple[str, str], Any] = {}
        self._lost: Counter[str] = Counter()

    def ask(self, reader: str, call: Call, about: str, parameters: Mapping[str, Any]) -> Answer:
        """Make one call; ``reader`` is the collector that wants to know."""
        answer = self._shared(call, about, parameters, "", lambda: self._one(call, about, parameters))
        self._keep(reader, answer)
        return answer

    def listing(
        self, reader: str, call: Call, about: str, items: str, parameters: Mapping[str, Any]
    ) -> Listing:
        """All pages of what a call lists."""
        found = self._shared(call, about, parameters, items, lambda: self._all(call, about, items, parameters))
        self._keep(reader, found.unread)
        return found

    def miss(self, reader: str, why: Unread) -> None:
        """Keep for the report that something was not answered; what ``reader`` is empty for is not kept."""
        if reader:
            with self._lock:
                self.misses.append((reader, why))

    def each(self, many: Sequence[T], ask: Callable[[T], R]) -> list[R]:
        """Ask of many things, several at a time; the answers are in the order of the things."""
        if len(many) < 2:
            return [ask(one) for one in many]
        with ThreadPoolExecutor(min(AT_ONCE, len(many))) as pool:
            return list(pool.map(ask, many))

    # --------------------------------------------------------------------------------------- within

    def _shared(
        self, call: Call, about: str, parameters: Mapping[str, Any], items: str, make: Callable[[], R]
    ) -> R:
        if call.scope == "region":
            return make()
        return self.account.once((call.name, about, items, repr(sorted(parameters.items()))), make)

    def _keep(self, reader: str, answer: Answer | None) -> None:
        if isinstance(answer, Unread):
            self.miss(reader, answer)

    def _one(self, call: Call, about: str, parameters: Mapping[str, Any]) -> Answer:
        def make() -> Present:
            return Present(self._sent(call, getattr(self._client(call), _method(call.operation)), parameters))

        return self._attempt(call, about, make)

    def _all(self, call: Call, about: str, items: str, parameters: Mapping[str, Any]) -> Listing:
        found: list[Mapping[str, Any]] = []

        def make() -> Present:
            found.clear()
            for page in self._pages(call, parameters):
                found.extend(_within(page, items or call.items))
                if len(found) > MOST:
                    break
            return Present({})

        answer = self._attempt(call, about, make)
        if isinstance(answer, Unread):
            return Listing(found, answer)
        if len(found) > MOST:
            reason = f"it lists more than the {MOST:,} that are read"
            return Listing(found[:MOST], Unread(call, about, reason, self.place))
        return Listing(found)

    def _pages(self, call: Call, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        client, method = self._client(call), _method(call.operation)
        send = getattr(client, method)

        def paced(**asked: Any) -> Any:
            return self._sent(call, send, asked)

        if call.token is None and client.can_paginate(method):
            paginator = self._kept.get(paginated := (call.service, call.operation))
            if paginator is None:  # to make one, botocore makes a class
                paginator = self._kept[paginated] = client.get_paginator(method)
                paginator._method = paced  # its iterator calls nothing else, once for each page
            yield from paginator.paginate(**parameters)
            return
        handed, given = call.token or ("", "")
        more: dict[str, Any] = {}
        while True:
            page = paced(**parameters, **more)
            yield page
            marker = page.get(given) if given else None
            if not marker or marker == more.get(handed):
                return
            more = {handed: marker}

    def _sent(self, call: Call, send: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
        """The answer to one request; one that breaks off is asked for again, which botocore does not do."""
        from botocore.parsers import ResponseParserError

        direct = self._direct(call)
        if direct is None:
            asked = send
        else:
            if direct.knows(call.operation, parameters):
                self._wait(call)
                if (found := direct.answer(call.operation, parameters, _ENDS | {*call.absent})) is not None:
                    return found

            def asked(**parameters: Any) -> Any:
                with direct.watching(call.operation, parameters):
                    return send(**parameters)

        for _ in range(_CUT):
            self._wait(call)
            try:
                return asked(**parameters)
            except ResponseParserError:
                continue
        self._wait(call)
        return asked(**parameters)

    def _direct(self, call: Call) -> Direct | None:
        """What makes requests of this kind without botocore, where that may be."""
        if call.service not in SERVICES:
            return None
        key = (_CLIENT, call.service, call.region or self.place.region, "direct")
        return self.account.once(key, lambda: Direct(self._client(call)))

    def _client(self, call: Call) -> Any:
        region = call.region or self.place.region

        def made() -> Any:
            client = self.account.clients(call.service, region)
            client.meta.events.register("after-call", _whole, unique_id="stockade-whole")
            return client

        return self.account.once((_CLIENT, call.service, region), made)

    def _wait(self, call: Call) -> None:
        self.account.tell(self.place, call)
        region = "" if call.quota.everywhere else call.region or self.place.region
        self.account.pace.take(self.place.account, region, call.quota)

    def _attempt(self, call: Call, about: str, make: Callable[[], Present]) -> Answer:
        """The answer, or what kept it from coming: everything that botocore raises is one of three things."""
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            CredentialRetrievalError,
            HTTPClientError,
            NoCredentialsError,
            ParamValidationError,
            SSOError,
            TokenRetrievalError,
        )
        from botocore.parsers import ResponseParserError

        if self.account.stopped:
            return Unread(call, about, self.account.stopped, self.place, stopped=True)
        if self._lost[call.name] >= _LOST:
            return Unread(
                call, about, "AWS throttled it for others again and again, so it was not tried", self.place
            )
        if not hasattr(self._client(call), _method(call.operation)):
            return Unread(call, about, "the installed botocore is too old to know the call", self.place)
        try:
            found = self._made(call, make)
            self._lost[call.name] = 0
            return found
        except ClientError as error:
            return self._refused(call, about, error)
        except (SSOError, TokenRetrievalError):
            return self._stop(call, about, "the session of single sign-on has expired, or was never begun")
        except (CredentialRetrievalError, NoCredentialsError):
            return self._stop(call, about, "there are no credentials any more")
        except HTTPClientError as error:
            return Unread(call, about, f"the connection failed ({type(error).__name__})", self.place)
        except ParamValidationError:
            raise  # it was never sent: a defect of ours
        except (BotoCoreError, ResponseParserError, ValueError, KeyError) as error:
            # An answer that is cut off, or none of AWS's: botocore raises what its parsers come upon.
            return Unread(call, about, f"the answer could not be read ({type(error).__name__})", self.place)

    def _made(self, call: Call, make: Callable[[], Present]) -> Present:
        """What a call answers, asked again where credentials were renewed after it was signed."""
        from botocore.exceptions import ClientError

        keys = self._token(call)
        try:
            return make()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code not in _EXPIRED or self._token(call) == keys:
                raise
            return make()

    def _refused(self, call: Call, about: str, error: ClientError) -> Answer:
        """What it means that AWS answers a call with an error."""
        code = str(error.response.get("Error", {}).get("Code", ""))
        said = str(error.response.get("Error", {}).get("Message", "")).strip().rstrip(".")
        if error.operation_name == "AssumeRole" and call.service != "sts":
            return self._stop(
                call, about, f"there are no credentials any more: the role was not let in again ({code})"
            )
        if code in call.absent:
            return Absent(call)
        if code in _EXPIRED:
            return self._stop(call, about, f"AWS no longer takes the credentials ({code})")
        if code in _DENIED:
            return Unread(call, about, f"AWS denies it ({code})", self.place, denied=True)
        if code in _THROTTLED:
            self._lost[call.name] += 1
            return Unread(call, about, f"AWS throttled it, again and again ({code})", self.place)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status in (401, 403):
            return Unread(call, about, f"AWS denies it ({code or status})", self.place, denied=True)
        reason = f"AWS answered `{code or status}`"
        if said and len(said) < _LONGEST:
            reason = f"{reason}: {masked(_ECHOED.sub('…', said))}"
        return Unread(call, about, reason, self.place)

    def _token(self, call: Call) -> str | None:
        """What tells the credentials of a session from those after their renewal; nothing of others."""
        signer = getattr(self._client(call), "_request_signer", None)
        held: Any = getattr(signer, "_credentials", None)
        frozen = held.get_frozen_credentials() if hasattr(held, "refresh_needed") else None
        token: str | None = frozen.token if frozen is not None else None
        return token

    def _stop(self, call: Call, about: str, reason: str) -> Unread:
        self.account.stopped = self.account.stopped or reason  # services say the same by several codes
        return Unread(call, about, self.account.stopped, self.place, stopped=True)


def _whole(http_response: Any, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
    """Holds an answer without members to its text: of JSON that breaks off botocore makes an empty answer."""
    from botocore.parsers import ResponseParserError

    shape = model.output_shape
    if http_response.status_code != 200 or shape is None or any(name in shape.members for name in parsed):
        return
    if "json" not in model.service_model.resolved_protocol or not shape.members:
        return
    try:
        json.loads(http_response.content)
    except ValueError:
        raise ResponseParserError("the answer breaks off") from None


def _method(operation: str) -> str:
    from botocore import xform_name

    found: str = xform_name(operation)
    return found


def _within(page: Mapping[str, Any], path: str) -> Sequence[Mapping[str, Any]]:
    """The list at a path of an answer; none where it is not there, as AWS leaves empty lists out."""
    at: Any = page
    for name in path.split("."):
        at = at.get(name) if isinstance(at, Mapping) else None
    return at if isinstance(at, list) else ()
