"""An AWS endpoint on loopback: real HTTP, real signatures' scopes, accounts as they are declared.

It runs in a thread of its own, or in a process of its own where its cost must not be counted with the caller's.
A signature says which account, region and service is meant; whether it is right is not checked. Who made the
endpoint stops it, and it stops by itself when its time is over or nobody is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import re
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

from tests.aws.account import GLOBAL, Account
from tests.aws.trouble import AHEAD, NONE, Plan, Quotas, Trouble, expired, group, throttled
from tests.aws.wire import FAULTY, Answer, Call, Refused, Request, Undeclared, error, read, service_of, write

LONGEST: Final = 1800.0
"""Seconds that an endpoint lives at most."""
_LARGEST: Final = 4 * 2**20
_CREDENTIAL: Final = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_REASONS: Final = {200: "OK", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Error"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credentials sign a request; ``session`` ones may expire. ``until`` is on the endpoint's clock."""

    account: str
    arn: str
    token: str = ""
    until: float = float("inf")

    @property
    def is_session(self) -> bool:
        return bool(self.token)


def key_of(account: str) -> str:
    """The access key of an account's own user."""
    return f"AKIA{account}FAKE"


@dataclass(slots=True)
class Service:
    """What answers: accounts, trouble, quotas, and what was counted.

    ``answered`` are the calls that had a whole answer, each with its parameters as JSON: what a scan can know.
    ``asked`` are all that came.
    """

    accounts: Mapping[str, Account]
    plan: Plan
    quotas: Quotas | None = None
    codes: Mapping[str, bytes] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _callers: dict[str, Caller] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    answered: dict[tuple[str, str], None] = field(default_factory=dict)
    asked: dict[tuple[str, str], None] = field(default_factory=dict)
    assumed: int = 0

    def __post_init__(self) -> None:
        for number in self.accounts:
            self._callers[key_of(number)] = Caller(number, f"arn:aws:iam::{number}:user/scanner")
            session = f"arn:aws:sts::{number}:assumed-role/scanner/session"
            self._callers[f"ASIA{number}FAKE"] = Caller(number, session, "token")

    def answer(self, request: Request) -> tuple[Answer, str]:
        """The answer, and how it is to be cut."""
        if request.path.startswith("/_code/"):
            self.answers[request.path] += 1
            found = self.codes.get(request.path.removeprefix("/_code/"))
            return Answer(200 if found is not None else 404, {}, found or b""), ""
        scope = _CREDENTIAL.search(request.headers.get("authorization", ""))
        if scope is None:
            return Answer(403, {}, b'{"message":"Missing Authentication Token"}'), ""
        key, region, signed_for = scope.groups()
        service = service_of(signed_for, request.path)
        try:
            call = read(service, request)
            return self._answer(call, key, region, request)
        except Refused as refused:
            self.answers[f"{refused.status} {refused.code}"] += 1
            if refused.code in ("UnknownOperationException", "ValidationException", FAULTY):
                self.faults.append(f"{service}: {refused.message}")
            return error(service if refused.code != "UnknownOperationException" else "lambda", refused), ""

    def _answer(self, call: Call, key: str, region: str, request: Request) -> tuple[Answer, str]:
        self.counts[call.name] += 1
        asked = json.dumps(call.parameters, sort_keys=True, default=str)
        self.asked[call.name, asked] = None
        caller = self._caller(call, key, request)
        told = f"{caller.account} {region} {call.name} {asked}"
        if self.quotas and not self.quotas.take(caller.account, region, call):
            raise throttled(call)
        self.plan.refuse(call, told, caller.arn)
        try:
            answer = write(call.service, call.operation, self._found(call, caller, region))
        except Undeclared as wrong:
            raise Refused(FAULTY, str(wrong), 501) from wrong
        except Refused as nothing:
            if nothing.code != FAULTY and nothing.status != 403:  # that there is no such thing is an answer
                self.answered[call.name, asked] = None
            raise
        cut = self.plan.cuts(call, told)
        self.answers[f"200, cut {cut}" if cut else "200"] += 1
        if not cut:
            self.answered[call.name, asked] = None
        return answer, cut

    def _caller(self, call: Call, key: str, request: Request) -> Caller:
        caller = self._callers.get(key)
        if caller is None or caller.token != request.headers.get("x-amz-security-token", ""):
            raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
        if time.monotonic() > caller.until:
            raise expired(call)
        if caller.is_session:
            self.made[key] += 1
            if self.made[key] > self.plan.trouble.expire_after:
                raise expired(call)
        return caller

    def _found(self, call: Call, caller: Caller, region: str) -> Mapping[str, Any]:
        account = self.accounts[caller.account]
        match call.name:
            case "sts:GetCallerIdentity" if account.regions and region not in account.regions:
                raise Refused("InvalidClientTokenId", "The security token included is invalid.", 403)
            case "sts:GetCallerIdentity":
                return {"Account": caller.account, "Arn": caller.arn, "UserId": "AIDAFAKE"}
            case "sts:AssumeRole":
                return self._assume(call)
            case "ec2:DescribeRegions":
                listed = [{"RegionName": one, "OptInStatus": "opt-in-not-required"} for one in account.regions]
                return {"Regions": listed}
            case "account:ListRegions":
                return {
                    "Regions": [{"RegionName": one, "RegionOptStatus": "ENABLED"} for one in account.regions]
                }
        if call.service in GLOBAL:
            return _narrowed(call, account.book.answer(call))
        if region not in account.regions:
            raise Refused(
                "UnrecognizedClientException", "The security token included in the request is invalid.", 403
            )
        return _narrowed(call, account.regions[region].book.answer(_normal(call)))

    def _assume(self, call: Call) -> Mapping[str, Any]:
        arn = call.parameters["RoleArn"]
        number = arn.split(":")[4]
        if number not in self.accounts:
            raise Refused("AccessDenied", f"not authorized to perform: sts:AssumeRole on resource: {arn}", 403)
        if asked := self.accounts[number].external_id:
            if call.parameters.get("ExternalId") != asked:
                raise Refused(
                    "AccessDenied", f"not authorized to perform: sts:AssumeRole on resource: {arn}", 403
                )
        serial = len(self._callers)
        self.assumed += 1
        if self.assumed > self.plan.trouble.renewals:
            raise Refused("AccessDenied", f"not authorized to perform: sts:AssumeRole on resource: {arn}", 403)
        lives = self.plan.trouble.lives
        until = time.monotonic() + lives + self.plan.trouble.grace if lives else float("inf")
        name, session = arn.rpartition("/")[2], call.parameters["RoleSessionName"]
        made = Caller(number, f"arn:aws:sts::{number}:assumed-role/{name}/{session}", f"token{serial}", until)
        self._callers[key := f"ASIA{serial:016}"] = made
        return {
            "Credentials": {
                "AccessKeyId": key,
                "SecretAccessKey": "secret",
                "SessionToken": made.token,
                "Expiration": datetime.now(UTC) + timedelta(seconds=lives + AHEAD if lives else 3600),
            },
            "AssumedRoleUser": {"AssumedRoleId": f"AROAFAKE:{session}", "Arn": made.arn},
        }


