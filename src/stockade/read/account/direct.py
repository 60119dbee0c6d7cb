"""Makes the requests that botocore would make, without what botocore does around each of them.

What is asked once for every function costs most of a scan's processor time, and most of that is the same every
time: events that nobody listens to, the rules of endpoints, the text that names the client. So the first
request of a kind (an operation with the same parameters) goes through botocore, and its copy is made beside it:
with the serialiser of botocore's own service model, signed for the same second. **If it is the very same
request, byte for byte, the next of its kind are sent directly**; if not, botocore makes all of them. Whatever
is unusual (another signature, more headers, a later botocore) so shows in the first request and needs no list.

Answers are read by botocore's own parsers, and what it does after a call is done. An answer that is neither a
success nor one of the errors that end a call (``final``) is not judged here: the request goes through botocore,
with its patience and its pace, and so do the next ones, for who was throttled is to be slow for a while.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from threading import local
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from stockade.patterns import lazy_regex
from stockade.read.account.exchange import Exchange, Received, Strange
from stockade.read.account.signature import Signer
from stockade.records import dataclass

SERVICES: Final = frozenset({"lambda", "iam", "logs"})
"""What is asked once for every function. Of other services no operation is asked often enough to be learnt."""

_AFTER_TROUBLE: Final = 20
"""Requests that go through botocore after one that was throttled or failed."""
_TRIES: Final = 3
"""First requests that are looked at, or failures in a row, before a kind is left to botocore for good."""

_OWN: Final = frozenset({"authorization", "x-amz-date", "x-amz-security-token", "amz-sdk-invocation-id"})
"""Headers that differ from request to request."""
_SAME: Final = frozenset(
    {"user-agent", "content-type", "content-length", "x-amz-target", "x-amzn-query-mode", "amz-sdk-request"}
)
"""Headers that all requests of a kind have alike. Where there is another one, nobody knows what it hangs on."""
_CREDENTIAL: Final = lazy_regex(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([^,]+), Signature=\w+"
)


@dataclass(frozen=True, slots=True)
class _Way:
    """How requests of one kind are made: what is the same in all of them."""

    operation: Any
    exchange: Exchange
    signer: Signer
    method: str
    host: str
    headers: Mapping[str, str]
    signed: tuple[str, ...]
    parser: Any
    is_json: bool
    after: str


class Direct:
    """One botocore client's requests, made directly where that is known to be the same."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._model = client.meta.service_model
        self._ways: dict[tuple[str, ...], _Way] = {}
        self._tried: dict[tuple[str, ...], int] = {}
        self._failed: dict[tuple[str, ...], int] = {}
        self._slow = 0
        self._watched = local()
        client.meta.events.register("before-send", self._see)

    def knows(self, operation: str, parameters: Mapping[str, Any]) -> bool:
        """Whether a request is to be made directly; after trouble some are not, and are counted here."""
        if (operation, *parameters) not in self._ways:
            return False
        if self._slow > 0:
            self._slow -= 1  # of several threads some may be counted as one: it is no exact number
            return False
        return True

    def answer(
        self, operation: str, parameters: Mapping[str, Any], final: Collection[str]
    ) -> Mapping[str, Any] | None:
        """The answer as botocore has it to a request that is known, or nothing where botocore is to be asked.

        Raises botocore's ``ClientError`` for the error codes in ``final``, and what botocore raises for
        parameters that cannot be or credentials that cannot be had.
        """
        kind = (operation, *parameters)
        way = self._ways.get(kind)
        if way is None:  # another thread has just given it up
            return None
        try:
            received = way.exchange.ask(self._request(way, parameters))
            found = self._read(way, received, final)
        except (Strange, UnicodeEncodeError):
            self._slow = _AFTER_TROUBLE
            self._failed[kind] = self._failed.get(kind, 0) + 1
            if self._failed[kind] >= _TRIES:
                self._ways.pop(kind, None)
                self._tried[kind] = _TRIES
            return None
        self._failed[kind] = 0
        return found

    @contextmanager
    def watching(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[None]:
        """While a request is made by botocore: learns how those of its kind are made."""
        kind = (operation, *parameters)
        tried = self._tried.get(kind, 0)
        if kind in self._ways or tried >= _TRIES:
            yield
            return
        self._watched.request = None
        try:
            yield
        finally:
            seen, self._watched.request = self._watched.request, None
            if seen is not None:
                self._tried[kind] = tried + 1
                self._learn(kind, parameters, seen)

    # --------------------------------------------------------------------------------------- within

    def _see(self, request: Any, **_: Any) -> None:
        self._watched.request = request

    def _learn(self, kind: tuple[str, ...], parameters: Mapping[str, Any], seen: Any) -> None:
        try:
            way = self._way(kind[0], seen)
            if way is not None and self._is_same(way, parameters, seen):
                self._ways[kind] = way
        except Strange:
            pass  # of these parameters it says nothing of others
        except (AttributeError, ImportError, KeyError, TypeError, ValueError):
            # It is built of botocore's inner parts: where they are others, botocore does it all.
            self._tried[kind] = _TRIES

    def _way(self, operation: str, seen: Any) -> _Way | None:
        from botocore.parsers import create_parser

        model = self._model.operation_model(operation)
        headers = {name.lower(): _text(value) for name, value in seen.headers.items()}
        of = _CREDENTIAL.fullmatch(headers.get("authorization", ""))
        url = urlsplit(seen.url)
        if of is None or model.has_streaming_output or model.has_event_stream_output or _in_headers(model):
            return None
        if not headers.keys() <= _SAME | _OWN or not headers.get("amz-sdk-request", "").startswith(
            "attempt=1;"
        ):
            return None
        exchange = Exchange(
            self._client._endpoint.http_session,
            f"{url.scheme}://{url.netloc}",
            self._client.meta.config.read_timeout,
        )
        if not exchange.is_plain or "@" in url.netloc:
            return None
        return _Way(
            model,
            exchange,
            Signer(of[2], of[3]),
            seen.method,
            url.netloc,
            {name: value for name, value in headers.items() if name not in _OWN and name != "content-length"},
            tuple(of[4].split(";")),
            create_parser(self._model.resolved_protocol),
            "json" in self._model.resolved_protocol,
            f"after-call.{self._model.service_id.hyphenize()}.{operation}",
        )

    def _is_same(self, way: _Way, parameters: Mapping[str, Any], seen: Any) -> bool:
        headers = {name.lower(): _text(value) for name, value in seen.headers.items()}
        target, body = self._said(way, parameters)
        url = urlsplit(seen.url)
        mine = self._headers(way, target, body, headers["x-amz-date"])
        mine["amz-sdk-invocation-id"] = headers.get("amz-sdk-invocation-id", "")
        for added in ("host", "accept-encoding"):
            del mine[added]
        return (
            target == (f"{url.path}?{url.query}" if url.query else url.path)
            and body == _bytes(seen.body or b"")
            and mine == headers
        )

    def _request(self, way: _Way, parameters: Mapping[str, Any]) -> bytes:
        from botocore.compat import get_current_datetime

        target, body = self._said(way, parameters)
        when = get_current_datetime().strftime("%Y%m%dT%H%M%SZ")
        lines = [f"{way.method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self._headers(way, target, body, when).items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise Strange("a header of several lines")
        return "\r\n".join((*lines, "", "")).encode("latin-1") + body

    def _said(self, way: _Way, parameters: Mapping[str, Any]) -> tuple[str, bytes]:
        """The target and the body, by botocore's serialiser, which checks the parameters too."""
        from botocore.utils import normalize_url_path, percent_encode_sequence

        made = self._client._serializer.serialize_to_request(parameters, way.operation)
        target = made["url_path"]
        if target != normalize_url_path(target):
            raise Strange("a path that would be signed as another")
        if made["query_string"]:
            target += ("&" if "?" in target else "?") + percent_encode_sequence(made["query_string"])
        body = made["body"]
        if isinstance(body, dict):
            body = urlencode([(name.encode(), _bytes(value)) for name, value in body.items()], doseq=True)
        return target, _bytes(body)

    def _headers(self, way: _Way, target: str, body: bytes, when: str) -> dict[str, str]:
        keys = self._client._request_signer._credentials.get_frozen_credentials()
        out = {
            "host": way.host,
            "accept-encoding": "identity",
            **way.headers,
            "x-amz-date": when,
            "amz-sdk-invocation-id": str(uuid4()),
        }
        if keys.token:
            out["x-amz-security-token"] = keys.token
        if way.method not in ("GET", "HEAD"):
            out["content-length"] = str(len(body))
        out["authorization"] = way.signer.authorization(
            way.method, target, out, way.signed, body, when, keys.access_key, keys.secret_key
        )
        return out

    def _read(self, way: _Way, received: Received, final: Collection[str]) -> Mapping[str, Any]:
        """The answer as botocore's parser has it. Raises ``Strange``, or ``ClientError``."""
        from botocore.parsers import ResponseParserError

        answer: dict[str, Any] = {
            "headers": received.headers,
            "status_code": received.status_code,
            "body": received.content,
            "context": {"operation_name": way.operation.name},
        }
        shape = way.operation.output_shape
        succeeded = received.status_code < 300
        try:
            if succeeded and way.is_json and shape is not None and shape.members:
                json.loads(received.content)  # of one that breaks off the parser would make an empty one
            parsed: dict[str, Any] = way.parser.parse(answer, shape)
        except (ResponseParserError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise Strange(type(error).__name__) from error
        code = "" if succeeded else str(parsed.get("Error", {}).get("Code", ""))
        if not succeeded and code not in final:
            raise Strange(code)
        if not succeeded:
            self._client._endpoint._add_modeled_error_fields(answer, parsed, way.operation, way.parser)
        parsed.setdefault("ResponseMetadata", {})["RetryAttempts"] = 0
        self._client.meta.events.emit(
            way.after, http_response=received, parsed=parsed, model=way.operation, context={}
        )
        if not succeeded:
            raise self._client.exceptions.from_code(code)(parsed, way.operation.name)
        return parsed


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)


def _in_headers(model: Any) -> bool:
    """Whether a part of the answer is in its headers, which are plain texts here."""
    shape = model.output_shape
    return shape is not None and any(one.serialization.get("location") for one in shape.members.values())
