"""``stockade iam validate`` as it is run: files in, findings with their lines, an exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.cli import main

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "iam-validate-1.json").read_text())

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "arn:aws:s3:::a/*"}],
}
FINE: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Resource": "*",
        }
    ],
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def wrote(name: str, content: Any) -> str:
    """A file of the current directory with JSON, with text or with bytes."""
    if not isinstance(content, str | bytes):
        content = json.dumps(content, indent=2)
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def ran(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    """The exit status and the JSON that was printed, which follows its schema."""
    status = main(["iam", "validate", "--format", "json", *arguments])
    out = capsys.readouterr().out
    printed = json.loads(out) if out else None
    if printed is not None:
        assert out.isascii()
        jsonschema.validate(printed, SCHEMA, format_checker=jsonschema.FormatChecker())
    return status, printed


def codes(printed: Any) -> list[str]:
    return [one["code"] for one in printed["findings"]]


def test_a_finding_has_its_place_twice(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = ran(wrote("policy.json", POLICY), capsys=capsys)
    assert status == 1
    (finding,) = printed["findings"]
    assert (finding["code"], finding["type"], finding["statement"]) == ("INVALID_ACTION", "ERROR", 0)
    assert (finding["path"], finding["line"], finding["column"]) == ("policy.json", 6, 17)
    assert finding["at"] == [{"value": "Statement"}, {"index": 0}, {"value": "Action"}]
    assert finding["instead"] == "s3:GetObject"
    assert printed["data"]["iam"]


def test_people_see_the_line_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["iam", "validate", wrote("policy.json", POLICY)]) == 1
    out = capsys.readouterr().out
    assert "error [INVALID_ACTION]" in out
    assert "--> policy.json:6:17" in out
    assert "^" * len('"s3:GetObjects"') in out
    assert "did you mean `s3:GetObject`?" in out
    assert "1 policy: 1 error" in out


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", 0), ("security-warning", 0), ("warning", 1), ("suggestion", 1)]
)
def test_what_counts_is_chosen(fail_on: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    file = wrote("policy.json", {"Statement": FINE["Statement"]})
    assert ran("--fail-on", fail_on, file, capsys=capsys)[0] == status


def test_nothing_found_is_said_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["iam", "validate", wrote("policy.json", FINE)]) == 0
    assert "1 policy: nothing found" in capsys.readouterr().out


def test_what_was_not_decided_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    file = wrote("policy.json", {**FINE, "Statement": [{**FINE["Statement"][0], "Condition": None}]})
    status, printed = ran(file, capsys=capsys)
    assert (status, codes(printed)) == (0, [])
    assert [one["reason"] for one in printed["open"]] == [
        "`Condition` is null, and what AWS makes of that was not confirmed"
    ]
    main(["iam", "validate", file])
    assert "not decided: Statement 0, Condition" in capsys.readouterr().out


def test_people_read_what_is_alike_once_and_the_gravest_first(capsys: pytest.CaptureFixture[str]) -> None:
    named = {**FINE["Statement"][0], "Sid": ""}
    first = wrote("a.json", {**FINE, "Statement": [named]})
    second = wrote("b.json", {**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": ""}]})
    open_ = {**FINE["Statement"][0], "Condition": None}
    third, fourth = (wrote(name, {**FINE, "Statement": [open_]}) for name in ("c.json", "d.json"))
    main(["iam", "validate", first, second, third, fourth])
    out = capsys.readouterr().out
    assert out.count("[EMPTY_SID_VALUE]") == 1
    assert "the same 1 more time: b.json:8" in out
    assert out.index("[INVALID_ACTION]") < out.index("[EMPTY_SID_VALUE]")
    assert out.count("not decided: ") == 1
    assert "the same 1 more time: d.json:8" in out
    assert "4 policies: 1 error, 2 suggestions, 2 parts not decided" in out


# ------------------------------------------------------------------------------ what files hold


def test_a_principal_makes_a_resource_policy_and_assuming_a_trust_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{k: v for k, v in TRUST["Statement"][0].items() if k != "Resource"}],
    }
    files = [wrote("a.json", FINE), wrote("b.json", trust), wrote("c.json", TRUST)]
    _, printed = ran(*files, capsys=capsys)
    assert [one["type"] for one in printed["documents"]] == ["identity", "trust", "resource"]


def test_the_type_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = ran("--type", "trust", wrote("c.json", TRUST), capsys=capsys)
    assert codes(printed) == ["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"]


def test_the_resource_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    statement = {**POLICY["Statement"][0], "Action": "s3:GetObject", "Principal": {"AWS": "111122223333"}}
    file = wrote("queue.json", {"Version": "2012-10-17", "Statement": [statement]})
    _, printed = ran("--resource-type", "AWS::SQS::Queue", file, capsys=capsys)
    assert codes(printed) == ["UNSUPPORTED_ACTION_IN_POLICY", "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"]


def test_a_role_as_aws_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    role = {"RoleName": "worker", "Arn": "arn:aws:iam::1:role/worker", "AssumeRolePolicyDocument": TRUST}
    for content in ({"Role": role}, role):
        _, printed = ran(wrote("role.json", content), capsys=capsys)
        assert printed["documents"] == [
            {
                "path": "role.json",
                "name": "trust policy of role `worker`",
                "type": "trust",
                "owner": "arn:aws:iam::1:role/worker",
            }
        ]
        assert codes(printed) == ["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"]


def test_a_whole_account(capsys: pytest.CaptureFixture[str]) -> None:
    def inline(what: str) -> dict[str, Any]:
        return {
            f"{what}Name": what.lower(),
            "Arn": f"arn:aws:iam::1:{what.lower()}/a",
            f"{what}PolicyList": [{"PolicyName": "own", "PolicyDocument": POLICY}],
        }

    def managed(arn: str) -> dict[str, Any]:
        versions = [
            {"VersionId": "v1", "IsDefaultVersion": False, "Document": TRUST},
            {"VersionId": "v2", "IsDefaultVersion": True, "Document": FINE},
        ]
        return {"PolicyName": "shared", "Arn": arn, "PolicyVersionList": versions}

    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::1:policy/bound"}}
    account = {
        "UserDetailList": [inline("User")],
        "GroupDetailList": [inline("Group")],
        "RoleDetailList": [{**inline("Role"), "AssumeRolePolicyDocument": TRUST, **bounded}],
        "Policies": [
            managed("arn:aws:iam::1:policy/shared"),
            managed("arn:aws:iam::1:policy/bound"),
            managed("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ],
    }
    _, printed = ran(wrote("account.json", account), capsys=capsys)
    assert [(one["type"], one["name"]) for one in printed["documents"]] == [
        ("identity", "policy `own` of user `user`"),
        ("identity", "policy `own` of group `group`"),
        ("trust", "trust policy of role `role`"),
        ("identity", "policy `own` of role `role`"),
        ("identity", "policy `shared`"),
        ("boundary", "policy `shared`"),
    ]
    assert [one["document"] for one in printed["findings"]] == [
        "policy `own` of user `user`",
        "policy `own` of group `group`",
        "trust policy of role `role`",
        "policy `own` of role `role`",
    ]


@pytest.mark.parametrize(
    ("content", "type"),
    [
        ({"PolicyName": "own", "RoleName": "worker", "PolicyDocument": POLICY}, "identity"),
        ({"PolicyVersion": {"VersionId": "v1", "Document": POLICY}}, "identity"),
        (
            {
                "Policy": {
                    "PolicySummary": {"Name": "deny", "Type": "SERVICE_CONTROL_POLICY"},
                    "Content": json.dumps(POLICY),
                }
            },
            "scp",
        ),
        ([POLICY], "identity"),
    ],
)
def test_other_things_that_aws_prints(content: Any, type: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = ran(wrote("file.json", content), capsys=capsys)
    assert [one["type"] for one in printed["documents"]] == [type]
    assert codes(printed) == ["INVALID_ACTION"]


def test_a_policy_that_is_a_text_keeps_its_places(capsys: pytest.CaptureFixture[str]) -> None:
    statement = {**POLICY["Statement"][0], "Principal": {"AWS": "1"}}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for content in ({"Policy": text, "RevisionId": "a"}, {"Attributes": {"Policy": text}}):
        file = wrote("policy.json", json.dumps(content))
        _, printed = ran(file, capsys=capsys)
        (finding,) = printed["findings"]
        assert printed["documents"][0]["type"] == "resource"
        shown = Path(file).read_text()[finding["column"] - 1 : finding["end_column"] - 1]
        assert shown == '\\"s3:GetObjects\\"'


def test_a_policy_as_iams_api_encodes_it(capsys: pytest.CaptureFixture[str]) -> None:
    encoded = json.dumps(TRUST).replace("{", "%7B").replace('"', "%22").replace(" ", "%20")
    role = {"RoleName": "worker", "AssumeRolePolicyDocument": encoded}
    _, printed = ran(wrote("role.json", role), capsys=capsys)
    assert codes(printed) == ["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"]
    assert printed["findings"][0]["line"] == 3


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(POLICY).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    _, printed = ran("-", capsys=capsys)
    assert [one["path"] for one in printed["findings"]] == ["<stdin>"]


# ------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "empty"),
        (b" \n\n ", 1, "empty"),
        (b"\xef\xbb\xbf" + json.dumps(FINE).encode(), 1, "byte order mark"),
        (json.dumps(FINE).encode("utf-16"), 1, "UTF-16"),
        (json.dumps(FINE, indent=1).replace("GetObject", "Get\xff").encode("latin-1"), 6, "not UTF-8"),
        (b'{\n"Version": "2012-10-17",\n"Statement" []}', 3, "broken at line 3"),
        (b"[" * 100_000, 1, "nested more than"),
        (b"\0" * 10, 1, "a value is missing"),
        (b'{"Version": "2012-10-17", "Statement": [' + b" " * 1_000_000 + b"]}", 1, "was not read"),
    ],
)
def test_what_is_no_json_is_a_finding_with_a_line(
    content: bytes, line: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, printed = ran(wrote("policy.json", content), capsys=capsys)
    assert status == 1
    (finding,) = printed["findings"]
    assert finding["code"] == "JSON_SYNTAX_ERROR"
    assert finding["line"] == line
    assert words in finding["message"]
    assert main(["iam", "validate", "policy.json"]) == 1  # people see it too, whatever the bytes
    assert "JSON_SYNTAX_ERROR" in capsys.readouterr().out


def test_numbers_of_any_size(capsys: pytest.CaptureFixture[str]) -> None:
    nines = "9" * 100_000
    statement = f'{{"Effect": 1e99999999, "Action": {nines}, "Resource": -{nines}}}'
    text = f'{{"Version": {nines}, "Statement": [{statement}]}}'
    status, printed = ran(wrote("policy.json", text), capsys=capsys)
    assert (status, set(codes(printed))) == (
        1,
        {"DATA_TYPE_MISMATCH", "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
    )


def test_nothing_of_a_policy_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    statement = {**FINE["Statement"][0], "Sid": "\x1b[31mred", "Action": "s3:\u202eGet"}
    main(
        [
            "iam",
            "validate",
            wrote("policy.json", json.dumps({**FINE, "Statement": [statement]}, ensure_ascii=False)),
        ]
    )
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.json"], "there is no file `gone.json`"),
        (["."], "`.` is a directory"),
        (["--type", "odd", "a.json"], "`odd` is not one of"),
        ([], "missing argument"),
    ],
)
def test_a_wrong_command_says_what_to_do(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["iam", "validate", *arguments]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "help" in told


def test_no_such_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["iam", "validat"]) == 2
    assert "no such command `iam validat`" in capsys.readouterr().err


def test_the_types_of_resources_are_those_of_the_rules() -> None:
    from stockade.cli.iam.validate import _RESOURCE_TYPES
    from stockade.iam.validate import RESOURCE_TYPES

    assert sorted(RESOURCE_TYPES) == sorted(_RESOURCE_TYPES)
