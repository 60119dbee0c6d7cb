"""Accepting, configuring and comparing from the command line, on projects on disk with the real controls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main

BROKEN = """\
resource "aws_lambda_function" "api" {
  function_name = "api-${var.stage}"
  role          = "arn:aws:iam::123456789012:role/api"
  runtime       = "python3.13"
}

resource "aws_lambda_permission" "partner" {
  function_name = aws_lambda_function.api.function_name
  action        = "lambda:InvokeFunction"
  principal     = "999999999999"
}

variable "stage" {}
"""
CONTROLS = ("untraced-function", "unreserved-concurrency", "cross-account-invoke")

Scan = Callable[..., tuple[int, Any]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(BROKEN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763892000")  # 2025-11-23
    return tmp_path


@pytest.fixture
def scan(project: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Scan:
    """Scan by some controls, and give the exit status and the report."""

    def scanned(*arguments: str) -> tuple[int, Any]:
        asked = [word for name in CONTROLS for word in ("--control", name)]
        status = main(["scan", *asked, "--format", "json", *arguments])
        printed = capsysbinary.readouterr()
        return status, json.loads(printed.out) if printed.out else printed.err.decode()

    return scanned


def open_ones(report: Any) -> set[str]:
    return {one["control"] for one in report["findings"] if one["suppressed"] is None}


def test_a_comment_ends_a_finding_and_the_status_with_the_last(project: Path, scan: Scan) -> None:
    assert scan()[0] == 1
    text = BROKEN.replace(
        'resource "aws_lambda_function"',
        "# stockade: accept[untraced-function, unreserved-concurrency] a demonstration\n"
        'resource "aws_lambda_function"',
    )
    (project / "infra" / "main.tf").write_text(text)
    status, report = scan()
    assert (status, open_ones(report)) == (1, {"cross-account-invoke"})
    text = text.replace('"999999999999"', '"999999999999" # stockade: accept[cross-account-invoke] our partner')
    (project / "infra" / "main.tf").write_text(text)
    status, report = scan()
    assert (status, open_ones(report)) == (0, set())
    found = {one["control"]: (one["suppressed"], one["suppression"]) for one in report["findings"]}
    reason, suppression = found["cross-account-invoke"]
    assert (reason, suppression["kind"], suppression["until"]) == ("our partner", "comment", None)
    assert (suppression["place"]["path"], suppression["place"]["line"]) == ("infra/main.tf", 11)
    assert report["functions"][0]["checklist"]["untraced-function"] == "accepted"
    assert report["notices"] == []


def test_an_accept_that_is_refused_changes_nothing_but_the_report(project: Path, scan: Scan) -> None:
    (project / "infra" / "main.tf").write_text("# stockade: accept[untraced-function]\n" + BROKEN)
    status, report = scan()
    assert status == 1
    assert [(one["kind"], one["evidence"][0]["line"]) for one in report["notices"]] == [("refused", 1)]


# ----------------------------------------------------------------------------------- the configuration


def test_the_configuration_decides_and_the_command_line_wins(project: Path, scan: Scan) -> None:
    settings = project / "stockade.toml"
    assert scan("--control", "unaliased-permission")[1]["configuration"] is None
    settings.write_text('fail-on = "critical"\nnoise = "audit"\n[vars]\nstage = "prod"\n')
    status, report = scan()
    assert (status, report["noise"], report["configuration"]) == (0, "audit", "stockade.toml")
    assert report["functions"][0]["name"] == "api-prod"
    status, report = scan("--fail-on", "high", "--noise", "strict", "--var", "stage=test")
    assert (status, report["noise"], report["functions"][0]["name"]) == (1, "strict", "api-test")


def test_a_file_of_variables_takes_the_place_of_what_is_configured(project: Path, scan: Scan) -> None:
    (project / "conf.tfvars").write_text('stage = "configured"\n')
    (project / "mine.tfvars").write_text('stage = "mine"\n')
    settings = project / "stockade.toml"
    names = []
    for text in ('var-files = ["conf.tfvars"]', 'var-files = ["conf.tfvars"]\nvars = { stage = "set" }'):
        settings.write_text(text)
        names += [scan(*more)[1]["functions"][0]["name"] for more in ((), ("--var-file", "mine.tfvars"))]
    assert names == ["api-configured", "api-mine", "api-set", "api-mine"]


def test_gaps_are_allowed_where_the_command_line_does_not_forbid_it(project: Path, scan: Scan) -> None:
    (project / "infra" / "broken.tf").write_text("resource {{{\n")
    (project / "stockade.toml").write_text('fail-on = "never"\nallow-gaps = true\n')
    assert scan()[0] == 0
    assert scan("--no-allow-gaps")[0] == 3
    (project / "stockade.toml").write_text('fail-on = "never"\n')
    assert (scan()[0], scan("--allow-gaps")[0]) == (3, 0)


def test_entries_accept_until_their_day_and_paths_are_relative_to_the_file(project: Path, scan: Scan) -> None:
    settings = project / "stockade.toml"
    text = (
        '[[accept]]\ncontrol = "unreserved-concurrency"\nfunction = "api-*"\n'
        'reason = "the account\'s limit is 10"\npath = "infra/**"\nuntil = {}\n'
    )
    settings.write_text(text.format("2025-11-23"))
    for arguments in ((), ("infra",)):
        report = scan(*arguments)[1]
        assert open_ones(report) == {"untraced-function", "cross-account-invoke"}
        (held,) = (one for one in report["findings"] if one["suppressed"])
        assert held["suppression"] == {
            "kind": "configuration",
            "place": held["suppression"]["place"],
            "until": "2025-11-23",
        }
        assert held["suppression"]["place"]["path"] == "stockade.toml"
    settings.write_text(text.format("2025-11-22"))
    report = scan()[1]
    assert "unreserved-concurrency" in open_ones(report)
    assert [one["kind"] for one in report["notices"]] == ["expired"]


def test_the_owners_accounts_decide_who_is_foreign(project: Path, scan: Scan) -> None:
    (project / "stockade.toml").write_text('accounts = ["123456789012", "999999999999"]\n')
    assert "cross-account-invoke" not in open_ones(scan()[1])
    (project / "infra" / "main.tf").write_text(
        BROKEN.replace('"arn:aws:iam::123456789012:role/api"', "var.role")
    )
    (project / "stockade.toml").write_text("")
    verdicts = [one["verdict"] for one in scan()[1]["findings"] if one["control"] == "cross-account-invoke"]
    assert verdicts == ["undecided"]
    (project / "stockade.toml").write_text('accounts = ["123456789012"]\n')
    verdicts = [one["verdict"] for one in scan()[1]["findings"] if one["control"] == "cross-account-invoke"]
    assert verdicts == ["fails"]


@pytest.mark.parametrize(
    ("accounts", "verdicts"),
    [
        ("[]", ["undecided", "undecided"]),
        ('["123456789012"]', ["fails", "fails"]),
        ('["999999999999"]', []),
    ],
)
def test_every_control_that_asks_who_is_foreign_knows_the_accounts(
    project: Path, scan: Scan, accounts: str, verdicts: list[str]
) -> None:
    (project / "stockade.toml").write_text(f"accounts = {accounts}\n")
    (project / "infra" / "main.tf").write_text(
        """
        resource "aws_lambda_function" "f" {
          function_name = "f"
          role          = aws_iam_role.f.arn
          layers        = ["arn:aws:lambda:eu-west-1:999999999999:layer:requests:3"]
        }
        resource "aws_iam_role" "f" {
          assume_role_policy = jsonencode({
            Statement = [{
              Effect    = "Allow"
              Action    = "sts:AssumeRole"
              Principal = { AWS = "arn:aws:iam::999999999999:role/x", Service = "lambda.amazonaws.com" }
            }]
          })
        }
        """
    )
    names = {"foreign-layer", "foreign-trust"}
    report = scan(*(word for name in sorted(names) for word in ("--control", name)))[1]
    assert [one["verdict"] for one in report["findings"] if one["control"] in names] == verdicts


def test_what_is_excluded_is_told_and_what_is_named_is_scanned(project: Path, scan: Scan) -> None:
    (project / "sandbox" / "a").mkdir(parents=True)
    (project / "sandbox" / "a" / "main.tf").write_text(BROKEN)
    (project / "stockade.toml").write_text('exclude = ["sandbox"]\n')
    _, report = scan()
    assert ([one["root"] for one in report["inputs"]], report["excluded"]) == (["infra"], ["sandbox/a"])
    _, report = scan("sandbox/a")
    assert ([one["path"] for one in report["inputs"]], report["excluded"]) == (["sandbox/a"], [])
    status, error = scan("sandbox")
    assert status == 2
    assert "error: the configuration excludes everything in `sandbox`" in error


def test_another_configuration_may_be_chosen(project: Path, scan: Scan) -> None:
    (project / "stockade.toml").write_text('noise = "audit"\n')
    (project / "ci.toml").write_text('noise = "strict"\n')
    assert scan("--config", "ci.toml")[1]["noise"] == "strict"
    assert scan("--config", "gone.toml") == (2, "error: `gone.toml` was not read: there is no such file\n")


def test_a_wrong_configuration_is_a_wrong_command(project: Path, scan: Scan) -> None:
    (project / "stockade.toml").write_text('\nfail_on = "low"\n')
    assert scan() == (2, "error: `stockade.toml:2`: there is no key `fail_on`\nhelp: did you mean `fail-on`?\n")


# ------------------------------------------------------------------------------------------ baselines


def test_only_what_is_new_since_the_baseline_counts(project: Path, scan: Scan) -> None:
    assert scan("--write-baseline", "known.json")[0] == 1
    status, report = scan("--baseline", "known.json")
    assert (status, open_ones(report)) == (0, set())
    assert report["baseline"] == {
        "path": "known.json",
        "at": "2025-11-23T10:00:00Z",
        "findings": 3,
        "gone": 0,
        "revision": None,
    }
    (project / "infra" / "main.tf").write_text("\n\n" + BROKEN.replace('"api" {', '"api" {\n', 1))
    assert scan("--baseline", "known.json")[0] == 0
    more = BROKEN.replace('"aws_lambda_function" "api"', '"aws_lambda_function" "new"').partition("\n\n")[0]
    (project / "infra" / "more.tf").write_text(more)
    status, report = scan("--baseline", "known.json")
    assert (status, open_ones(report)) == (1, {"untraced-function", "unreserved-concurrency"})


def test_a_report_is_a_baseline_and_the_configuration_may_name_it(project: Path, scan: Scan) -> None:
    scan("--output", "report.json")
    (project / "stockade.toml").write_text('baseline = "report.json"\n')
    assert scan()[0] == 0
    text = BROKEN.replace('"python3.13"', '"python3.13"\n  tracing_config {\n    mode = "Active"\n  }')
    (project / "infra" / "main.tf").write_text(text)
    status, report = scan()
    assert (status, report["baseline"]["gone"]) == (0, 1)


def test_a_baseline_written_beside_another_keeps_what_is_left_of_it(project: Path, scan: Scan) -> None:
    scan("--write-baseline", "known.json")
    scan("--baseline", "known.json", "--write-baseline", "again.json")
    assert (project / "again.json").read_bytes() == (project / "known.json").read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "error: the baseline `known.json` cannot be read: no such file or directory"),
        ("", "error: `known.json` is no baseline"),
        ("{}", "error: `known.json` is no baseline"),
    ],
)
def test_a_broken_baseline_is_a_wrong_command(
    project: Path, scan: Scan, text: str | None, message: str
) -> None:
    if text is not None:
        (project / "known.json").write_text(text)
    status, error = scan("--baseline", "known.json")
    assert status == 2
    assert error.splitlines()[0] == message


def test_a_baseline_that_cannot_be_written_is_told(scan: Scan) -> None:
    assert scan("--write-baseline", "no/such/place")[0] == 2


# ------------------------------------------------------------------------------------------- to people


def test_people_read_reasons_what_is_known_and_what_to_look_at(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["scan", *(word for name in CONTROLS for word in ("--control", name))]
    main([*arguments, "--control", "open-cors", "--write-baseline", "known.json"])
    text = BROKEN.replace(
        "resource", "# stockade: accept[untraced-function, open-cors] a demonstration\nresource", 1
    )
    (project / "infra" / "main.tf").write_text(text)
    capsys.readouterr()
    assert main([*arguments, "--control", "open-cors", "--baseline", "known.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("  a untraced-function: a demonstration")
    assert lines[at + 1 : at + 4] == [
        "    at    infra/main.tf:2",
        "    of    api-${var.stage}",
        "    by    infra/main.tf:1",
    ]
    assert "  b cross-account-invoke, unreserved-concurrency" in lines
    at = next(
        index for index, line in enumerate(lines) if line.startswith("  ! `accept[open-cors]` accepts nothing")
    )
    assert "    at    infra/main.tf:1" in lines[at:]
    assert "nothing fails · 1 accepted · 2 in the baseline" in lines
