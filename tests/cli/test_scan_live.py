"""`stockade scan --live` against an endpoint on loopback, spoken to by real clients."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.read.account import policy
from tests.aws.account import Account, allow, document
from tests.aws.ample import ample, permission
from tests.aws.analyzer import analyzer, finding
from tests.aws.endpoint import Endpoint, key_of, running
from tests.aws.trouble import Trouble

OWN, OTHER = "111122223333", "444455556666"
REGION = "us-east-1"
FAST = ("--max-share", "1")


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No configuration and no credentials but those that a test gives."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    return monkeypatch


def log_in(
    surroundings: pytest.MonkeyPatch, endpoint: Endpoint, region: str = REGION, session: bool = False
) -> None:
    surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
    surroundings.setenv("AWS_ACCESS_KEY_ID", f"ASIA{OWN}FAKE" if session else key_of(OWN))
    surroundings.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    if session:
        surroundings.setenv("AWS_SESSION_TOKEN", "token")
    if region:
        surroundings.setenv("AWS_DEFAULT_REGION", region)


def scan(*arguments: str) -> Result:
    outside = Outside(Path(__file__).parent, {"SOURCE_DATE_EPOCH": "1795737600"})
    return CliRunner().invoke(
        app, ["scan", "--live", *arguments], obj=outside, catch_exceptions=False, standalone_mode=False
    )


def report(*arguments: str) -> Any:
    return json.loads(scan("--format", "json", *FAST, *arguments).stdout)


def small(number: str = OWN, *, regions: Sequence[str] = (REGION,), **of_function: Any) -> Account:
    """An account with one function in each region."""
    account = Account(number)
    role = account.role("worker", inline={"reads": document(allow("s3:GetObject", "*"))})
    for region in regions:
        account.region(region).function("orders", role, **of_function)
    return account


def test_accounts_and_regions_are_inputs_in_the_order_they_are_named(
    surroundings: pytest.MonkeyPatch,
) -> None:
    with running(small(regions=(REGION, "eu-west-1")), small(OTHER)) as endpoint:
        log_in(surroundings, endpoint)
        two = report("--region", "eu-west-1", "--region", REGION, "--control", "untraced-function")
        assert [one["path"] for one in two["inputs"]] == [f"{OWN}/eu-west-1", f"{OWN}/{REGION}"]
        assert [one["name"] for one in two["functions"]] == ["orders", "orders"]
        role = f"arn:aws:iam::{OTHER}:role/reader"
        other = report("--role-arn", role, "--control", "untraced-function")
        assert [one["path"] for one in other["inputs"]] == [f"{OTHER}/{REGION}"]
        assert other["functions"][0]["address"].startswith(f"arn:aws:lambda:{REGION}:{OTHER}:")


def test_a_region_that_is_not_enabled_is_skipped_and_a_role_that_is_not_ours_is_a_gap(
    surroundings: pytest.MonkeyPatch,
) -> None:
    with running(small()) as endpoint:
        log_in(surroundings, endpoint)
        stranger = "arn:aws:iam::999988887777:role/reader"
        made = report("--role-arn", stranger, "--control", "untraced-function")
        assert made["functions"] == []
        (gap,) = made["gaps"]
        assert gap["what"] == "`999988887777`"
        assert stranger in gap["reason"]
        assert scan("--role-arn", stranger, "--control", "untraced-function").return_value == 3


def test_requests_that_get_through_name_the_account_and_region(surroundings: pytest.MonkeyPatch) -> None:
    """What only a deployment decides is known of what is deployed."""
    account = Account(OWN)
    role = account.role("wide", inline={"all": document(allow("*", "*"))})
    here = account.region("eu-west-1")
    escalates = document(allow(["iam:PassRole", "ecs:RunTask", "ecs:RegisterTaskDefinition"], "*"))
    here.function("open", role, policy=[permission(here, "open", "*")])
    here.function("tasks", account.role("tasks", inline={"run": escalates}))
    with running(account) as endpoint:
        log_in(surroundings, endpoint)
        made = report("--region", "eu-west-1", "--noise", "audit")
    found = {one["control"]: one["witness"] for one in made["findings"] if one["witness"]}
    assert {"admin-role", "public-invoke", "privilege-escalation"} <= found.keys()
    assert not [one for one in found.values() if "${" in json.dumps(one)]
    arn = f"arn:aws:lambda:eu-west-1:{OWN}:function:open"
    assert found["public-invoke"]["resource"] == arn and arn in found["public-invoke"]["says"]
    assert found["admin-role"]["resource"].startswith(f"arn:aws:iam::{OWN}:")
    witnesses = [one["witness"] for one in made["findings"] if one["witness"]]
    followed = {each["resource"] for one in witnesses for each in one["then"]}
    assert any(one.startswith(f"arn:aws:ecs:eu-west-1:{OWN}:") for one in followed)


def test_what_is_read_of_an_account_goes_to_security_hub_as_of_that_account(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running(
        small(settings={"Runtime": "python3.8"}), trouble=Trouble(denied=frozenset({"lambda:GetPolicy"}))
    ) as endpoint:
        log_in(surroundings, endpoint)
        also = [f"asff={tmp_path / 'asff'}", f"ocsf={tmp_path / 'ocsf'}"]
        made = report("--noise", "audit", *(word for one in also for word in ("--also", one)))
    findings = json.loads((tmp_path / "asff").read_text())
    events = json.loads((tmp_path / "ocsf").read_text())
    assert len(findings) == len(events) == len(made["findings"]) + len(made["gaps"])
    assert {(one["AwsAccountId"], one["Resources"][0]["Region"]) for one in findings} == {(OWN, REGION)}
    assert {(one["cloud"]["account"]["uid"], one["cloud"]["region"]) for one in events} == {(OWN, REGION)}
    arn = f"arn:aws:lambda:{REGION}:{OWN}:function:orders"
    assert arn in {one["Resources"][0]["Id"] for one in findings}
    assert arn in {each["uid"] for one in events for each in one["resources"]}
    assert {one["Compliance"]["Status"] for one in findings} == {"FAILED", "WARNING", "NOT_AVAILABLE"}
    assert {one["compliance"]["status"] for one in events} == {"Fail", "Warning", "Unknown"}


def test_what_is_denied_is_a_gap_that_says_what_it_costs(surroundings: pytest.MonkeyPatch) -> None:
    trouble = Trouble(denied=frozenset({"lambda:GetPolicy"}))
    with running(ample(), trouble=trouble) as endpoint:
        log_in(surroundings, endpoint)
        only = ("--control", "public-invoke", "--noise", "audit")
        made = report(*only)
        (gap,) = [one for one in made["gaps"] if "GetPolicy" in one["what"]]
        assert gap["reason"].startswith("AWS denies it (AccessDeniedException)")
        assert "`lambda:GetPolicy`" in gap["help"] and "`public-invoke`" in gap["help"]
        states = {one["checklist"]["public-invoke"] for one in made["functions"]}
        assert states == {"undecided"}
        assert scan(*only, *FAST).return_value == 3


def test_credentials_that_expire_keep_what_was_read(surroundings: pytest.MonkeyPatch) -> None:
    trouble = Trouble(expire_after=4)
    with running(ample(), trouble=trouble) as endpoint:
        log_in(surroundings, endpoint, session=True)
        ran = scan("--format", "json", *FAST)
        made = json.loads(ran.stdout)
        assert made["functions"]
        (gap,) = [one for one in made["gaps"] if "credentials" in one["reason"]]
        assert "renew the credentials" in gap["help"]
        endpoint_calls = sum(endpoint.counts.values())
        assert endpoint_calls < 60


def test_nothing_secret_is_shown(surroundings: pytest.MonkeyPatch) -> None:
    secret = "kT9vQ2mX7pL4wZ8rB1nC5yH3"
    settings = {
        "Environment": {"Variables": {"DB_PASSWORD": secret, "URL": f"postgres://u:{secret}@db.example.com/x"}},
        "Description": f"uses {secret}",
    }
    with running(small(settings=settings, tags={"note": secret})) as endpoint:
        log_in(surroundings, endpoint)
        ran = scan("--noise", "audit", *FAST)
        assert "`DB_PASSWORD`" in ran.stdout
        assert secret not in ran.stdout + ran.stderr
        assert secret not in scan("--noise", "audit", "--format", "json", *FAST).stdout


def test_code_is_downloaded_where_that_is_asked_for(surroundings: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
        archive.writestr("tests/test_app.py", "assert True\n")
    digest = b64encode(sha256(content.getvalue()).digest()).decode()
    settings = {"CodeSha256": digest, "Runtime": "python3.13", "Handler": "app.handler"}
    account = small()
    codes = {"orders.zip": content.getvalue(), "other.zip": b"another"}
    with running(account, codes=codes) as endpoint:
        here, role = account.region(), f"arn:aws:iam::{OWN}:role/worker"
        here.function("shipped", role, settings=settings, code=f"{endpoint.url}/_code/orders.zip")
        here.function("again", role, settings=settings, code=f"{endpoint.url}/_code/orders.zip")
        wrong = {**settings, "CodeSha256": "another"}
        here.function("swapped", role, settings=wrong, code=f"{endpoint.url}/_code/other.zip")
        log_in(surroundings, endpoint)
        only = ("--control", "dirty-package", "--noise", "audit")
        without = {one["name"]: one["checklist"]["dirty-package"] for one in report(*only)["functions"]}
        assert set(without.values()) == {"undecided"}
        made = report(*only, "--packages")
        states = {one["name"]: one["checklist"]["dirty-package"] for one in made["functions"]}
        assert states["shipped"] == states["again"] == "fails"
        assert states["swapped"] == "undecided"
        assert any("CodeSha256" in one["reason"] for one in made["gaps"])


def test_the_policy_is_of_the_calls_that_go_over_the_wire(surroundings: pytest.MonkeyPatch) -> None:
    made: set[str] = set()
    host = "orders.abc.us-east-1.rds.amazonaws.com"

    def everything() -> Account:
        account = ample()
        own = account.policy("own", document(allow("s3:GetObject", "*")))
        layer = {"Layers": [{"Arn": f"arn:aws:lambda:{REGION}:{OWN}:layer:shared:1"}]}
        settings = {"Environment": {"Variables": {"HOST": host}}, **layer}
        account.region().function("kept", account.role("kept", attached=[own]), settings=settings)
        analyzer(account.region())
        found = {"externalAccessDetails": {"isPublic": True, "condition": {}}}
        finding(account.region(), account.region().arn("lambda", "function:kept"), "ExternalAccess", found)
        return account

    for denied in ((), ("iam:GetAccountAuthorizationDetails", "lambda:ListFunctionUrlConfigs")):
        with running(everything(), trouble=Trouble(denied=frozenset(denied)), check=False) as endpoint:
            log_in(surroundings, endpoint)
            report("--packages", "--access-analyzer")
            made |= endpoint.counts.keys()
    known = {one.name for one in policy.every()}
    assert made <= known
    assert known - made == {"organizations:ListAccounts", "sts:AssumeRole"}


def test_roles_are_the_same_one_by_one(surroundings: pytest.MonkeyPatch) -> None:
    only = ("--noise", "audit")
    found = []
    for denied in ((), ("iam:GetAccountAuthorizationDetails",)):
        with running(ample(), trouble=Trouble(denied=frozenset(denied))) as endpoint:
            log_in(surroundings, endpoint)
            made = report(*only)
            assert made["gaps"] == []
            found.append([(one["control"], one["verdict"], one["message"]) for one in made["findings"]])
    assert sorted(found[0]) == sorted(found[1])
    assert any(control == "wildcard-action" for control, *_ in found[0])


def test_what_only_a_live_account_knows(surroundings: pytest.MonkeyPatch) -> None:
    account = small(settings={"LastModified": "2025-01-01T00:00:00.000+0000"}, reserved=900)
    here, role = account.region(), f"arn:aws:iam::{OWN}:role/worker"
    here.function("fresh", role, settings={"LastModified": "2026-11-20T00:00:00.000+0000"})
    here.function("busy", role, settings={"LastModified": "2025-01-01T00:00:00.000+0000"})
    here.limits(1000, 100, 3)
    results = [{"Id": "m0", "Label": "busy", "Values": [2.0, 1.0], "Timestamps": [], "StatusCode": "Complete"}]
    here.says("cloudwatch:GetMetricData", results)
    with running(account) as endpoint:
        log_in(surroundings, endpoint)
        made = report(
            "--control", "idle-function", "--control", "overcommitted-concurrency", "--noise", "audit"
        )
    states = {one["name"]: one["checklist"] for one in made["functions"]}
    idle = {name: one["idle-function"] for name, one in states.items()}
    assert idle == {"busy": "holds", "fresh": "not-applicable", "orders": "fails"}
    assert states["orders"]["overcommitted-concurrency"] == "fails"
    (said,) = [one["message"] for one in made["findings"] if one["control"] == "overcommitted-concurrency"]
    assert said.startswith("900 of the account's 1,000 are reserved, and 2 others share the 100")


def test_what_a_role_never_used_is_told_where_its_source_is_not_known(
    surroundings: pytest.MonkeyPatch,
) -> None:
    account = Account(OWN)
    statement = allow(["s3:GetObject", "sqs:SendMessage", "logs:PutLogEvents"], "*")
    role = account.role("worker", inline={"reads": document(statement)})
    account.last_accessed(role, {"s3": datetime(2026, 1, 2, tzinfo=UTC), "sqs": None, "logs": None})
    account.region().function("orders", role)
    for denied, verdict in (((), "fails"), (("iam:GetServiceLastAccessedDetails",), "undecided")):
        with running(account, trouble=Trouble(denied=frozenset(denied))) as endpoint:
            log_in(surroundings, endpoint)
            made = report("--control", "unused-permission", "--noise", "audit")
        (found,) = made["findings"]
        assert (found["verdict"], len(made["gaps"])) == (verdict, len(denied))
        if verdict == "fails":
            assert found["message"].endswith("the role has used nothing of `sqs`")
            assert found["evidence"][0]["path"].startswith("GetServiceLastAccessedDetails of arn:aws:iam:")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--region", "eu"), "`eu` is not a region"),
        (("--role-arn", "reader"), "`reader` is not the ARN of a role"),
        (("--organization", "a role"), "`a role` is not the name of a role"),
        (("--max-share", "2"), "2 of a quota cannot be taken"),
        (("--profile", "nobody"), "there is no profile `nobody`"),
        (("src",), "files and a live account are two scans"),
    ],
)
def test_a_wrong_command_reads_nothing(
    surroundings: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    with running(small()) as endpoint:
        log_in(surroundings, endpoint)
        with pytest.raises(UsageError) as caught:
            scan(*arguments)
        assert caught.value.message == message
        assert caught.value.help
        assert not endpoint.counts


def test_without_credentials_or_a_region_nothing_is_scanned(surroundings: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no credentials"):
        scan()
    with running(small()) as endpoint:
        log_in(surroundings, endpoint, region="")
        with pytest.raises(UsageError, match="no region"):
            scan()
        surroundings.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY")
        with pytest.raises(UsageError, match="whose the credentials are"):
            scan("--region", REGION)


def test_live_options_ask_for_live(surroundings: pytest.MonkeyPatch) -> None:
    outside = Outside(Path(__file__).parent, {})
    with pytest.raises(UsageError, match="without `--live`"):
        CliRunner().invoke(
            app, ["scan", "--region", REGION], obj=outside, catch_exceptions=False, standalone_mode=False
        )
