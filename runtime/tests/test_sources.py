"""What is asked over HTTP: a real boto3 against an AWS API on loopback, and an extension of the tests' own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from stockade_runtime import NotFetched, Store, aio
from stockade_runtime._cache import Cache

moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The address of an AWS API on loopback."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@pytest.fixture
def account(aws: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Clients for a test's own account, which the library under test uses too."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ENDPOINT_URL": aws,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("sts")
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{aws}/moto-api/reset", method="POST"), timeout=10)
    return lambda service, region=REGION: boto3.client(service, region_name=region)


def test_secrets_by_name_arn_stage_and_version(account: Any) -> None:
    manager = account("secretsmanager")
    made = manager.create_secret(Name="app/db", SecretString='{"password": "first"}')
    keep = Store(Cache(), environ={})
    assert keep.get_secret("app/db", "password").value == "first"
    assert keep.get_secret(made["ARN"]).version == made["VersionId"]
    manager.put_secret_value(SecretId="app/db", SecretString='{"password": "second"}')
    assert keep.get_secret("app/db", "password").value == "first"  # from memory
    assert keep.get_secret("app/db", "password", max_age=0).value == "second"
    assert keep.get_secret("app/db", "password", version_stage="AWSPREVIOUS").value == "first"
    assert keep.get_secret("app/db", "password", version_id=made["VersionId"]).value == "first"


def test_binary_secrets(account: Any) -> None:
    account("secretsmanager").create_secret(Name="key", SecretBinary=b"\x00\xff")
    assert Store(Cache(), environ={}).get_secret("key").binary == b"\x00\xff"


def test_an_arn_is_asked_in_its_own_region(account: Any) -> None:
    arn = account("secretsmanager", "us-east-2").create_secret(Name="far", SecretString="away")["ARN"]
    assert Store(Cache(), environ={}).get_secret(arn).value == "away"


def test_parameters(account: Any) -> None:
    manager = account("ssm")
    manager.put_parameter(Name="/app/key", Value="one", Type="SecureString")
    manager.put_parameter(Name="/app/key", Value="two", Type="SecureString", Overwrite=True)
    keep = Store(Cache(), environ={})
    assert keep.get_parameter("/app/key").value == "two"
    assert keep.get_parameter("/app/key:1").value == "one"
    manager.put_parameter(Name="/app/other", Value="three", Type="String")
    got = keep.get_parameters(["/app/key", "/app/other"])
    assert [one.value for one in got.values()] == ["two", "three"]


def test_several_secrets_in_one_call(account: Any) -> None:
    manager = account("secretsmanager")
    arn = manager.create_secret(Name="a", SecretString="1")["ARN"]
    manager.create_secret(Name="b", SecretString="2")
    keep = Store(Cache(), environ={})
    assert {id: one.value for id, one in keep.get_secrets([arn, "b"]).items()} == {arn: "1", "b": "2"}
    with pytest.raises(NotFetched, match="`c` was not fetched: ResourceNotFoundException"):
        keep.get_secrets(["a", "c"])


def test_what_is_missing_is_said_and_no_outage(account: Any) -> None:
    with pytest.raises(NotFetched, match="`nowhere` was not fetched: ResourceNotFoundException") as caught:
        Store(Cache(), environ={}).get_secret("nowhere")
    assert not caught.value.passing


def test_no_connection_passes(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(NotFetched, match="`a` was not fetched: EndpointConnectionError") as caught:
        Store(Cache(), environ={}).get_secret("a")
    assert caught.value.passing


def test_the_async_variant(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account("secretsmanager").create_secret(Name="a", SecretString="1")
    account("ssm").put_parameter(Name="p", Value="2", Type="String")
    keep = Store(Cache(), environ={"A": "a"})
    monkeypatch.setattr(aio, "_shared", keep)

    async def everything() -> list[str]:
        one = await aio.get_secret("a")
        again = await aio.get_secret("a")
        assert again is one
        more = await aio.get_secrets(["a"]) | await aio.get_parameters(["p"])
        handle = await aio.get(keep.secret_from_env("A"))
        return [
            one.value,
            (await aio.get_parameter("p")).value,
            handle.value,
            *(x.value for x in more.values()),
        ]

    assert asyncio.run(everything()) == ["1", "2", "1", "1", "2"]


# ------------------------------------------------------------------------------- bad days of an API


class _Api(ThreadingHTTPServer):
    """It answers as told, and keeps what it was asked. Stops with its test."""

    daemon_threads = True
    answers: list[tuple[int, bytes]]
    asked: list[tuple[str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Api

    def do_GET(self) -> None:  # the name that the library calls
        self.server.asked.append((self.path, self.headers.get("X-Aws-Parameters-Secrets-Token", "")))
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.headers.get("X-Amz-Target", ""), ""))
        self._answer()

    def _answer(self) -> None:
        answers = self.server.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[_Api]:
    server = _Api(("127.0.0.1", 0), _Handler)
    server.asked, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


GOOD = (200, json.dumps({"ARN": "arn", "Name": "a", "VersionId": "v1", "SecretString": "hunter2!"}).encode())


def test_faults_of_an_api_are_tried_again_and_then_survived(
    account: Any, api: _Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{api.server_port}")
    keep = Store(Cache(), environ={})
    throttled = (400, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
    api.answers = [throttled, (503, b"<html>"), GOOD]
    old = keep.get_secret("a")
    assert old.value == "hunter2!" and len(api.asked) == 3
    for answer in (throttled, (500, b""), (200, b'{"Secret')):
        api.answers = [answer]
        keep._cache._failures.clear()
        keep._cache.entries["a"].fresh = 0.0
        keep._cache.entries["a"].ahead = 0.0
        keep._cache.stale = 1e9
        assert keep.get_secret("a") is old, answer


def _extended(api: _Api, source: Any = None) -> Store:
    environ = {
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(api.server_port),
        "AWS_SESSION_TOKEN": "the token",
    }
    return Store(Cache(), source, environ)


def test_the_extension_is_asked_where_there_is_one(api: _Api) -> None:
    api.answers = [GOOD]
    keep = _extended(api)
    assert keep.get_secret("a/b c", version_stage="AWSPENDING").value == "hunter2!"
    ((path, token),) = api.asked
    assert urlsplit(path).path == "/secretsmanager/get"
    assert parse_qs(urlsplit(path).query) == {"secretId": ["a/b c"], "versionStage": ["AWSPENDING"]}
    assert token == "the token"
    api.answers = [(200, b'{"Parameter": {"Value": "v", "Version": 3}}')]
    assert keep.get_parameter("/p").value == "v"
    assert parse_qs(urlsplit(api.asked[-1][0]).query) == {"name": ["/p"], "withDecryption": ["true"]}
    api.answers = [(200, b'{"Name": "a", "SecretBinary": "AP8="}')]
    assert keep.get_secret("binary").binary == b"\x00\xff"


@pytest.mark.parametrize(
    "answer", [(400, b"not ready to serve traffic, please wait"), (500, b""), (200, b"<html>"), (403, b"")]
)
def test_an_extension_that_does_not_answer_is_gone_round(
    account: Any, api: _Api, answer: tuple[int, bytes]
) -> None:
    account("secretsmanager").create_secret(Name="a", SecretString="from AWS")
    account("ssm").put_parameter(Name="p", Value="from AWS", Type="String")
    api.answers = [answer]
    keep = _extended(api)
    assert keep.get_secret("a").value == "from AWS"
    assert keep.get_parameter("p").value == "from AWS"


def test_what_is_wanted_anew_goes_past_the_extensions_own_cache(account: Any, api: _Api) -> None:
    account("secretsmanager").create_secret(Name="a", SecretString="new")
    api.answers = [GOOD]
    keep = _extended(api)
    assert keep.get_secret("a").value == "hunter2!"
    assert keep.get_secret("a", max_age=0).value == "new"
