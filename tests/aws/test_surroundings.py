"""What stands around functions in a live account: APIs, networks, schedules, messages, images and zones."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from stockade.control import Fails, State
from stockade.model.gateway import Gateway
from stockade.read.account.collect.rest_apis import unescaped
from stockade.read.build import build
from stockade.report import Report
from stockade.value import Known
from tests.aws.account import Account
from tests.aws.ample import ample
from tests.aws.endpoint import Endpoint, running
from tests.aws.scanning import reading, report

API = "arn:aws:apigateway:us-east-1::"
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running(ample()) as made:
        yield made


@pytest.fixture(scope="module")
def found(endpoint: Endpoint) -> Report:
    return report(endpoint)


def failing(of: Report, control: str) -> dict[str, str]:
    """What a control says, by address without what all addresses begin with."""
    return {
        one.address.removeprefix(API).removeprefix(FUNCTION): one.message
        for one in of.findings
        if one.control == control and isinstance(one.outcome, Fails)
    }


def state(of: Report, function: str, control: str) -> State:
    return next(one for one in of.functions if one.name == function).checklist[control]


@pytest.mark.parametrize(
    ("control", "wanted"),
    [
        ("unauthenticated-api", {"/restapis/rest2/resources/n1/methods/GET", "/apis/http1/routes/r1"}),
        ("unthrottled-api", {"/restapis/rest2/stages/prod", "/apis/http1/stages/$default"}),
        ("unfronted-api", {"/restapis/rest2", "/apis/http1"}),
        ("open-egress", {"open"}),
        ("single-zone-vpc", {"open"}),
        ("mutable-image", set()),
        ("leaked-hostname", {"open"}),
        ("recursive-invocation", {"open"}),
        ("silent-async-failure", {"open", "image", "scheduled"}),
    ],
)
def test_every_control_sees_what_the_account_has(found: Report, control: str, wanted: set[str]) -> None:
    assert set(failing(found, control)) == wanted


def test_verdicts_hold_by_what_stands_around(found: Report) -> None:
    assert state(found, "good", "unfronted-api") is State.HOLDS, "a web ACL is before the stage"
    assert state(found, "good", "unthrottled-api") is State.HOLDS, "the stage has a limit of its own"
    assert state(found, "good", "misplaced-vpc") is State.HOLDS, "its group lets it out to chosen places only"
    assert state(found, "image", "mutable-image") is State.HOLDS, "the repository keeps tags as they are"


def test_a_distribution_is_known_by_the_endpoint_it_fetches_from(found: Report) -> None:
    message = failing(found, "unfronted-api")["/apis/http1"]
    assert "`arn:aws:cloudfront::111122223333:distribution/E1` can be bypassed" in message
    assert "let-me-in" not in str(found)


def test_what_the_whole_account_is_limited_to_is_no_limit_of_a_stage() -> None:
    account = ample()
    here = account.region()
    whole = {"throttleSettings": {"rateLimit": 2500.0, "burstLimit": 1250}}
    here.says("apigateway:GetAccount", whole)  # now 10,000 a second is more than all APIs together get
    with running(account) as endpoint:
        assert "/restapis/rest2/stages/prod" in failing(report(endpoint), "unthrottled-api")
        stage = here.book.answer_of("apigateway:GetStages", restApiId="rest2")["item"][0]
        stage["methodSettings"]["*/*"]["throttlingRateLimit"] = 100.0
        assert "/restapis/rest2/stages/prod" not in failing(report(endpoint), "unthrottled-api")


def test_methods_have_the_paths_that_people_know(endpoint: Endpoint) -> None:
    world = build(reading(endpoint))
    gateway: Gateway = world.gateway
    assert {gateway.label_of(one) for one in gateway.routes} == {
        "POST /orders",
        "GET /",
        "GET /open",
        "GET /mine",
    }
    triggers = {
        one.name.value: len(world.triggers_of(one)) for one in world.functions if isinstance(one.name, Known)
    }
    assert triggers == {"good": 1, "open": 1, "image": 1, "scheduled": 2}


def test_a_resource_policy_is_read_as_it_is_sent_and_as_it_is_meant() -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Condition": {"StringLike": {"a": 'b"c'}}}]}
    plain = json.dumps(policy)
    assert json.loads(unescaped(plain)) == policy
    assert json.loads(unescaped(plain.replace("\\", "\\\\").replace('"', '\\"'))) == policy
    assert unescaped('{\\"broken\\') == '{\\"broken\\'


def test_a_region_without_functions_is_asked_for_little() -> None:
    account = Account()
    account.region()
    with running(account) as endpoint:
        assert report(endpoint).functions == ()
        asked = set(endpoint.counts)
    assert not {
        one
        for one in asked
        if one.startswith(("ec2:", "ecr:", "sns:", "events:", "s3:", "sqs:", "cloudfront:"))
    }
    assert asked >= {"lambda:ListFunctions", "apigateway:GetRestApis"}


def test_only_what_the_chosen_controls_need_is_asked(endpoint: Endpoint) -> None:
    before = endpoint.counts
    report(endpoint, controls=("leaked-hostname",))
    asked = {name.partition(":")[0] for name, count in endpoint.counts.items() if count > before[name]}
    assert asked == {"lambda", "route53", "ecr"}
