"""Relations at API Gateway: which function a URI names, which path a method has, whom a policy shuts out."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.policy import parse
from stockade.model.api import Api, Integration, PathPart, Route, Stage
from stockade.model.callers import shuts_out
from stockade.model.edge import WebAclAssociation
from stockade.model.gateway import Gateway, function_in
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, text_of

HERE = Default("written in a test")
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"


def known(value: Any) -> Any:
    match value:
        case dict():
            return Known({key: known(one) for key, one in value.items()}, HERE)
        case list():
            return Known(tuple(map(known, value)), HERE)
        case _:
            return Known(value, HERE)


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("only deployment tells", HERE, text_of(*parts))


def ref(address: str, attribute: str = "id", shape: Text | None = None) -> Unknown:
    return partly(Ref(address, attribute, shape))


FUNCTION = Ref("aws_lambda_function.f", "arn", text_of("arn:aws:lambda:", Hole("region"), ":1:function:f"))
QUEUE = Ref("aws_sqs_queue.q", "arn", text_of("arn:aws:sqs:", Hole("region"), ":1:q"))


@pytest.mark.parametrize(
    ("uri", "named"),
    [
        (known(ARN), known(ARN)),
        (known(f"{INVOKE}{ARN}/invocations"), known(ARN)),
        (known(f"{INVOKE}{ARN}:live/invocations"), known(f"{ARN}:live")),
        (partly(INVOKE, FUNCTION, "/invocations"), partly(FUNCTION)),
        (partly(INVOKE, FUNCTION, ":live/invocations"), partly(FUNCTION, ":live")),
        (
            partly(
                "arn:", Hole("p"), ":apigateway:", Hole("r"), ":lambda:path/2015-03-31/functions/", FUNCTION
            ),
            None,
        ),
        (partly(FUNCTION), partly(FUNCTION)),
        (partly(Ref("module.f", "invoke_arn")), partly(Ref("module.f", "invoke_arn"))),
    ],
)
def test_uris_of_functions(uri: Value[str | None], named: Value[str] | None) -> None:
    assert function_in(uri) == (named or partly(FUNCTION))


@pytest.mark.parametrize(
    "uri",
    [
        known(None),
        known("https://example.com"),
        known("arn:aws:apigateway:eu-west-1:sqs:path/123456789012/jobs"),
        partly("arn:aws:apigateway:eu-west-1:s3:path/", Ref("aws_s3_bucket.b", "id")),
        partly(QUEUE),
    ],
)
def test_uris_of_something_else(uri: Value[str | None]) -> None:
    assert function_in(uri) is None


def test_a_uri_of_which_nothing_is_known() -> None:
    assert function_in(Unknown("nobody said", HERE)) == Unknown("nobody said", HERE)


def api(name: str) -> Api:
    return Api(address=name, origin=HERE, name=known(name))


def part(name: str, parent: Value[str], segment: Value[str]) -> PathPart:
    return PathPart(address=name, origin=HERE, api_id=ref("api"), parent_id=parent, segment=segment)


def method(resource: Value[str], verb: Value[str]) -> Route:
    return Route(address="m", origin=HERE, api_id=ref("api"), resource_id=resource, http_method=verb)


def test_paths_of_methods() -> None:
    orders = part("orders", ref("api", "root_resource_id"), known("orders"))
    one = part("one", ref("orders"), known("{id}"))
    var = part("var", ref("one"), partly(Hole("var.segment")))
    lost = part("lost", ref("elsewhere"), known("lost"))
    circle = part("circle", ref("circle"), known("o"))
    gateway = Gateway(apis=(api("api"),), path_parts=(orders, one, var, lost, circle))

    def label(resource: Value[str]) -> str:
        return gateway.label_of(method(resource, known("GET")))

    assert label(ref("api", "root_resource_id")) == "GET /"
    assert label(ref("one")) == "GET /orders/{id}"
    assert label(ref("var")) == "GET /orders/{id}/…"
    assert label(ref("lost")) == "GET /…/lost"
    assert label(ref("circle")) == "GET /…"
    assert label(known("abc123")) == "GET /…"


def test_methods_of_routes() -> None:
    gateway = Gateway()

    def verb(key: Value[str | None]) -> Value[str]:
        return gateway.method_of(Route(address="r", origin=HERE, api_id=known("a"), route_key=key))

    assert verb(known("POST /orders")) == known("POST")
    assert verb(known("$default")) == known("ANY")
    assert verb(known("$connect")) == known("$connect")
    assert verb(partly("PUT /", Hole("var.path"))) == known("PUT")
    assert isinstance(verb(partly(Hole("var.key"))), Unknown)


def integration(**given: Any) -> Integration:
    return Integration(address="i", origin=HERE, api_id=ref("api"), **given)


def test_integrations_by_method_and_by_target() -> None:
    by_method = integration(
        kind=known("AWS_PROXY"), uri=known(ARN), resource_id=ref("orders"), http_method=ref("m", "http_method")
    )
    route = method(ref("orders"), known("POST"))
    gateway = Gateway(apis=(api("api"),), routes=(route,), integrations=(by_method,))
    assert gateway.function_behind(route) == known(ARN)
    other = method(ref("orders"), known("GET"))
    assert isinstance(gateway.function_behind(other), Unknown)
    target = Route(address="r", origin=HERE, api_id=ref("api"), target=partly("integrations/", Ref("i", "id")))
    assert gateway.function_behind(target) == known(ARN)


@pytest.mark.parametrize(
    ("given", "calls"),
    [
        ({"kind": known("MOCK")}, False),
        ({"kind": known("HTTP_PROXY"), "uri": known("https://example.com")}, False),
        ({"kind": known("AWS_PROXY"), "subtype": known("SQS-SendMessage")}, False),
        ({"kind": known("AWS"), "uri": partly(QUEUE)}, False),
        ({"kind": known("AWS"), "uri": known(f"{INVOKE}{ARN}/invocations")}, True),
        ({"kind": known("AWS_PROXY"), "uri": Unknown("nobody said", HERE)}, True),
        ({"kind": known("AWS_PROXY")}, True),
    ],
)
def test_what_an_integration_calls(given: dict[str, Any], calls: bool) -> None:
    route = Route(address="r", origin=HERE, api_id=ref("api"), integration=integration(**given))
    assert (Gateway().function_behind(route) is not None) is calls


def test_web_acls_of_a_stage() -> None:
    stage = Stage(address="s", origin=HERE, api_id=ref("api"), name=known("live"))
    other = Stage(address="t", origin=HERE, api_id=ref("api"), name=known("test"))

    def association(arn: Value[str]) -> WebAclAssociation:
        return WebAclAssociation(address="w", origin=HERE, resource_arn=arn, web_acl_arn=known("acl"))

    by_ref = association(ref("s", "arn"))
    by_text = association(partly("arn:aws:apigateway:eu-west-1::/restapis/", Ref("api", "id"), "/stages/live"))
    gateway = Gateway(apis=(api("api"),), stages=(stage, other), associations=(by_ref, by_text))
    assert [one for one, _ in gateway.web_acls_of(stage)] == [by_ref, by_text]
    assert gateway.web_acls_of(other) == ()


ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
IN_OFFICE = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}


@pytest.mark.parametrize(
    ("statements", "shut"),
    [
        ([ALLOW], False),
        ([{**ALLOW, "Principal": {"AWS": "*"}}], False),
        ([{**ALLOW, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], True),
        ([{**ALLOW, "Condition": IN_OFFICE}], True),
        ([{**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}], False),
        ([{**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], False),
        (
            [ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}],
            True,
        ),
        (
            [
                ALLOW,
                {**ALLOW, "Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
            ],
            True,
        ),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], False),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Resource": "execute-api:/*/GET/*"}], False),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Resource": "execute-api:/*/POST/orders*"}], True),
        ([{**ALLOW, "Resource": "execute-api:/*/GET/*"}], True),
        ([{**ALLOW, "Resource": "arn:aws:execute-api:*:*:*/live/*"}], False),
    ],
)
def test_whom_a_policy_shuts_out(statements: list[Any], shut: bool) -> None:
    policy = parse(known({"Version": "2012-10-17", "Statement": statements}))
    assert shuts_out(policy, "POST", "/orders") is shut


def test_a_policy_that_is_not_known_well_enough() -> None:
    assert shuts_out(Unknown("nobody said", HERE), "POST", "/") is None
    unsure = known({"Statement": [ALLOW]})
    unsure.value["Statement"] = Known((known(ALLOW), Unknown("nobody said", HERE)), HERE)
    assert shuts_out(parse(unsure), "POST", "/") is None
    assert shuts_out(known(None), "POST", "/") is False