def _normal(call: Call) -> Call:
    """A call of Lambda by the function's name alone, whatever it was named by."""
    named = call.parameters.get("FunctionName") if call.service == "lambda" else None
    if named is None:
        return call
    parameters = {**call.parameters}
    parts = named.split(":function:")[-1].split(":")
    parameters["FunctionName"] = parts[0]
    if len(parts) > 1 and "Qualifier" not in parameters:
        parameters["Qualifier"] = parts[1]
    return Call(call.service, call.operation, parameters)


_DETAILS: Final = {"User": "UserDetailList", "Role": "RoleDetailList", "Group": "GroupDetailList"}


def _narrowed(call: Call, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer without what the call's filters leave out."""
    asked = call.parameters
    if call.name == "iam:GetAccountAuthorizationDetails" and (kinds := asked.get("Filter")):
        out = {key: [] if key in _DETAILS.values() else value for key, value in answer.items()}
        out |= {_DETAILS[kind]: answer.get(_DETAILS[kind], []) for kind in kinds if kind in _DETAILS}
        own = "LocalManagedPolicy" in kinds, "AWSManagedPolicy" in kinds
        out["Policies"] = [one for one in answer.get("Policies", []) if own[_of_aws(one["Arn"])]]
        return out
    if call.name == "cloudwatch:DescribeAlarms":
        kinds = asked.get("AlarmTypes") or ["MetricAlarm"]
        left_out = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}
        return {
            key: value
            for key, value in answer.items()
            if all(key != of or one in kinds for one, of in left_out.items())
        }
    return answer


