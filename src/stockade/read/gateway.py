"""What API declarations hold beyond the table of names: documents, policies, what comes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar

from stockade.iam.policy import parse
from stockade.json_text import document
from stockade.model.api import (
    Api,
    ApiPolicy,
    Authorizer,
    Integration,
    MethodSettings,
    PathPart,
    Route,
    Stage,
    UsagePlan,
)
from stockade.model.edge import ApiDomain, ApiMapping, Distribution, WebAcl, WebAclAssociation
from stockade.model.gateway import Gateway
from stockade.model.names import Names, read
from stockade.model.subject import Subject, default
from stockade.model.typed import flag
from stockade.read.nested import elements
from stockade.read.openapi import member, quick, routes, tree
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

S = TypeVar("S", bound=Subject)

_SECOND: Final = "AWS::ApiGatewayV2::Api"


class Made(Protocol):
    """The subjects of one type that the resources of an input made."""

    def __call__(self, kind: type[S], /) -> tuple[S, ...]: ...


def settle(names: Names, resource: Resource, attributes: Mapping[str, Value[Any]]) -> dict[str, Any]:
    """Attributes of an API or of what is before one, with their documents and nested blocks read."""
    out: dict[str, Any] = {}
    if names.model is ApiPolicy:
        out["document"] = parse(document(attributes["document"]))
    if names.model is Api:
        out |= _of_api(attributes)
        if resource.type == _SECOND and "protocol" not in attributes:
            out["protocol"] = default("HTTP", "an API that is made of an OpenAPI document is an HTTP API")
    if names.model is Route and isinstance(calls := attributes.get("calls"), Known):
        out["integration"] = _integration(names, resource, calls, attributes)
    if names.model in (Stage, UsagePlan, Distribution):
        for row in names.rows:
            if (
                row.attribute != "settings"
                and row.element is not None
                and isinstance(found := attributes.get(row.attribute), Known)
            ):
                out[row.attribute] = Known(tuple(elements(row.element, resource, found)), found.origin)
    return out


def _integration(
    names: Names, resource: Resource, calls: Known[Any], attributes: Mapping[str, Value[Any]]
) -> Integration | None:
    """What a method calls, where that is written in it."""
    element = next(row.element for row in names.rows if row.attribute == "calls")
    block = next(iter(calls.value), None)
    if element is None or block is None:
        return None
    found: dict[str, Any] = {"kind": block, "uri": block} if isinstance(block, Unknown) else {}
    if isinstance(block, Known):
        found |= read(element, resource.dialect, block.value, resource.address, block.origin)
    return Integration(address=resource.address, origin=block.origin, api_id=attributes["api_id"], **found)


def _of_api(attributes: Mapping[str, Value[Any]]) -> dict[str, Any]:
    """The OpenAPI document, and what it says where the declaration itself does not."""
    out: dict[str, Any] = {}
    body: Value[Any] | None = None
    written = attributes.get("body")
    if written is not None:
        empty = isinstance(written, Known) and not written.value
        out["body"] = body = Known(None, written.origin) if empty else tree(written)
    policy = attributes.get("policy") or member(body, "x-amazon-apigateway-policy")
    if policy is not None:
        nothing = isinstance(policy, Known) and policy.value == ""
        out["policy"] = Known(None, policy.origin) if nothing else parse(document(policy))
    disabled = member(body, "x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")
    if disabled is not None and "default_endpoint_disabled" not in attributes:
        out["default_endpoint_disabled"] = flag(disabled)
    return out


def gateway(all_of: Made) -> Gateway:
    """API Gateway as an input has it, with the routes and stages that APIs bring along."""
    apis = all_of(Api)
    quickly = [route for api in apis for route in quick(api)]
    named = (one for one in all_of(Stage) if not (isinstance(one.name, Known) and one.name.value is None))
    return Gateway(
        apis=apis,
        policies=all_of(ApiPolicy),
        path_parts=all_of(PathPart),
        routes=(*all_of(Route), *quickly, *(route for api in apis for route in routes(api.body, api))),
        integrations=all_of(Integration),
        authorizers=all_of(Authorizer),
        stages=(*named, *(_quick_stage(route) for route in quickly)),
        settings=all_of(MethodSettings),
        plans=all_of(UsagePlan),
        domains=all_of(ApiDomain),
        mappings=all_of(ApiMapping),
        web_acls=all_of(WebAcl),
        associations=all_of(WebAclAssociation),
        distributions=all_of(Distribution),
    )


def _quick_stage(route: Route) -> Stage:
    """The stage that an HTTP API with a target comes with; nothing in an input can set it up."""
    return Stage(
        address=route.address,
        origin=route.origin,
        doubt=route.doubt,
        key=route.key,
        region=route.region,
        api_id=route.api_id,
        name=Known("$default", route.origin),
    )
