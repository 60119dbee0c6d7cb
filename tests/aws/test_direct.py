"""What is sent and answered without botocore is what botocore would have sent and answered."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from stockade.read.account.calls import Call
from stockade.read.account.collectors import calls
from stockade.read.account.direct import SERVICES, Direct
from tests.aws.ample import ample
from tests.aws.endpoint import Endpoint, running
from tests.aws.scanning import clients, reading, report
from tests.aws.test_chaos import failing, states
from tests.aws.trouble import FOREVER, Trouble

FINAL = frozenset(
    {"ResourceNotFoundException", "NoSuchEntity", "AccessDeniedException", "ExpiredTokenException"}
)


class Requests:
    """A server of bytes: it keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answer = b""
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                while data := self.request.recv(1 << 16):
                    outer.seen.append(data)
                    self.request.sendall(outer.answer)
                    if b"close" in outer.answer or b"cut" in outer.answer:
                        return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def answering(answer: bytes) -> Iterator[Requests]:
    made = Requests()
    made.answer = answer
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


def asked(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    """What botocore answers, errors as their response."""
    try:
        return getattr(client, xform_name(operation))(**parameters)
    except ClientError as error:
        return type(error).__name__, error.response


def directly(direct: Direct, operation: str, parameters: dict[str, Any]) -> Any:
    try:
        return direct.answer(operation, parameters, FINAL)
    except ClientError as error:
        return type(error).__name__, error.response


def taught(client: Any, operation: str, parameters: dict[str, Any]) -> Direct:
    direct = Direct(client)
    with direct.watching(operation, parameters):
        asked(client, operation, parameters)
    return direct


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running(ample()) as made:
        yield made


def test_every_request_of_a_scan_that_is_learnt_has_botocores_answer(endpoint: Endpoint) -> None:
    """All requests of the services in question, with the parameters that a scan really has."""
    noted: dict[str, list[dict[str, Any]]] = {}
    seen = _noting(endpoint, noted)
    reading(endpoint, made=seen)
    ours = {f"{one.service}:{one.operation}" for several in calls().values() for one in several}
    assert {name for name in ours if name.split(":")[0] in SERVICES} >= set(noted)
    assert len(noted) > 12
    made = clients(endpoint, "111122223333", attempts=2)
    for name, several in noted.items():
        service, operation = name.split(":")
        client = made(service, "us-east-1")
        direct = Direct(client)
        for parameters in several:
            if not direct.knows(operation, parameters):
                with direct.watching(operation, parameters):
                    asked(client, operation, parameters)
            assert direct.knows(operation, parameters), (name, parameters)
            assert directly(direct, operation, parameters) == asked(client, operation, parameters), name


def _noting(endpoint: Endpoint, noted: dict[str, list[dict[str, Any]]]) -> Callable[[str, str], Any]:
    made = clients(endpoint, "111122223333", attempts=2)
    watched: set[str] = set()

    def client(service: str, region: str) -> Any:
        found = made(service, region)
        if service in SERVICES and service not in watched:
            watched.add(service)

            def note(params: dict[str, Any], model: Any, **_: Any) -> None:
                noted.setdefault(f"{service}:{model.name}", []).append(dict(params))

            found.meta.events.register("provide-client-params", note)
        return found

    return client


@pytest.mark.parametrize(
    "parameters",
    [
        {"FunctionName": "a b/ü%2F", "Qualifier": "x&y=z+1"},
        {"FunctionName": "arn:aws:lambda:us-east-1:111122223333:function:orders:live"},
        {"FunctionName": "..", "Qualifier": "$LATEST"},
    ],
)
def test_the_next_request_is_the_same_but_for_the_time(parameters: dict[str, Any]) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n" + b'{"Policy":"{}"}'
    with answering(answer) as server:
        client = clients(Endpoint(server.url), "111122223333", session=True, attempts=2)("lambda", "us-east-1")
        known = dict.fromkeys(parameters, "other")
        direct = taught(client, "GetPolicy", known)
        server.seen.clear()
        mine = direct.answer("GetPolicy", parameters, ())
        wanted = client.get_policy(**parameters)
        if mine is None:
            assert parameters["FunctionName"] == ".." and len(server.seen) == 1, "left to botocore, unsent"
            return
        assert mine == wanted
        first, second = (_fields(one) for one in server.seen)
        for differs in ("x-amz-date", "authorization", "amz-sdk-invocation-id"):
            assert first.pop(differs) and second.pop(differs)
        assert first == second


def _fields(request: bytes) -> dict[str, str]:
    line, *lines = request.decode().partition("\r\n\r\n")[0].split("\r\n")
    named = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    return {"": line, **named}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{} cut",
        b'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"Policy":"cut',
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{}",
        b"HTTP/1.1 503 Slow\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 429 Slow\r\nx-amzn-errortype: TooManyRequestsException\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n{} cut",
        b"nonsense cut\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
    ],
)
def test_what_is_neither_a_success_nor_an_end_is_left_to_botocore(answer: bytes) -> None:
    with answering(b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"Policy":"{}"}') as server:
        client = clients(Endpoint(server.url), "111122223333", attempts=2)("lambda", "us-east-1")
        direct = taught(client, "GetPolicy", {"FunctionName": "a"})
        assert direct.knows("GetPolicy", {"FunctionName": "b"})
        server.answer = answer
        assert direct.answer("GetPolicy", {"FunctionName": "b"}, FINAL) is None
        assert not direct.knows("GetPolicy", {"FunctionName": "b"}), "the next ones go through botocore, too"
        server.answer = b'HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{"Policy":"{1}"}'
        assert client.get_policy(FunctionName="b")["Policy"] == "{1}", "and no connection is left in between"
        while not direct.knows("GetPolicy", {"FunctionName": "b"}):
            pass
        again = direct.answer("GetPolicy", {"FunctionName": "b"}, FINAL)
        assert again is not None and again["Policy"] == "{1}"


