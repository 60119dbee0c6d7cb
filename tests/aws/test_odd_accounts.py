"""Accounts as nobody draws them: empty, shut, half deleted, with long names and with policies that are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from stockade.control import State, Undecided
from stockade.errors import UsageError
from stockade.read.account import policy, session
from stockade.report import Report
from tests.aws.account import THEN, Account, allow, document
from tests.aws.ample import ample, permission
from tests.aws.endpoint import running
from tests.aws.scanning import report
from tests.aws.test_asked import messages, states
from tests.aws.trouble import Trouble
from tests.cli.test_scan_live import FAST, OTHER, OWN, REGION, log_in, scan, small
from tests.cli.test_scan_live import report as ran
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name


def answers(of: Report) -> dict[str, dict[str, State]]:
    """What every control says, by function."""
    return {str(one.name): dict(one.checklist) for one in of.functions}


def test_an_empty_account_has_nothing_to_say(surroundings: pytest.MonkeyPatch) -> None:
    made = Account(OWN)
    made.region()
    with running(made) as endpoint:
        log_in(surroundings, endpoint)
        told = scan(*FAST)
    assert told.return_value == 0
    assert "0 functions in 0 resources" in told.stdout and "There are no Lambda functions here." in told.stdout


@pytest.mark.parametrize("lists", [False, True], ids=["nothing", "names alone"])
def test_who_may_ask_nothing_gets_one_gap_that_names_every_call(
    surroundings: pytest.MonkeyPatch, lists: bool
) -> None:
    allowed = {"sts:GetCallerIdentity", *(("lambda:ListFunctions",) if lists else ())}
    trouble = Trouble(denied=frozenset(one.name for one in policy.every() if one.name not in allowed))
    with running(ample(), trouble=trouble, check=False) as endpoint:
        log_in(surroundings, endpoint)
        told = scan("--format", "json", "--control", "public-invoke", "--control", "admin-role", *FAST)
        made = json.loads(told.stdout)
        whole = ran("--noise", "audit")
        asked = set(endpoint.counts) - allowed
    assert told.return_value == 3, "nothing fails, and nothing was read"
    for one in made["functions"]:
        assert set(one["checklist"].values()) == {"undecided"}
    (gap,) = whole["gaps"]
    assert gap["reason"] == "AWS denies all of them"
    instead = {"iam:GetAccountAuthorizationDetails", "lambda:ListFunctionUrlConfigs"}  # another call is told
    assert {name for name in asked - instead if f"`{name}`" not in gap["what"]} == set()
    assert "docs/live/policy.json" in gap["help"] and "controls may be undecided" in gap["help"]
    assert len(whole["functions"]) == (4 if lists else 0)


def test_a_function_that_is_deleted_while_it_is_read_is_gone_and_no_gap() -> None:
    made = small()
    made.region().function("doomed", f"arn:aws:iam::{OWN}:role/worker", policy=[], aliases={"live": "1"})
    book = made.region().book
    for call in ("lambda:GetFunction", "lambda:ListAliases", "lambda:ListFunctionUrlConfigs"):
        book.forgets(call, FunctionName="doomed")
    for call in ("lambda:GetFunctionRecursionConfig", "lambda:GetRuntimeManagementConfig"):
        book.forgets(call, FunctionName="doomed")
    with running(made) as endpoint:
        found = report(endpoint)
    assert {one.name for one in found.functions} == {"orders"}
    assert found.gaps == ()
    assert not [one for one in found.findings if "doomed" in one.address]


def test_functions_that_cannot_run_and_names_at_the_limit_are_read_as_any() -> None:
    longest = "f-_" + "9" * 61
    alias = "a" * 128
    made = Account(OWN)
    role = made.role("r" * 64, path="/" + "p" * 200 + "/", inline={"own": document(allow("*", "*"))})
    here = made.region()
    arn = here.arn("lambda", f"function:{longest}")
    image = {"PackageType": "Image", "Runtime": None, "Handler": None}
    unable: dict[str, dict[str, str | None]] = {
        longest: {"State": "Failed", "StateReason": "r", "StateReasonCode": "InvalidImage", **image},
        "asleep": {"State": "Inactive", "StateReasonCode": "Idle"},
        "pending": {"State": "Pending", "LastUpdateStatus": "InProgress"},
    }
    for name, settings in unable.items():
        kept = {key: one for key, one in settings.items() if one is not None}
        here.function(name, role, settings=kept, policy=[permission(here, name, "*")])
        known = here.book.answer_of("lambda:GetFunction", FunctionName=name)["Configuration"]
        known.update(kept)
        for listing in ({}, {"FunctionVersion": "ALL"}):
            for one in here.book.answer_of("lambda:ListFunctions", **listing):
                if one["FunctionName"] == name and settings.get("PackageType"):
                    del one["Runtime"], one["Handler"]
    pointed = {"AliasArn": f"{arn}:{alias}", "Name": alias, "FunctionVersion": "1", "Description": ""}
    here.adds("lambda:ListAliases", pointed, FunctionName=longest)
    here.says(
        "lambda:GetPolicy",
        {"Policy": json.dumps({"Statement": [permission(here, f"{longest}:{alias}", "*")]}), "RevisionId": "r"},
        FunctionName=longest,
        Qualifier=alias,
    )
    with running(made) as endpoint:
        found = report(endpoint, controls=("public-invoke", "admin-role"))
    assert found.gaps == ()
    assert set(states(found, "public-invoke").values()) == {"fails"}
    assert set(states(found, "admin-role").values()) == {"fails"}
    assert len(states(found, "admin-role")) == 3
    assert any(alias in one.address for one in found.findings if one.control == "public-invoke")


@pytest.mark.parametrize(
    "text",
    [
        "no policy at all",
        "[]",
        '"*"',
        "null",
        '{"Statement": "x"}',
        '{"Statement": [{"Effect": "Allow"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*"}], "Statement": []}',
    ],
)
def test_a_policy_that_is_none_lets_nobody_pass_in_silence(text: str) -> None:
    made = small()
    made.region().says(
        "lambda:GetPolicy", {"Policy": text, "RevisionId": "r"}, FunctionName="orders", Qualifier=None
    )
    with running(made) as endpoint:
        found = report(endpoint, controls=("public-invoke", "cross-account-invoke"))
    for control in ("public-invoke", "cross-account-invoke"):
        assert states(found, control) == {"orders": "undecided"}, (text, control)


def test_of_more_principals_than_are_read_it_is_said_that_there_are_more() -> None:
    """The one that matters is the last of them."""
    made = small()
    here = made.region()
    own = [f"arn:aws:iam::{OWN}:role/r{number}" for number in range(600)]
    statement = permission(here, "orders", {"AWS": [*own, "arn:aws:iam::999988887777:root"]})
    made.region().says(
        "lambda:GetPolicy",
        {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "RevisionId": "r"},
        FunctionName="orders",
        Qualifier=None,
    )
    with running(made) as endpoint:
        found = report(endpoint, controls=("cross-account-invoke",))
    assert states(found, "cross-account-invoke") == {"orders": "undecided"}
    said = {
        one.outcome.because.reason
        for one in found.findings
        if isinstance(one.outcome, Undecided) and "principal" not in one.address
    }
    assert said == {"the statement comes to more than the 500 permissions that are read"}


@pytest.mark.parametrize("qualifier", ["$LATEST.PUBLISHED", "7", "live"])
def test_every_qualifier_is_asked_for_its_own_policy(qualifier: str) -> None:
    made = Account(OWN)
    here = made.region()
    stranger = permission(here, f"orders:{qualifier}", {"AWS": "arn:aws:iam::999988887777:root"})
    provider = {"CapacityProviderArn": here.arn("lambda", "capacity-provider:p")}
    providers = {"LambdaManagedInstancesCapacityProviderConfig": provider}
    here.function(
        "orders",
        made.role("worker"),
        settings={"CapacityProviderConfig": providers} if qualifier.startswith("$") else {},
        aliases={"live": "7"},
        versions=["7"],
        qualified={qualifier: [stranger]},
    )
    with running(made) as endpoint:
        found = report(endpoint, controls=("cross-account-invoke",))
    assert found.gaps == ()
    assert states(found, "cross-account-invoke") == {"orders": "fails"}


# ------------------------------------------------------------------------------- what IAM is slow to say


def reported(*pages: Mapping[str, Any]) -> Account:
    """An account whose one role has a report that is answered so, one answer after the other."""
    made = Account(OWN)
    role = made.role("worker", inline={"own": document(allow(["s3:GetObject", "sqs:SendMessage"], "*"))})
    (detail,) = made.book.answer_of("iam:GetAccountAuthorizationDetails")["RoleDetailList"]
    detail["CreateDate"] = datetime(2024, 1, 2, tzinfo=UTC)  # long enough ago to say something
    made.last_accessed(role, {"s3": datetime(2026, 1, 2, tzinfo=UTC), "sqs": None})
    made.region().function("orders", role)
    job = made.book.answer_of("iam:GenerateServiceLastAccessedDetails", Arn=role)["JobId"]
    done = made.book.answer_of("iam:GetServiceLastAccessedDetails", JobId=job)
    left = [*pages, done]

    def next_one(_: Mapping[str, Any]) -> Mapping[str, Any]:
        now: Mapping[str, Any] = left.pop(0) if len(left) > 1 else left[0]
        return now

    made.says("iam:GetServiceLastAccessedDetails", next_one, JobId=job)
    return made


_EMPTY: Mapping[str, Any] = {"JobCreationDate": THEN, "JobCompletionDate": THEN, "ServicesLastAccessed": []}
_SLOW: Mapping[str, Any] = {**_EMPTY, "JobStatus": "IN_PROGRESS"}


@pytest.mark.parametrize(
    ("pages", "wanted", "gaps"),
    [
        pytest.param([_SLOW], "fails", 0, id="slow"),
        pytest.param([{**_EMPTY, "JobStatus": "FAILED"}], "undecided", 1, id="fails"),
        pytest.param([_SLOW] * 20, "undecided", 1, id="never"),
    ],
)
def test_a_report_that_is_slow_is_waited_for_and_one_that_does_not_come_is_a_gap(
    monkeypatch: pytest.MonkeyPatch, pages: list[Mapping[str, Any]], wanted: str, gaps: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("tests.aws.scanning.time.sleep", slept.append)
    with running(reported(*pages)) as endpoint:
        found = report(endpoint, controls=("unused-permission",))
    assert states(found, "unused-permission") == {"orders": wanted}
    assert [one.reason.partition(";")[0] for one in found.gaps] == ["IAM did not finish the report"] * gaps
    assert slept.count(1) == sum(one is _SLOW for one in pages) - (len(pages) == 20)


# -------------------------------------------------------------------------------- before and around


def test_a_url_behind_cloudfront_is_let_in_by_its_distribution_alone() -> None:
    made = Account(OWN)
    here = made.region()
    role = made.role("worker")
    source = f"arn:aws:cloudfront::{OWN}:distribution/E1"
    for name, condition in {"fronted": source, "open": ""}.items():
        cloudfront = {"Service": "cloudfront.amazonaws.com"}
        statement = {**permission(here, name, cloudfront, condition), "Action": "lambda:InvokeFunctionUrl"}
        here.function(name, role, policy=[statement], urls={"": {"AuthType": "AWS_IAM"}})
    with running(made) as endpoint:
        found = report(endpoint, controls=("public-function-url", "public-invoke", "unscoped-invoker"))
    assert states(found, "public-function-url") == {"fronted": "holds", "open": "holds"}
    assert states(found, "unscoped-invoker") == {"fronted": "holds", "open": "fails"}


@pytest.mark.parametrize("call", ["apigateway:GetAuthorizers", "apigatewayv2:GetAuthorizers"])
def test_an_authorizer_that_was_not_read_is_not_said_to_be_there(call: str) -> None:
    only = ("unauthenticated-api",)
    with running(ample(), trouble=Trouble(denied=frozenset({call}))) as endpoint:
        found = report(endpoint, controls=only)
    told = messages(found, "unauthenticated-api")
    assert told and not [one for one in told if "#authorizers" in one]
    assert not [one for one in found.findings if one.fix and "#authorizers" in one.fix.title]


# ----------------------------------------------------------------------------------------- credentials


def test_a_role_that_asks_for_an_external_id_is_given_it(surroundings: pytest.MonkeyPatch) -> None:
    asks = small(OTHER)
    asks.external_id = "stockade-4711"
    role = ("--role-arn", f"arn:aws:iam::{OTHER}:role/reader", "--control", "untraced-function")
    with running(small(), asks) as endpoint:
        log_in(surroundings, endpoint)
        without = ran(*role)
        made = ran(*role, "--external-id", "stockade-4711")
    assert [one["what"] for one in without["gaps"]] == [f"`{OTHER}`"]
    assert (made["gaps"], [one["path"] for one in made["inputs"]]) == ([], [f"{OTHER}/{REGION}"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--external-id", "abc"), "for roles that are assumed"),
        (("--external-id", "a b", "--role-arn", f"arn:aws:iam::{OTHER}:role/r"), "not an external ID"),
    ],
)
def test_an_external_id_that_is_none(
    surroundings: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    with running(small()) as endpoint:
        log_in(surroundings, endpoint)
        with pytest.raises(UsageError, match=message):
            scan(*arguments)
        assert not endpoint.counts


@pytest.mark.parametrize("own", ["eu-west-1", "cn-north-1", "us-gov-west-1"])
def test_all_regions_are_those_that_the_credentials_are_for(surroundings: pytest.MonkeyPatch, own: str) -> None:
    surroundings.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    surroundings.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    surroundings.setenv("AWS_DEFAULT_REGION", own)
    regions = session.regions_of(session.Wanted(regions=("all",)), session.begun(None))
    assert own in regions and len(regions) > 1
    kinds = {"cn" if one.startswith("cn-") else "gov" if "-gov-" in one else "usual" for one in regions}
    assert kinds == {"cn" if own.startswith("cn-") else "gov" if "-gov-" in own else "usual"}


@pytest.mark.parametrize("kind", ["sso_session = corp", "sso_start_url = https://corp.example.com/start"])
def test_single_sign_on_that_has_ended_is_said_so(
    surroundings: pytest.MonkeyPatch, tmp_path: Any, kind: str
) -> None:
    lines = [
        "[profile audit]",
        kind,
        "sso_account_id = 111122223333",
        "sso_role_name = r",
        "region = us-east-1",
    ]
    lines += ["sso_region = us-east-1"] if "url" in kind else []
    lines += ["[sso-session corp]", "sso_start_url = https://corp.example.com/start", "sso_region = us-east-1"]
    (tmp_path / "config").write_text("\n".join(lines))
    surroundings.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    surroundings.setenv("HOME", str(tmp_path))
    with pytest.raises(UsageError, match="single sign-on has expired") as caught:
        scan("--profile", "audit")
    assert caught.value.help and "aws sso login" in caught.value.help
