"""API Gateway: APIs, what they route to which backend, their stages, and what limits or names callers.

Two services share the name. The first has REST APIs, whose *methods* stand on *resources*; the second
has HTTP and WebSocket APIs, whose *routes* have a key. A ``Route`` is either. What belongs to which
API is settled by ``model.gateway``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stockade.iam.policy import Document
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Unknown, Value

_NOT_REST = "only routes of a REST API have it"
_NOT_V2 = "only routes of an HTTP or WebSocket API have it"
_NO_LIMIT = "without a limit of its own only the account's limit applies"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Api(Subject):
    """An API. ``protocol`` is ``REST``, ``HTTP`` or ``WEBSOCKET``; ``endpoint_types`` are of a REST API.

    Its own address is what an ARN of it refers to: in Terraform ``<address>.execution_arn``. ``body``
    is the tree of its OpenAPI document. With a ``target`` an HTTP API comes with one route to it and a
    stage (*quick create*).
    """

    name: Value[str]
    protocol: Value[str] = default("REST", "an API of the first API Gateway is a REST API")
    endpoint_types: Value[tuple[Value[str], ...]] = default(
        (default("EDGE", "a REST API is edge-optimized by default"),), "a REST API is edge-optimized by default"
    )
    default_endpoint_disabled: Value[bool] = default(
        False, "an API answers at its default endpoint unless that is disabled"
    )
    policy: Value[Document | None] = default(None, "no resource policy is set")
    body: Value[Any] = default(None, "no OpenAPI document is given")
    target: Value[str | None] = default(None, "no quick-create target is set")
    route_key: Value[str] = default("$default", "the route that quick create makes is `$default`")
    allow_origins: Value[tuple[Value[str], ...]] = default((), "no origins are allowed by the API itself")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ApiPolicy(Subject):
    """A REST API's resource policy, where it is a resource of its own."""

    api_id: Value[str]
    document: Value[Document]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PathPart(Subject):
    """A resource of a REST API: one segment of a path, below its parent."""

    api_id: Value[str]
    parent_id: Value[str]
    segment: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Integration(Subject):
    """What an API calls. ``kind`` is ``AWS_PROXY``, ``AWS``, ``HTTP``, ``HTTP_PROXY`` or ``MOCK``.

    In a REST API it belongs to a method of a resource; elsewhere routes name it as their target.
    ``subtype`` is the service action that an HTTP API calls by itself, without a function.
    """

    api_id: Value[str]
    kind: Value[str]
    uri: Value[str | None] = default(None, "no integration URI is set")
    subtype: Value[str | None] = default(None, "no integration subtype is set")
    resource_id: Value[str | None] = default(None, _NOT_REST)
    http_method: Value[str | None] = default(None, _NOT_REST)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Route(Subject):
    """A method of a REST API, or a route of another: the requests that one integration answers.

    ``authorization`` is ``NONE``, ``AWS_IAM``, ``JWT``, ``CUSTOM`` or ``COGNITO_USER_POOLS``.
    ``integration`` is set where it is written with the route, as in an OpenAPI document; ``calls`` is its
    tree where a method has it in it; ``remark``
    says what is written about authorization and has no effect.
    """

    api_id: Value[str]
    http_method: Value[str | None] = default(None, _NOT_REST)
    resource_id: Value[str | None] = default(None, _NOT_REST)
    path: Value[str | None] = default(None, "the path is that of the resource")
    route_key: Value[str | None] = default(None, _NOT_V2)
    target: Value[str | None] = default(None, _NOT_V2)
    authorization: Value[str] = default("NONE", "a route without an authorization type is open to anybody")
    authorizer_id: Value[str | None] = default(None, "no authorizer is named")
    needs_api_key: Value[bool] = default(False, "no API key is required by default")
    calls: Value[tuple[Value[Any], ...]] = default((), "the integration is written on its own")
    integration: Integration | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Authorizer(Subject):
    """Who tells an API's callers apart. ``kind`` is ``TOKEN``, ``REQUEST``, ``JWT`` or
    ``COGNITO_USER_POOLS``.
    """

    api_id: Value[str]
    name: Value[str]
    kind: Value[str] = default("TOKEN", "an authorizer's default type is TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RouteLimit(Subject):
    """The limits of one route of an HTTP or WebSocket API, as its stage has them."""

    route_key: Value[str]
    rate_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
    burst_limit: Value[Decimal | None] = default(None, _NO_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Stage(Subject):
    """One deployment of an API that can be called.

    ``rate_limit`` is requests a second and ``burst_limit`` requests at once, for every route of an HTTP
    or WebSocket API. A REST API's limits are ``MethodSettings``; ``settings`` is the tree of those that
    the stage lists itself.
    """

    api_id: Value[str]
    name: Value[str | None] = default(None, "a deployment without a stage name makes no stage")
    rate_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
    burst_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
    settings: Value[tuple[Value[Any], ...]] = default((), "the stage lists no settings of methods itself")
    route_limits: Value[tuple[RouteLimit | Unknown, ...]] = default((), "no route has settings of its own")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MethodSettings(Subject):
    """Settings of a REST API's stage for some of its methods: ``*/*``, or ``orders/POST``.

    ``within`` is the attribute that holds them where they stand in their stage, with a dot after it.
    ``http_method`` is set where the path does not say the method.
    """

    api_id: Value[str]
    stage_name: Value[str]
    method_path: Value[str]
    http_method: Value[str | None] = default(None, "the path says the method")
    within: str = ""
    rate_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
    burst_limit: Value[Decimal | None] = default(None, _NO_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PlanStage(Subject):
    """A stage that a usage plan is for."""

    api_id: Value[str]
    stage_name: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UsagePlan(Subject):
    """Limits for each holder of an API key, on some stages."""

    stages: Value[tuple[PlanStage | Unknown, ...]] = default((), "the usage plan is for no stage")
    rate_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
    burst_limit: Value[Decimal | None] = default(None, _NO_LIMIT)