def _longer(request: Any) -> None:
    request.url = request.url.replace("/policy", "//policy")


def _signed_otherwise(request: Any) -> None:
    request.headers["Authorization"] = request.headers["Authorization"].replace(b"Signature=", b"Signature=0")


def _with_more(request: Any) -> None:
    request.headers["X-Amz-More"] = "1"


def _again(request: Any) -> None:
    request.headers["amz-sdk-request"] = "attempt=2; max=8"


def _as_before(request: Any) -> None:
    """The case without which the others would say nothing."""


@pytest.mark.parametrize("change", [_longer, _signed_otherwise, _with_more, _again, _as_before])
def test_a_request_that_is_not_the_same_is_not_learnt(change: Callable[[Any], None]) -> None:
    with answering(b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"Policy":"{}"}') as server:
        client = clients(Endpoint(server.url), "111122223333", attempts=2)("lambda", "us-east-1")
        client.meta.events.register("before-send", lambda request, **_: change(request))
        direct = taught(client, "GetPolicy", {"FunctionName": "orders"})
        assert direct.knows("GetPolicy", {"FunctionName": "other"}) == (change is _as_before)


def test_most_requests_of_a_scan_are_made_directly_and_tell_the_same() -> None:
    account = ample()
    for number in range(60):
        account.region().function(f"more-{number}", account.role(f"more-{number}"))
    through = [0]
    with running(account) as endpoint:
        first = report(endpoint, made=_counting(endpoint, through))
        made = sum(count for name, count in endpoint.counts.items() if name.split(":")[0] in SERVICES)
        assert 0 < through[0] < made / 2
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Direct, "knows", lambda *_: False)
            second = report(endpoint, made=clients(endpoint, "111122223333", attempts=2))
    assert states(first) == states(second) and failing(first) == failing(second)
    assert first.gaps == second.gaps == ()


def _counting(endpoint: Endpoint, through: list[int]) -> Callable[[str, str], Any]:
    made = clients(endpoint, "111122223333", attempts=2)

    def count(request: Any, **_: Any) -> None:
        through[0] += 1

    for service in SERVICES:
        made(service, "us-east-1").meta.events.register("before-send", count)
    return made


@pytest.mark.parametrize("kind", [{"throttled": 0.3}, {"failing": 0.3}, {"cut": 0.5}])
def test_trouble_of_direct_requests_is_botocores_to_bear(endpoint: Endpoint, kind: dict[str, Any]) -> None:
    """Each request is asked for directly; what comes to nothing is asked for again as ever."""
    client = clients(endpoint, "111122223333", attempts=5)("lambda", "us-east-1")
    names = [one["FunctionName"] for one in client.list_functions()["Functions"]]
    untroubled = {name: asked(client, "GetFunction", {"FunctionName": name}) for name in names}
    direct = taught(client, "GetFunction", {"FunctionName": names[0]})
    endpoint.troubled(Trouble(seed=2, times=FOREVER, **kind))
    try:
        lost = 0
        for name in names:
            found = directly(direct, "GetFunction", {"FunctionName": name})
            lost += found is None
            assert found is None or found == untroubled[name]
    finally:
        endpoint.troubled(Trouble())
    assert 0 < lost < len(names)


def test_calls_name_services_that_are_there() -> None:
    asked_for = {one.service for several in calls().values() for one in several if isinstance(one, Call)}
    assert asked_for >= SERVICES
