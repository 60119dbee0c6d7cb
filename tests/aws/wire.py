"""AWS's protocols from the server's side: a request into an operation and its parameters, an answer into bytes.

Everything follows botocore's own service models: what a model does not know is no operation, no parameter and
no member of an answer, and says so loudly. CBOR, event streams and XML attributes are not spoken: botocore
asks for JSON where a service has both.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator

Shape = Any
"""A shape of botocore, which has no types of its own."""

SIGNED_AS: Final = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
}
"""Names that requests are signed for -> services, where the two differ."""
FAULTY: Final = "FakeEndpointFault"
"""The error code of a mistake in the fake itself or in what an account declares."""

_LOADER: Final = Loader()
_VALIDATOR: Final = ParamValidator()
_REQUEST: Final = "00000000-0000-4000-8000-000000000000"


class Refused(Exception):
    """An answer that is an error. ``code`` is what AWS calls it, ``status`` its HTTP status."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code, message, status)
        self.code, self.message, self.status = code, message, status


class Undeclared(Exception):
    """An account declares what AWS's model does not have."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as HTTP has it; the names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """An operation and what it is asked with."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        """``lambda:GetPolicy``."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def model(service: str) -> ServiceModel:
    """The service as botocore knows it."""
    return ServiceModel(_LOADER.load_service_model(service, "service-2"), service)


@lru_cache(maxsize=4096)
def operation(service: str, name: str) -> OperationModel:
    """An operation of a service, remembered: botocore makes a new one every time."""
    return model(service).operation_model(name)


@cache
def pages(service: str) -> Mapping[str, Mapping[str, Any]]:
    """How each operation of a service turns pages: by botocore's paginators, and by hand where it has none."""
    try:
        known = _LOADER.load_service_model(service, "paginators-1")["pagination"]
    except Exception as error:
        if type(error).__name__ != "UnknownServiceError" and type(error).__name__ != "DataNotFoundError":
            raise
        known = {}
    if service == "wafv2":
        turned = {"input_token": "NextMarker", "output_token": "NextMarker", "limit_key": "Limit"}
        known = {**known, "ListWebACLs": {**turned, "result_key": "WebACLs"}}
    return known  # type: ignore[no-any-return]


def protocol(service: str) -> str:
    """The protocol that botocore speaks with a service."""
    return str(model(service).resolved_protocol)


# ------------------------------------------------------------------------------------------ requests


def service_of(signed_for: str, path: str) -> str:
    """The service that a request is for."""
    if signed_for == "apigateway":
        return "apigatewayv2" if path.startswith("/v2/") else "apigateway"
    return SIGNED_AS.get(signed_for, signed_for)


def read(service: str, request: Request) -> Call:
    """The operation that a request names, with its parameters; raises ``Refused`` for what is none."""
    try:
        spoken = protocol(service)
    except Exception as error:
        raise Refused("UnknownOperationException", f"no service `{service}`: {error}", 404) from error
    parameters: dict[str, Any]
    if spoken.startswith("rest-"):
        name, parameters = _rest(service, request, spoken)
    elif spoken == "json":
        name = request.headers.get("x-amz-target", "").rpartition(".")[2]
        parameters = json.loads(request.body or b"{}")
    else:
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        name = form.pop("Action", "")
        form.pop("Version", None)
        shape = _operation(service, name).input_shape
        parameters = _form(shape, form, "", spoken == "ec2") if shape is not None else {}
    shape = _operation(service, name).input_shape
    if shape is not None:
        report = _VALIDATOR.validate(parameters, shape)
        if report.has_errors():
            raise Refused("ValidationException", report.generate_report())
    return Call(service, name, parameters)


def _operation(service: str, name: str) -> OperationModel:
    try:
        return operation(service, name)
    except Exception as error:
        raise Refused("UnknownOperationException", f"no operation `{service}:{name}`", 404) from error


_Route: TypeAlias = tuple[re.Pattern[str], frozenset[str], str]


@lru_cache(maxsize=1024)
def _routes_of(service: str, method: str, first: str) -> tuple[_Route, ...]:
    """The routes that a path with this first segment may take."""
    head = f"/{re.escape(first)}"
    rows = _routes(service).get(method, ())
    return tuple(row for row in rows if row[0].pattern.startswith((f"{head}/", "/(", "/?")))


@cache
def _routes(service: str) -> Mapping[str, tuple[_Route, ...]]:
    """By method: the patterns of paths, the queries that belong to the operation, and its name."""
    out: dict[str, list[tuple[re.Pattern[str], frozenset[str], str]]] = {}
    current = [name for name in model(service).operation_names if not operation(service, name).deprecated]
    for name in current:
        http = operation(service, name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(path))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
        fixed = frozenset(query.split("&")) if query else frozenset()
        out.setdefault(http["method"], []).append((re.compile(pattern.rstrip("/") + "/?"), fixed, name))
    return {
        # What names more of its path and of its query comes first.
        method: tuple(sorted(rows, key=lambda row: (-len(row[1]), row[0].groups, -len(row[0].pattern))))
        for method, rows in out.items()
    }


