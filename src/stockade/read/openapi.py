"""The routes that an OpenAPI document declares, as API Gateway reads its extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.json_text import document as json_document
from stockade.model.api import Api, Integration, Route
from stockade.read.yaml_text import decode as decode_yaml
from stockade.records import dataclass
from stockade.value import Known, Origin, Ref, Text, Unknown, Value, structure

_ANY: Final = "x-amazon-apigateway-any-method"
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", _ANY)
_KINDS: Final = {
    "cognito_user_pools": "COGNITO_USER_POOLS",
    "jwt": "JWT",
    "request": "CUSTOM",
    "token": "CUSTOM",
    "awssigv4": "AWS_IAM",
    "aws_iam": "AWS_IAM",
}
_API_KEY: Final = "API_KEY"
_OPEN: Final = "NONE"


def tree(body: Value[Any]) -> Value[Any]:
    """The document behind an API's body, be it JSON, YAML or already a tree."""
    kept = structure(body)
    if kept is not None and not (isinstance(kept, Unknown) and _is_yaml(body)):
        return kept
    return decode_yaml(body) if _is_yaml(body) else json_document(body)


def _is_yaml(body: Value[Any]) -> bool:
    """Whether a text is not JSON at first sight."""
    match body:
        case Known(str() as text) | Unknown(_, _, Text((str() as text, *_))):
            return not text.lstrip().startswith(("{", "["))
        case _:
            return False


def member(value: Value[Any] | None, *names: str) -> Value[Any] | None:
    """What stands under names, one in another; ``None`` where nobody wrote it."""
    for name in names:
        match value:
            case Known(Mapping() as members):
                value = members.get(name)
            case Unknown():
                return Unknown(value.reason, value.origin)
            case _:
                return None
    return None if isinstance(value, Known) and value.value is None else value


def routes(body: Value[Any], api: Api) -> Iterator[Route]:
    """The routes of a document's paths; each stands at its API's address, with a key of its own."""
    paths = member(body, "paths")
    if not isinstance(paths, Known) or not isinstance(paths.value, Mapping):
        return
    security = _Security(body, api)
    for path, item in paths.value.items():
        if not isinstance(item, Known) or not isinstance(item.value, Mapping):
            continue
        for method in _METHODS:
            if operation := member(item, method):
                yield _route(body, api, security, path, "ANY" if method == _ANY else method.upper(), operation)


def _route(
    body: Value[Any], api: Api, security: _Security, path: str, method: str, operation: Value[Any]
) -> Route:
    origin = operation.origin
    answer = security.of(operation)
    return Route(
        address=api.address,
        origin=origin,
        doubt=api.doubt,
        key=f"{method} {path}",
        region=api.region,
        api_id=_id(api, origin),
        http_method=Known(method, origin),
        path=Known(path, origin),
        authorization=answer.authorization,
        needs_api_key=Known(answer.needs_key, origin),
        integration=_integration(body, api, operation),
        remark=answer.remark,
    )


def _id(api: Api, origin: Origin) -> Unknown:
    return Unknown("it is known only after deployment", origin, Text((Ref(api.address, "id"),)))


def quick(api: Api) -> Iterator[Route]:
    """The route that an HTTP API with a target comes with."""
    if isinstance(api.target, Known) and api.target.value is None:
        return
    origin = api.origin
    yield Route(
        address=api.address,
        origin=origin,
        doubt=api.doubt,
        key="quick create",
        region=api.region,
        api_id=_id(api, origin),
        route_key=api.route_key,
        integration=Integration(
            address=api.address,
            origin=origin,
            api_id=_id(api, origin),
            kind=Known("HTTP_PROXY" if _is_url(api.target) else "AWS_PROXY", origin),
            uri=api.target,
        ),
    )


def _is_url(target: Value[Any]) -> bool:
    match target:
        case Known(str() as text) | Unknown(_, _, Text((str() as text, *_))):
            return text.startswith(("http:", "https:"))
        case _:
            return False


def _integration(body: Value[Any], api: Api, operation: Value[Any]) -> Integration | None:
    written = member(operation, "x-amazon-apigateway-integration")
    if isinstance(named := member(written, "$ref"), Known) and isinstance(named.value, str):
        written = member(body, *named.value.removeprefix("#/").split("/"))
    if written is None:
        return None
    origin = written.origin
    kind = member(written, "type") or Unknown("the integration has no type", origin)
    uri = member(written, "uri") or Known(None, origin)
    return Integration(
        address=api.address,
        origin=origin,
        api_id=_id(api, origin),
        kind=Known(kind.value.upper(), kind.origin)
        if isinstance(kind, Known) and isinstance(kind.value, str)
        else kind,
        uri=uri,
        subtype=member(written, "integrationSubtype") or Known(None, origin),
    )


