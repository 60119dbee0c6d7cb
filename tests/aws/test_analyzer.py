"""`--access-analyzer`: AWS's answers beside ours, cited where they are the same, told where they are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from tests.aws.account import Account, allow, document
from tests.aws.ample import permission
from tests.aws.analyzer import analyzer, finding
from tests.aws.endpoint import Endpoint, key_of, running
from tests.aws.scanning import LOADER
from tests.aws.trouble import Trouble

OWN, REGION = "111122223333", "us-east-1"
SAME = "IAM Access Analyzer says the same"
BILLED = ("accessanalyzer:CheckNoPublicAccess", "accessanalyzer:CheckAccessNotGranted")


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_of(OWN))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr("botocore.session.create_loader", lambda *_: LOADER)  # its models are read once
    yield monkeypatch


def run(here: Path, *arguments: str) -> Result:
    outside = Outside(here, {"SOURCE_DATE_EPOCH": "1795737600"})
    return CliRunner().invoke(
        app, ["scan", *arguments], obj=outside, catch_exceptions=False, standalone_mode=False
    )


def live(endpoint: Endpoint, surroundings: pytest.MonkeyPatch, *more: str) -> Any:
    surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
    arguments = ("--live", "--access-analyzer", "--format", "json", "--max-share", "1", *more)
    return json.loads(run(Path("/"), *arguments).stdout)


def account() -> Account:
    """Two functions: one that anybody may invoke and that may do anything, one that is as it should be."""
    made = Account(OWN)
    here = made.region()
    here.function(
        "open",
        made.role("wide", inline={"all": document(allow("*", "*"))}),
        policy=[permission(here, "open", "*")],
    )
    topic = here.arn("sns", "news")
    own = document(allow("s3:GetObject", "arn:aws:s3:::uploads/*"))
    here.function(
        "tight",
        made.role("narrow", inline={"own": own}),
        policy=[permission(here, "tight", {"Service": "sns.amazonaws.com"}, topic)],
    )
    return made


def notices(made: Any) -> list[str]:
    return [one["message"] for one in made["notices"] if one["kind"] == "differs"]


def cited(made: Any, control: str, note: str = SAME) -> list[str]:
    """The names of the answers that findings of a control cite."""
    return [
        place["path"].partition(" ")[0]
        for one in made["findings"]
        if one["control"] == control
        for place in one["evidence"]
        if place["note"].startswith(note)
    ]


def test_the_same_answers_are_cited_beside_ours(surroundings: pytest.MonkeyPatch) -> None:
    of = account()
    analyzer(of.region())
    with running(of) as endpoint:
        made = live(endpoint, surroundings, "--control", "public-invoke", "--control", "admin-role")
        billed = sum(endpoint.counts[name] for name in BILLED)
    assert notices(made) == []
    assert cited(made, "public-invoke") == ["CheckNoPublicAccess"]
    assert "CheckAccessNotGranted" in cited(made, "admin-role")
    second = made["analyzer"]
    assert second["agrees"] == 3 and not second["differs"] and not second["unanswered"]
    assert second["billed"] == billed == 3
    shown = [one for one in made["functions"] if one["name"] == "tight"]
    assert shown[0]["checklist"]["public-invoke"] == "holds"


def test_without_the_flag_nothing_is_asked(surroundings: pytest.MonkeyPatch) -> None:
    of = account()
    analyzer(of.region())
    with running(of) as endpoint:
        surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
        made = json.loads(run(Path("/"), "--live", "--format", "json", "--max-share", "1").stdout)
        assert not [name for name in endpoint.counts if name.startswith("accessanalyzer:")]
    assert "analyzer" not in made


@pytest.mark.parametrize("says", [True, False])
def test_another_answer_is_told_with_ours_and_changes_none(
    surroundings: pytest.MonkeyPatch, says: bool
) -> None:
    of = account()
    analyzer(of.region(), public=says)
    with running(of) as endpoint:
        made = live(endpoint, surroundings, "--control", "public-invoke")
    states = {one["name"]: one["checklist"]["public-invoke"] for one in made["functions"]}
    assert states == {"open": "fails", "tight": "holds"}
    (told,) = notices(made)
    if says:
        assert (
            "function:tight`: `public-invoke` holds, and IAM Access Analyzer says that the policy can let"
            in told
        )
    else:
        assert (
            "function:open`: `public-invoke` fails, and IAM Access Analyzer says that the policy is not" in told
        )
        assert cited(made, "public-invoke", "IAM Access Analyzer says: the policy is not public")
    assert (made["analyzer"]["agrees"], made["analyzer"]["differs"]) == (1, 1)
    (notice,) = [one for one in made["notices"] if one["kind"] == "differs"]
    assert notice["evidence"][0]["path"].startswith("CheckNoPublicAccess of ")


def test_a_witness_that_no_policy_grants_is_told(surroundings: pytest.MonkeyPatch) -> None:
    of = account()
    analyzer(of.region(), granted=False)
    with running(of) as endpoint:
        made = live(endpoint, surroundings, "--control", "admin-role")
    (told,) = notices(made)
    assert "`admin-role` fails" in told and "no policy of the role grants" in told


def test_validation_by_codes(surroundings: pytest.MonkeyPatch) -> None:
    of = account()
    here = of.region()
    wrong = document(allow("s3:GetObjects", "arn:aws:s3:::a/*"))
    odd = document(allow("s3:GetObject", "arn:aws:s3:::odd/*"))
    here.function("wrong", of.role("mistaken", inline={"own": wrong, "odd": odd}))
    codes = {
        "GetObjects": ("INVALID_ACTION", "ERROR"),
        "odd": ("A_CODE_OF_TOMORROW", "WARNING"),
        "uploads": ("INVALID_SERVICE_IN_ACTION", "ERROR"),
    }
    analyzer(here, codes=codes)
    with running(of) as endpoint:
        made = live(endpoint, surroundings, "--control", "invalid-policy")
    assert cited(made, "invalid-policy") == ["ValidatePolicy"]
    told = notices(made)
    assert [one for one in told if "A_CODE_OF_TOMORROW`, a code that is not decided offline" in one]
    assert [one for one in told if "narrow" in one and "`INVALID_SERVICE_IN_ACTION`" in one]
    analyzer(here, codes={})
    with running(of) as endpoint:
        made = live(endpoint, surroundings, "--control", "invalid-policy")
    (told_,) = [one for one in notices(made) if "INVALID_ACTION" in one]
    assert "`invalid-policy` says `INVALID_ACTION` of it, and IAM Access Analyzer does not" in told_


def test_findings_that_analyzers_have(surroundings: pytest.MonkeyPatch) -> None:
    of = account()
    here = of.region()
    analyzer(here)
    access = {"isPublic": True, "principal": {"AWS": "*"}, "condition": {}, "action": ["lambda:InvokeFunction"]}
    finding(here, here.arn("lambda", "function:open"), "ExternalAccess", {"externalAccessDetails": access})
    foreign = {**access, "isPublic": False, "principal": {"AWS": "999988887777"}}
    finding(
        here,
        here.arn("lambda", "function:tight"),
        "ExternalAccess",
        {"externalAccessDetails": foreign},
        status="ARCHIVED",
    )
    finding(here, f"arn:aws:iam::{OWN}:role/narrow", "ExternalAccess", {"externalAccessDetails": foreign})
    unused = {"serviceNamespace": "s3", "actions": []}
    finding(here, f"arn:aws:iam::{OWN}:role/narrow", "UnusedPermission", {"unusedPermissionDetails": unused})
    finding(here, f"arn:aws:iam::{OWN}:role/unknown", "ExternalAccess", {"externalAccessDetails": foreign})
    with running(of) as endpoint:
        made = live(endpoint, surroundings)
        assert endpoint.counts["accessanalyzer:GetFindingV2"] == 4
    assert "GetFindingV2" in cited(made, "public-invoke")
    told = notices(made)
    assert [one for one in told if "`cross-account-invoke`" in one and "(archived)" in one]
    assert [
        one for one in told if "`foreign-trust` holds" in one and "`999988887777` may assume the role" in one
    ]
    (one,) = [one for one in told if "`unused-permission`" in one]
    assert "is undecided" in one and "permissions for `s3` were not used" in one


@pytest.mark.parametrize("what", ["denied", "throttled", "failing"])
def test_what_is_not_answered_is_a_gap(surroundings: pytest.MonkeyPatch, what: str) -> None:
    of = account()
    analyzer(of.region())
    calls = frozenset({"accessanalyzer:CheckNoPublicAccess", "accessanalyzer:ListAnalyzers"})
    if what == "denied":
        trouble = Trouble(denied=calls)
    else:
        share = 1.0 if what == "throttled" else 0.0
        trouble = Trouble(only=calls, times=10**6, throttled=share, failing=1.0 - share)
    surroundings.setenv("AWS_MAX_ATTEMPTS", "1")
    surroundings.setattr("stockade.read.account.session._ATTEMPTS", 1)
    with running(of, trouble=trouble) as endpoint:
        made = live(endpoint, surroundings, "--control", "public-invoke")
        assert (
            run(
                Path("/"),
                "--live",
                "--access-analyzer",
                "--control",
                "public-invoke",
                "--fail-on",
                "never",
                "--max-share",
                "1",
            ).return_value
            == 3
        )
    gaps = {one["what"].partition("`")[2].partition("`")[0]: one for one in made["gaps"]}
    assert set(gaps) == calls
    word = {"denied": "denies", "throttled": "throttled", "failing": "ServiceException"}[what]
    assert all(word in one["reason"] for one in gaps.values())
    if what == "denied":
        assert "`access-analyzer:CheckNoPublicAccess`" in gaps["accessanalyzer:CheckNoPublicAccess"]["help"]
    assert made["analyzer"]["unanswered"] == 2 and notices(made) == []
    states = {one["name"]: one["checklist"]["public-invoke"] for one in made["functions"]}
    assert states == {"open": "fails", "tight": "holds"}


PROJECT = """
data "aws_caller_identity" "current" {}