def _of_aws(arn: str) -> bool:
    return arn.split(":")[4] == "aws"


# ---------------------------------------------------------------------------------------------- HTTP


class _Connection(asyncio.Protocol):
    """One connection, kept alive; requests one after another, as clients of AWS send them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        head, found, rest = self._waiting.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
        }
        length = int(headers.get("content-length", 0))
        if len(self._waiting) > _LARGEST or length > _LARGEST:
            self._close()
            return
        if len(rest) < length:
            return
        self._waiting = rest[length:]
        method, target, *_ = first.split(" ")
        path, _, query = target.partition("?")
        request = Request(method, path, query, headers, rest[:length])
        latency = self._service.plan.trouble.latency
        if latency:
            asyncio.get_running_loop().call_later(latency, self._respond, request)
        else:
            self._respond(request)

    def _respond(self, request: Request) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if request.path.startswith("/_ask/"):
            answer, cut = _asked(self._service, request), ""
        else:
            try:
                answer, cut = self._service.answer(request)
            except Exception as wrong:  # a mistake in the fake must reach the test that met it
                self._service.faults.append(f"{request.method} {request.path}: {type(wrong).__name__}: {wrong}")
                answer, cut = Answer(501, {}, b'{"__type":"FakeEndpointFault","message":"see faults"}'), ""
        if cut == "off":
            self._close()
            return
        body = answer.body[: len(answer.body) // 2] if cut else answer.body
        length = len(body) if cut == "even" else len(answer.body)
        lines = [
            f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Answer')}",
            f"content-length: {length}",
        ]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        self._transport.write("\r\n".join((*lines, "", "")).encode("latin-1") + body)
        if cut == "short":
            self._close()

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _asked(service: Service, request: Request) -> Answer:
    """What the maker of an endpoint in a process of its own asks of it."""
    if request.path in ("/_ask/answered", "/_ask/asked"):
        kept = service.asked if request.path.endswith("asked") else service.answered
        return Answer(200, {"content-type": "application/json"}, json.dumps(list(kept)).encode())
    told = {
        "counts": dict(service.counts),
        "answers": dict(service.answers),
        "faults": service.faults[:20],
        "assumed": service.assumed,
        "cpu": time.process_time(),
    }
    return Answer(200, {"content-type": "application/json"}, json.dumps(told).encode())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that runs. ``url`` is what a client is given, ``service`` what answers, if it is a thread."""

    url: str
    service: Service | None = None

    def troubled(self, trouble: Trouble) -> None:
        """Gives an endpoint in a thread another plan, and begins to count anew."""
        assert self.service is not None, "an endpoint in a process keeps its plan"
        self.service.plan = Plan(trouble)
        for counted in (self.service.counts, self.service.answers, self.service.made):
            counted.clear()
        self.service.answered.clear()
        self.service.asked.clear()
        self.service.assumed = 0

    def told(self) -> dict[str, Any]:
        """What it counted: calls, kinds of answers, faults, and its seconds of CPU if it is a process."""
        return self._asked("told")  # type: ignore[no-any-return]

    def answered(self) -> set[tuple[str, str]]:
        """The calls that had a whole answer, with their parameters as JSON."""
        return {(name, parameters) for name, parameters in self._asked("answered")}

    def asked(self) -> set[tuple[str, str]]:
        """All calls that came, in the same form."""
        return {(name, parameters) for name, parameters in self._asked("asked")}

    def _asked(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_ask/{what}", timeout=30) as answer:
            return json.loads(answer.read())

    @property
    def counts(self) -> Counter[str]:
        """How often each call was made."""
        return Counter(self.told()["counts"])

    def by_quota(self) -> Counter[str]:
        """How many calls drew on each quota."""
        out: Counter[str] = Counter()
        for name, count in self.counts.items():
            service, _, operation = name.partition(":")
            out[group(Call(service, operation, {}))[0]] += count
        return out


async def _serve(service: Service, until: asyncio.Event, started: Any, longest: float = LONGEST) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(service), "127.0.0.1", 0, backlog=512)
    started(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), longest)
    server.close()