# ------------------------------------------------------------------------------------------ security


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an operation's security comes to; ``remark`` says what is written and has no effect."""

    authorization: Value[str]
    needs_key: bool = False
    remark: str = ""


class _Security:
    """Who may call an operation, by its ``security`` and the document's security schemes."""

    def __init__(self, body: Value[Any], api: Api) -> None:
        self._schemes = (member(body, "components", "securitySchemes"), member(body, "securityDefinitions"))
        self._root = member(body, "security")
        self._is_rest = isinstance(api.protocol, Known) and api.protocol.value == "REST"

    def of(self, operation: Value[Any]) -> _Answer:
        if isinstance(operation, Unknown):
            return _Answer(operation)
        if (auth := member(operation, "x-amazon-apigateway-auth", "type")) is not None:
            if isinstance(auth, Unknown) or str(auth.value).lower() != "none":
                return _Answer(self._kind_of(auth))
        match member(operation, "security"):
            case None:
                return self._inherited(operation.origin)
            case Known(tuple() | list() as alternatives, origin):
                return self._least([self._all(one) for one in alternatives], origin)
            case Unknown() as gap:
                return _Answer(gap)
            case Known(_, origin):
                return _Answer(Unknown("the `security` is not a list", origin))

    def _inherited(self, origin: Origin) -> _Answer:
        """REST APIs do not use the document's own `security`; of HTTP APIs AWS does not say."""
        root = self._root
        if root is None or (isinstance(root, Known) and not root.value):
            return _Answer(Known(_OPEN, origin))
        if self._is_rest:
            return _Answer(
                Known(_OPEN, origin),
                remark="the `security` at the root of an OpenAPI document has no effect in a REST API",
            )
        return _Answer(
            Unknown("whether the `security` at the root of the document counts is not said", root.origin)
        )

    def _least(self, alternatives: list[_Answer], origin: Origin) -> _Answer:
        """The weakest of the alternatives, any of which will do; without one anybody may call."""
        for one in alternatives:
            if isinstance(one.authorization, Known) and one.authorization.value == _OPEN and not one.needs_key:
                return one
        for one in alternatives:
            if isinstance(one.authorization, Unknown) or one.authorization.value == _OPEN:
                return one
        return alternatives[0] if alternatives else _Answer(Known(_OPEN, origin))

    def _all(self, requirement: Value[Any]) -> _Answer:
        """What one requirement comes to: all of its schemes together."""
        if isinstance(requirement, Unknown) or not isinstance(requirement.value, Mapping):
            return _Answer(Unknown("a security requirement is not known", requirement.origin))
        needs_key, remark = False, ""
        unknown: Unknown | None = None
        for name in requirement.value:
            match self._scheme(name, requirement.origin):
                case Known(str() as kind) if kind == _API_KEY:
                    needs_key = True
                case Known(str() as kind, origin) if kind != _OPEN:
                    return _Answer(Known(kind, origin), needs_key)
                case Known():
                    remark = f"the security scheme `{name}` names no authorizer that would check it"
                case Unknown() as gap:
                    unknown = gap
        return _Answer(unknown or Known(_OPEN, requirement.origin), needs_key, remark)

    def _scheme(self, name: str, origin: Origin) -> Value[str]:
        """What a security scheme is to API Gateway: a kind of authorization, an API key, or nothing."""
        found = member(self._schemes[0], name) or member(self._schemes[1], name)
        if found is None:
            return Known(_OPEN, origin)
        if isinstance(found, Unknown):
            return found
        authorizer = member(found, "x-amazon-apigateway-authorizer", "type")
        declared = member(found, "x-amazon-apigateway-authtype")
        for kind in (authorizer, declared):
            if kind is not None and (isinstance(kind, Unknown) or str(kind.value).lower() != "custom"):
                return self._kind_of(kind)
        if declared is not None or member(found, "x-amazon-apigateway-authorizer") is not None:
            return Known("CUSTOM", found.origin)
        header = member(found, "name")
        if isinstance(header, Known) and str(header.value).lower() == "x-api-key":
            return Known(_API_KEY, found.origin)
        return Known(_OPEN, found.origin)

    def _kind_of(self, kind: Value[Any]) -> Value[str]:
        if isinstance(kind, Unknown):
            return kind
        name = str(kind.value)
        return Known(_KINDS.get(name.lower(), name.upper()), kind.origin)
