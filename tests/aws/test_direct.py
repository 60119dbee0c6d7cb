"""What is sent and answered without botocore is what botocore would have sent and answered."""

from __future__ import annotations

import copy
import json
import logging
import socketserver
import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from stockade.read.account.calls import Call
from stockade.read.account.collectors import calls
from stockade.read.account.direct import SERVICES, Direct
from stockade.read.account.exchange import Exchange, Strange
from tests.aws.account import document
from tests.aws.ample import ample
from tests.aws.endpoint import Endpoint, running
from tests.aws.scanning import LOADER, clients, reading, report
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


def directly(direct: Direct, operation: str, parameters: dict[str, Any], final: Collection[str] = FINAL) -> Any:
    try:
        return direct.answer(operation, parameters, final)
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


def test_a_certificate_is_checked_as_botocore_checks_it(tmp_path: Path) -> None:
    """The same server, known to one client and unknown to another, which must not be told anything."""
    authority, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    with answering(b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"Policy":"{}"}') as server:
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        url = server.url.replace("http://127.0.0.1", "https://localhost")

        def client(verify: str | None) -> Any:
            session = botocore.session.Session()
            session.register_component("data_loader", LOADER)
            return session.create_client(
                "lambda",
                region_name="us-east-1",
                endpoint_url=url,
                verify=verify,
                aws_access_key_id="AKIAFAKE",
                aws_secret_access_key="secret",
                config=Config(retries={"total_max_attempts": 2}),
            )

        trusting = client(str(authority))
        direct = taught(trusting, "GetPolicy", {"FunctionName": "a"})
        assert direct.answer("GetPolicy", {"FunctionName": "b"}, FINAL) == asked(
            trusting, "GetPolicy", {"FunctionName": "b"}
        )
        server.seen.clear()
        exchange = Exchange(client(None)._endpoint.http_session, url, 5)
        with pytest.raises(Strange, match=r"(?i)certificate"):
            exchange.ask(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert server.seen == []


def test_what_goes_through_a_proxy_is_left_to_botocore(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", endpoint.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    client = clients(Endpoint("http://aws.invalid"), "111122223333", attempts=2)("lambda", "us-east-1")
    exchange = Exchange(client._endpoint.http_session, "http://aws.invalid", 5)
    assert not exchange.is_plain
    monkeypatch.delenv("HTTP_PROXY")
    client = clients(Endpoint("http://aws.invalid"), "111122223333", attempts=2)("lambda", "us-east-1")
    assert Exchange(client._endpoint.http_session, "http://aws.invalid", 5).is_plain


def _certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate of `localhost` that nobody has signed but itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    authority, secret = directory / "authority.pem", directory / "key.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return authority, secret


def test_moto_answers_the_same_either_way() -> None:
    """A server that nobody here wrote."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = clients(Endpoint(f"http://{host}:{port}"), "123456789012", attempts=2)
        trust = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
        iam, functions = made("iam", "us-east-1"), made("lambda", "us-east-1")
        role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(document(trust)))["Role"][
            "Arn"
        ]
        for name in ("a", "b"):
            functions.create_function(
                FunctionName=name, Runtime="python3.13", Role=role, Handler="i.h", Code={"ZipFile": EMPTY}
            )
        functions.add_permission(
            FunctionName="a", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
        )
        several: list[tuple[str, str, dict[str, Any]]] = [
            ("lambda", operation, {"FunctionName": name})
            for operation in ("GetFunction", "GetPolicy", "ListAliases", "GetFunctionUrlConfig")
            for name in ("a", "b", "gone")
        ]
        several += [("iam", "GetRole", {"RoleName": name}) for name in ("r", "gone")]
        several += [("iam", "GetAccountAuthorizationDetails", {"Filter": ["Role"]})]
        several += [("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/aws/lambda"})]
        taught_: dict[str, Direct] = {}
        for service, operation, parameters in several:
            client = made(service, "us-east-1")
            if service not in taught_:
                taught_[service] = Direct(client)
            direct = taught_[service]
            with direct.watching(operation, parameters):
                asked(client, operation, parameters)
            assert direct.knows(operation, parameters), (operation, parameters)
            wanted = asked(client, operation, parameters)
            code = wanted[1]["Error"]["Code"] if isinstance(wanted, tuple) else ""
            mine = directly(direct, operation, parameters, {code})
            assert mine is not None, (operation, parameters, wanted)
            assert _timeless(mine) == _timeless(wanted), (operation, parameters)
    finally:
        server.stop()


def _timeless(answer: Any) -> Any:
    """An answer without what moto makes up anew for each."""
    answer = copy.deepcopy(answer)
    response = answer[1] if isinstance(answer, tuple) else answer
    response["ResponseMetadata"].pop("RequestId", None)
    for name in ("date", "x-amzn-requestid", "content-length"):
        response["ResponseMetadata"]["HTTPHeaders"].pop(name, None)
    return answer


EMPTY = b"PK\x05\x06" + bytes(18)