def _rest(service: str, request: Request, spoken: str) -> tuple[str, dict[str, Any]]:
    asked = parse_qsl(request.query, keep_blank_values=True)
    names = {key if not value else f"{key}={value}" for key, value in asked} | {key for key, _ in asked}
    for pattern, fixed, name in _routes_of(service, request.method, request.path.split("/")[1]):
        if fixed <= names and (match := pattern.fullmatch(request.path)):
            return name, _rest_parameters(service, name, match.groupdict(), asked, request, spoken)
    raise Refused("UnknownOperationException", f"no operation at `{request.method} {request.path}`", 404)


def _rest_parameters(
    service: str,
    name: str,
    in_path: Mapping[str, str],
    asked: list[tuple[str, str]],
    request: Request,
    spoken: str,
) -> dict[str, Any]:
    shape = operation(service, name).input_shape
    out: dict[str, Any] = {}
    if shape is None:
        return out
    in_body: dict[str, Any] = {}
    payload = shape.serialization.get("payload")
    if request.body and spoken == "rest-json" and not payload:
        in_body = json.loads(request.body)
    for member, of in shape.members.items():
        where, wire = of.serialization.get("location"), of.serialization.get("name", member)
        if where == "uri" and wire in in_path:
            out[member] = _scalar(of, unquote(in_path[wire]))
        elif where == "querystring":
            found = [value for key, value in asked if key == wire]
            if found:
                out[member] = (
                    [_scalar(of.member, one) for one in found]
                    if of.type_name == "list"
                    else _scalar(of, found[0])
                )
        elif where == "header" and wire.lower() in request.headers:
            out[member] = _scalar(of, request.headers[wire.lower()])
        elif member == payload and request.body:
            out[member] = json.loads(request.body) if spoken == "rest-json" else request.body
        elif where is None and wire in in_body:
            out[member] = in_body[wire]
    return out


def _scalar(shape: Shape, text: str) -> Any:
    match shape.type_name:
        case "integer" | "long":
            return int(text)
        case "boolean":
            return text.lower() == "true"
        case "float" | "double":
            return float(text)
        case _:
            return text


def _form(shape: Shape, form: Mapping[str, str], prefix: str, ec2: bool) -> Any:
    """A value of a query protocol, whose members are written out as ``Filter.1.Name``."""
    if shape.type_name == "structure":
        out: dict[str, Any] = {}
        for member, of in shape.members.items():
            wire = of.serialization.get("queryName") if ec2 else None
            wire = wire or of.serialization.get("name", member)
            if ec2 and "queryName" not in of.serialization:
                wire = wire[0].upper() + wire[1:]
            key = f"{prefix}{wire}"
            if key in form or any(one.startswith(f"{key}.") for one in form):
                out[member] = _form(of, form, key if of.type_name not in ("structure",) else f"{key}.", ec2)
        return out
    if shape.type_name == "list":
        inner = "" if ec2 or shape.serialization.get("flattened") else "."
        inner = f"{inner}{shape.member.serialization.get('name', 'member')}." if inner else "."
        items: list[Any] = []
        while any(
            one == (key := f"{prefix}{inner}{len(items) + 1}") or one.startswith(f"{key}.") for one in form
        ):
            below = f"{key}." if shape.member.type_name == "structure" else key
            items.append(_form(shape.member, form, below, ec2))
        return items
    return _scalar(shape, form[prefix])


# ------------------------------------------------------------------------------------------- answers


def write(service: str, name: str, value: Mapping[str, Any]) -> Answer:
    """An operation's answer; raises ``Undeclared`` where the model has no such thing."""
    one, spoken = operation(service, name), protocol(service)
    shape = one.output_shape
    headers: dict[str, str] = {"x-amzn-RequestId": _REQUEST}
    body: Mapping[str, Any] = value
    whole = shape
    if shape is not None and spoken.startswith("rest-"):
        in_headers = {key: of for key, of in shape.members.items() if of.serialization.get("location")}
        for key, of in in_headers.items():
            if of.serialization["location"] == "header" and key in value:
                headers[of.serialization.get("name", key)] = str(value[key])
        payload = shape.serialization.get("payload")
        if payload:
            body, whole = value.get(payload, {}), shape.members[payload]
        else:
            body = {key: member for key, member in value.items() if key not in in_headers}
    elif shape is None and value:
        raise Undeclared(f"{service}:{name} answers nothing, and the account declares {sorted(value)}")
    status = int(one.http.get("responseCode", 200)) if one.http else 200
    if spoken in ("json", "rest-json"):
        headers["content-type"] = "application/x-amz-json-1.1" if spoken == "json" else "application/json"
        text = json.dumps(_plain(whole, body, name)) if whole is not None else ""
        return Answer(status, headers, text.encode())
    headers["content-type"] = "text/xml"
    return Answer(status, headers, _document(spoken, name, whole, body).encode())