Accounts: TypeAlias = Sequence[Account | Mapping[str, Account]]
"""Accounts one by one, or a mapping of them by number."""


def _made(accounts: Accounts, trouble: Trouble, quotas: float | None, codes: Mapping[str, bytes]) -> Service:
    limits = Quotas(time.monotonic, quotas) if quotas else None
    served: dict[str, Account] | Mapping[str, Account] = {}
    match accounts:
        case (Mapping() as all_of_them,):
            served = all_of_them
        case _:
            served = {one.number: one for one in accounts if isinstance(one, Account)}
    return Service(served, Plan(trouble), limits, codes)


@contextmanager
def running(
    *accounts: Account | Mapping[str, Account],
    trouble: Trouble = NONE,
    quotas: float | None = None,
    codes: Mapping[str, bytes] | None = None,
    check: bool = True,
) -> Iterator[Endpoint]:
    """An endpoint in a thread. ``quotas`` enforces AWS's, so many times as large.

    With ``check`` a mistake of the fake's own, or of what an account declares, fails at the end.
    """
    service = _made(accounts, trouble, quotas, codes or {})
    ready: list[str] = []
    begun = threading.Event()
    loop = asyncio.new_event_loop()
    until = asyncio.Event()

    def started(url: str) -> None:
        ready.append(url)
        begun.set()

    def work() -> None:
        loop.run_until_complete(_serve(service, until, started))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    begun.wait(30)
    try:
        yield Endpoint(ready[0], service)
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join(10)
        loop.close()
    if check and service.faults:
        raise AssertionError(f"the fake endpoint was asked what it cannot answer: {service.faults[:5]}")


@contextmanager
def apart(
    *accounts: Account | Mapping[str, Account],
    trouble: Trouble = NONE,
    quotas: float | None = None,
    codes: Mapping[str, bytes] | None = None,
    longest: float = LONGEST,
) -> Iterator[Endpoint]:
    """An endpoint in a process of its own, so that its CPU is not the caller's, for ``longest`` seconds."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    made = (accounts, trouble, quotas, codes or {}, there, longest)
    process = context.Process(target=_process, args=made, daemon=True)
    process.start()
    there.close()
    try:
        yield Endpoint(here.recv())
    finally:
        here.close()
        process.join(10)
        if process.is_alive():
            process.terminate()


def _process(
    accounts: Accounts,
    trouble: Trouble,
    quotas: float | None,
    codes: Mapping[str, bytes],
    pipe: Connection,
    longest: float,
) -> None:
    service = _made(accounts, trouble, quotas, codes)

    async def serve() -> None:
        until = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(pipe.fileno(), until.set)  # readable only when whoever made it has gone
        await _serve(service, until, pipe.send, longest)

    asyncio.run(serve())