resource "aws_iam_role" "open" {
  name               = "open"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "own" {
  role   = aws_iam_role.open.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = aws_s3_bucket.b.arn }]
  })
}

resource "aws_s3_bucket" "b" {}

resource "aws_lambda_function" "open" {
  function_name = "open"
  role          = aws_iam_role.open.arn
  filename      = "a.zip"
  handler       = "a.b"
  runtime       = "python3.13"
}

resource "aws_lambda_permission" "everybody" {
  function_name = aws_lambda_function.open.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
}

resource "aws_lambda_permission" "topic" {
  function_name  = aws_lambda_function.open.function_name
  action         = "lambda:InvokeFunction"
  principal      = "sns.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}
"""


def test_of_files_it_is_asked_by_a_profile(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PROJECT)
    of = account()
    asked: list[Any] = []
    analyzer(of.region())
    check = of.region().book.answer_of("accessanalyzer:CheckNoPublicAccess")

    def kept(each: Any) -> Any:
        asked.append(each)
        return check(each)

    of.region().says("accessanalyzer:CheckNoPublicAccess", kept)
    with running(of) as endpoint:
        surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
        ran = run(tmp_path, "--access-analyzer", "--region", REGION, "--format", "json")
        made = json.loads(ran.stdout)
        assert set(endpoint.counts) <= {
            "sts:GetCallerIdentity",
            "accessanalyzer:ListAnalyzers",
            "accessanalyzer:ValidatePolicy",
            *BILLED,
        }
        sent = [json.loads(one["policyDocument"]) for one in asked if "Function" in one["resourceType"]]
        text = run(tmp_path, "--access-analyzer", "--region", REGION).stdout
    assert cited(made, "public-invoke") == ["CheckNoPublicAccess"]
    (function,) = sent
    first, second = sorted(function["Statement"], key=lambda one: str(one["Principal"]))
    assert first["Principal"] == "*" or second["Principal"] == "*"
    assert {one["Resource"] for one in function["Statement"]} == {
        f"arn:aws:lambda:{REGION}:{OWN}:function:open"
    }
    conditions = [one["Condition"] for one in function["Statement"] if "Condition" in one]
    assert conditions == [{"StringEquals": {"AWS:SourceAccount": OWN}}]
    assert made["analyzer"]["unasked"] == {"a part of it is known only after deployment": 1}
    assert "IAM Access Analyzer" in text and "policies not sent since a part of it" in " ".join(text.split())


def test_what_cannot_be_meant(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PROJECT)
    with running(account()) as endpoint:
        surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
        with pytest.raises(UsageError, match="about files one account and region is asked"):
            run(tmp_path, "--access-analyzer", "--region", REGION, "--region", "eu-west-1")
        with pytest.raises(UsageError, match="nothing live is scanned"):
            run(tmp_path, "--profile", "x")
        surroundings.delenv("AWS_ACCESS_KEY_ID")
        with pytest.raises(UsageError, match="no credentials"):
            run(tmp_path, "--access-analyzer", "--region", REGION)