def error(service: str, refused: Refused) -> Answer:
    """An error, as the service's protocol has it."""
    spoken, code, text = protocol(service), escape(refused.code), escape(refused.message)
    headers = {"x-amzn-RequestId": _REQUEST}
    if spoken in ("json", "rest-json"):
        headers |= {"x-amzn-ErrorType": refused.code, "content-type": "application/json"}
        body = json.dumps({"__type": refused.code, "message": refused.message}).encode()
    elif spoken == "ec2":
        inner = f"<Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
        body = f"<Response>{inner}<RequestID>{_REQUEST}</RequestID></Response>".encode()
    elif service == "s3":
        body = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>".encode()
    else:
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
        body = f"<ErrorResponse>{inner}<RequestId>{_REQUEST}</RequestId></ErrorResponse>".encode()
    return Answer(refused.status, headers, body)


def _plain(shape: Shape, value: Any, where: str) -> Any:
    """A value as JSON has it, its members under the names that go over the wire."""
    match shape.type_name:
        case "structure":
            if shape.is_document_type:
                return value
            members, out = shape.members, {}
            for key, inner in value.items():
                of = members.get(key)
                if of is None:
                    raise Undeclared(f"{where} has no member `{key}`")
                if inner is not None:
                    out[of.serialization.get("name", key)] = _plain(of, inner, f"{where}.{key}")
            return out
        case "list":
            return [_plain(shape.member, one, where) for one in value]
        case "map":
            return {str(key): _plain(shape.value, inner, f"{where}.{key}") for key, inner in value.items()}
        case "timestamp":
            return value.timestamp() if shape.serialization.get("timestampFormat") != "iso8601" else _iso(value)
        case "blob":
            return base64.b64encode(value).decode()
        case _:
            return _checked(shape, value, where)


_PYTHON: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}


def _checked(shape: Shape, value: Any, where: str) -> Any:
    if not isinstance(value, _PYTHON.get(shape.type_name, (object,))):
        raise Undeclared(f"{where} is a {shape.type_name}, not {value!r}")
    return value


def _document(spoken: str, name: str, shape: Shape, value: Mapping[str, Any]) -> str:
    inner = "".join(_members(shape, value, name)) if shape is not None else ""
    if spoken == "ec2":
        return f"<{name}Response><requestId>{_REQUEST}</requestId>{inner}</{name}Response>"
    if spoken == "rest-xml":
        return f"<{name}Result>{inner}</{name}Result>"
    wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
    inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    return (
        f"<{name}Response>{inner}<ResponseMetadata><RequestId>{_REQUEST}</RequestId></ResponseMetadata>"
        f"</{name}Response>"
    )


def _members(shape: Shape, value: Mapping[str, Any], where: str) -> Iterator[str]:
    members = shape.members
    for key, inner in value.items():
        of = members.get(key)
        if of is None:
            raise Undeclared(f"{where} has no member `{key}`")
        if inner is not None:
            yield _element(of.serialization.get("name", key), of, inner, f"{where}.{key}")


def _element(tag: str, shape: Shape, value: Any, where: str) -> str:
    match shape.type_name:
        case "structure":
            return f"<{tag}>{''.join(_members(shape, value, where))}</{tag}>"
        case "list":
            if shape.serialization.get("flattened"):
                tag = shape.member.serialization.get("name", tag)
                return "".join(_element(tag, shape.member, one, where) for one in value)
            own = shape.member.serialization.get("name", "member")
            return f"<{tag}>{''.join(_element(own, shape.member, one, where) for one in value)}</{tag}>"
        case "map":
            key_tag = shape.key.serialization.get("name", "key")
            value_tag = shape.value.serialization.get("name", "value")
            entries = [
                f"<{key_tag}>{escape(str(key))}</{key_tag}>{_element(value_tag, shape.value, inner, where)}"
                for key, inner in value.items()
            ]
            if shape.serialization.get("flattened"):
                return "".join(f"<{tag}>{entry}</{tag}>" for entry in entries)
            return f"<{tag}>{''.join(f'<entry>{entry}</entry>' for entry in entries)}</{tag}>"
        case "timestamp":
            written = shape.serialization.get("timestampFormat")
            text = format_datetime(value.astimezone(UTC), usegmt=True) if written == "rfc822" else _iso(value)
            return f"<{tag}>{text}</{tag}>"
        case "boolean":
            return f"<{tag}>{'true' if _checked(shape, value, where) else 'false'}</{tag}>"
        case "blob":
            return f"<{tag}>{base64.b64encode(value).decode()}</{tag}>"
        case _:
            return f"<{tag}>{escape(str(_checked(shape, value, where)))}</{tag}>"


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
