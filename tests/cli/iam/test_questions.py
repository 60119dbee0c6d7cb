"""``stockade iam can``, ``who-can``, ``diff``, ``public`` and ``minimise`` as they are run."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest

from stockade.cli import main

ROOT = Path(__file__).parents[3]
Run: TypeAlias = Callable[..., tuple[int, Any]]

OURS, THEIRS = "111111111111", "222222222222"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


READ = policy(allow("s3:GetObject", "arn:aws:s3:::shop/*"))
READ_ALL = policy(allow("s3:Get*", "arn:aws:s3:::shop/*"))
BUCKET = policy(
    allow("s3:GetObject", "arn:aws:s3:::shop/*", Principal={"AWS": f"arn:aws:iam::{THEIRS}:root"}),
)
OPEN = policy(allow("s3:GetObject", "arn:aws:s3:::shop/*", Principal="*"))
ACCOUNT = {
    "UserDetailList": [
        {
            "UserName": "ann",
            "Arn": f"arn:aws:iam::{OURS}:user/ann",
            "UserPolicyList": [],
            "GroupList": ["writers"],
            "AttachedManagedPolicies": [],
        }
    ],
    "GroupDetailList": [
        {
            "GroupName": "writers",
            "Arn": f"arn:aws:iam::{OURS}:group/writers",
            "GroupPolicyList": [{"PolicyName": "write", "PolicyDocument": policy(allow("s3:PutObject"))}],
            "AttachedManagedPolicies": [],
        }
    ],
    "RoleDetailList": [
        {
            "RoleName": "worker",
            "Arn": f"arn:aws:iam::{OURS}:role/worker",
            "AssumeRolePolicyDocument": policy(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            ),
            "RolePolicyList": [],
            "AttachedManagedPolicies": [
                {
                    "PolicyName": "AdministratorAccess",
                    "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
                }
            ],
            "PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{OURS}:policy/limit"},
        }
    ],
    "Policies": [
        {
            "PolicyName": "limit",
            "Arn": f"arn:aws:iam::{OURS}:policy/limit",
            "PolicyVersionList": [{"IsDefaultVersion": True, "Document": policy(allow("sqs:*"))}],
        }
    ],
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, content in (
        ("read", READ),
        ("all", READ_ALL),
        ("bucket", BUCKET),
        ("open", OPEN),
        ("account", ACCOUNT),
    ):
        Path(f"{name}.json").write_text(json.dumps(content, indent=2))


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Run:
    """The exit status and the JSON of a command, held to its schema."""

    def run(command: str, *arguments: str) -> tuple[int, Any]:
        status = main(["iam", command, *arguments, "--format", "json"])
        printed = json.loads(capsys.readouterr().out)
        schema = json.loads((ROOT / "docs" / "schema" / f"iam-{command}-1.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(printed)
        return status, printed

    return run


def test_no_new_access_is_proved(ran: Run) -> None:
    status, printed = ran("diff", "all.json", "read.json")
    assert (status, printed["answer"], printed["witness"]) == (0, "proved", None)


def test_new_access_is_shown_with_its_line(ran: Run) -> None:
    status, printed = ran("diff", "read.json", "all.json")
    assert (status, printed["answer"]) == (1, "witness")
    assert printed["witness"]["action"].startswith("s3:Get")
    assert printed["witness"]["action"] != "s3:GetObject"
    assert printed["deciding"] == [
        {"policy": "policy", "document": 0, "statement": 0, "sid": None, "path": "all.json", "line": 4}
    ]


def test_every_principal_of_two_accounts_is_compared(ran: Run) -> None:
    wider = json.loads(json.dumps(ACCOUNT))
    wider["Policies"][0]["PolicyVersionList"][0]["Document"] = policy(allow(["sqs:*", "sns:*"]))
    Path("wider.json").write_text(json.dumps(wider))
    status, printed = ran("diff", "account.json", "wider.json")
    assert status == 1
    answers = {name: one["answer"] for name, one in printed["owners"].items()}
    assert answers[f"arn:aws:iam::{OURS}:role/worker"] == "witness"
    assert answers[f"arn:aws:iam::{OURS}:user/ann"] == "proved"
    assert printed["witness"]["action"].startswith("sns:")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("read.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::shop/a"), "ALLOW"),
        (("read.json", "--action", "s3:PutObject", "--resource", "arn:aws:s3:::shop/a"), "DENY"),
        (
            ("account.json", "--principal", f"arn:aws:iam::{OURS}:role/worker", "--action", "sqs:ListQueues"),
            "ALLOW",
        ),
        (
            ("account.json", "--principal", f"arn:aws:iam::{OURS}:role/worker", "--action", "s3:PutObject"),
            "DENY",
        ),
        (("account.json", "--principal", f"arn:aws:iam::{OURS}:user/ann", "--action", "s3:PutObject"), "ALLOW"),
    ],
)
def test_one_request_is_decided(ran: Run, arguments: tuple[str, ...], answer: str) -> None:
    status, printed = ran("can", *arguments)
    assert printed["answer"] == answer
    assert status == {"ALLOW": 0, "DENY": 1}[answer]


def test_what_is_not_known_of_a_request_leaves_it_open(ran: Run) -> None:
    Path("net.json").write_text(
        json.dumps(policy(allow("s3:GetObject", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})))
    )
    asked = ("net.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::shop/a")
    status, printed = ran("can", *asked)
    assert (status, printed["answer"]) == (3, "UNDECIDED")
    assert printed["undecided"] == ["the value of `aws:SourceIp` in the request"]
    assert ran("can", *asked, "--context", "aws:SourceIp=203.0.113.9")[1]["answer"] == "ALLOW"
    assert ran("can", *asked, "--context", "aws:SourceIp=198.51.100.1")[1]["answer"] == "DENY"
    assert ran("can", *asked, "--context", "aws:SourceIp=")[1]["answer"] == "DENY"
    assert ran("can", *asked, "--complete")[1]["answer"] == "DENY"


def test_a_boundary_and_control_policies_count(ran: Run) -> None:
    Path("limit.json").write_text(json.dumps(policy(allow("sqs:*"))))
    asked = ("read.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::shop/a")
    for option in ("--boundary", "--session", "--scp"):
        assert ran("can", *asked, option, "limit.json")[1]["answer"] == "DENY", option
        assert ran("can", *asked, option, "all.json")[1]["answer"] == "ALLOW", option


def test_who_can_lists_users_and_roles_with_a_request_of_theirs(ran: Run) -> None:
    status, printed = ran("who-can", "account.json", "--action", "s3:PutObject", "--all")
    answers = {one["principal"]: one["answer"] for one in printed["principals"]}
    assert status == 0
    assert answers == {f"arn:aws:iam::{OURS}:user/ann": "witness", f"arn:aws:iam::{OURS}:role/worker": "proved"}


def test_who_can_asks_resource_policies_too(ran: Run) -> None:
    _, printed = ran("who-can", "open.json", "--action", "s3:GetObject")
    assert "anyone with any AWS account" in [one["principal"] for one in printed["principals"]]
    _, printed = ran("who-can", "bucket.json", "--action", "s3:GetObject")
    assert {one["principal"] for one in printed["principals"]} == {
        f"whoever account {THEIRS} lets",
        f"`arn:aws:iam::{THEIRS}:root`",
    }


def test_the_public_is_kept_out_or_shown(ran: Run) -> None:
    assert ran("public", "bucket.json")[0] == 0
    status, printed = ran("public", "open.json")
    assert (status, printed["witness"]["action"]) == (1, "s3:GetObject")
    status, printed = ran("public", "bucket.json", "--account", OURS)
    assert status == 1
    assert THEIRS in printed["witness"]["principal"]
    assert ran("public", "bucket.json", "--account", THEIRS)[0] == 0


def test_minimising_keeps_what_is_granted(ran: Run) -> None:
    Path("wordy.json").write_text(
        json.dumps(policy(allow(["s3:GetObject", "s3:Get*"], "arn:aws:s3:::shop/*"), READ["Statement"][0]))
    )
    _, printed = ran("minimise", "wordy.json")
    (entry,) = printed["documents"]
    assert [one["Action"] for one in entry["policy"]["Statement"]] in (["s3:Get*"], [["s3:Get*"]])
    assert entry["notes"]
    Path("less.json").write_text(json.dumps(entry["policy"]))
    assert ran("diff", "wordy.json", "less.json")[1]["answer"] == "proved"
    assert ran("diff", "less.json", "wordy.json")[1]["answer"] == "proved"


def test_standard_input_is_a_file(ran: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(READ).encode())))
    assert ran("diff", "all.json", "-")[1]["answer"] == "proved"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "read.json", "none.json"), "there is no file `none.json`"),
        (("diff", "read.json", "broken.json"), "broken.json:2"),
        (("public", "read.json"), "no resource-based policy in `read.json`"),
        (
            ("can", "account.json", "--principal", "arn:aws:iam::111111111111:role/wroker", "--action", "s3:x"),
            "did you mean",
        ),
        (
            ("can", "read.json", "--action", "s3:GetObject", "--context", "nonsense"),
            "is no context key and value",
        ),
        (("nonsense",), "no such command"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken.json").write_text('{\n"Version": nonsense\n}')
    assert main(["iam", *arguments]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert not printed.out


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("diff", "all.json", "read.json"), "no new access: everything it allows was allowed before"),
        (("diff", "read.json", "all.json"), "new access: the caller can call `s3:Get"),
        (("can", "read.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::shop/a"), "ALLOW: "),
        (("public", "open.json"), "public: anyone with any AWS account can call `s3:GetObject` on"),
        (("who-can", "open.json", "--action", "s3:GetObject"), "anyone with any AWS account"),
    ],
)
def test_people_read_a_sentence_first(
    arguments: tuple[str, ...], first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["iam", *arguments])
    assert capsys.readouterr().out.startswith(first)
