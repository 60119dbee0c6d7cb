"""What other tools read: each format is valid by its own consumer, says what counts, and nobody can inject."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from stockade.control import Crashed, Fails, Fix, Safety, Undecided
from stockade.controls import load
from stockade.patched import Outcome, Told
from stockade.report import GapReport, InputReport, Notice, NoticeKind, Report
from stockade.show import asff, gitlab, junit, markdown, ocsf, sarif, table
from stockade.show.hub import Hub
from stockade.show.places import Places
from stockade.source import Edit, Source, Span
from tests.show.sample import MAIN, many, small

CONTROLS = load()

EVIL = (
    "<script>alert(1)</script> [click](https://evil.example) | @octocat #1 {0} `x` ]]> &amp; "
    "\x1b[31mred\x07 \u202e \ud800 ' \" -- =cmd|calc ```\n# heading\n<img src=x onerror=alert(1)>"
)


def known(report: Report) -> Report:
    """The sample, about controls that there are."""
    names = {one.name for one in CONTROLS}
    findings = tuple(
        one if one.control in names else replace(one, control="admin-role") for one in report.findings
    )
    return replace(report, findings=findings, asked=tuple(sorted(names)))


def hostile() -> Report:
    """The sample with everything that comes from a stranger written by an enemy."""
    report = known(small())
    source = Source(f"in fra/{EVIL}.tf", MAIN.data)
    findings = []
    for one in report.findings:
        evidence = tuple(
            replace(place, note=EVIL, span=Span(source, place.span.start, place.span.end))
            for place in one.evidence
        )
        fix = Fix(f"do `{EVIL}`", Safety.REVIEW, ()) if one.fix else None
        findings.append(
            replace(
                one,
                message=f"`{EVIL}` is wrong",
                address=EVIL,
                evidence=evidence,
                cause=EVIL if one.cause else "",
                help=EVIL,
                doubt=EVIL,
                fix=fix,
                functions=(EVIL,),
                suppressed=replace(one.suppressed, reason=EVIL) if one.suppressed else None,
            )
        )
    functions = tuple(replace(one, address=EVIL, name=EVIL) for one in report.functions[:1])
    gaps = tuple(replace(one, what=EVIL, reason=EVIL, help=EVIL) for one in report.gaps)
    inputs = tuple(replace(one, path=f"x/{EVIL}", root=f"x/{EVIL}") for one in report.inputs)
    notices = tuple(replace(one, message=EVIL, help=EVIL) for one in report.notices)
    return replace(
        report, findings=tuple(findings), functions=functions, gaps=gaps, inputs=inputs, notices=notices
    )


REPORTS = [known(small()), known(many()), replace(small(), functions=(), findings=(), gaps=()), hostile()]
IDS = ["small", "many", "empty", "hostile"]


# ----------------------------------------------------------------------------------------------- SARIF


@pytest.fixture(scope="module")
def multitool() -> Path:
    """Microsoft's own validator of SARIF, an npm package."""
    modules = os.environ.get("STOCKADE_NODE_MODULES")
    tool = Path(modules or "") / "@microsoft/sarif-multitool-linux"
    if not modules or not tool.is_dir():
        pytest.skip("STOCKADE_NODE_MODULES names no node_modules with @microsoft/sarif-multitool-linux")
    return tool


def told(report: Report) -> list[Told]:
    """A fix made for the first finding that fails, as a patch tells it."""
    one = next(one for one in report.findings if isinstance(one.outcome, Fails) and one.evidence)
    span = one.evidence[0].span
    fix = one.fix or Fix("do it", Safety.SAFE, ())
    edits = (Edit(Span(span.source, span.start, span.start), b'"new"\n'), Edit(span, b"other"))
    return [Told(one, fix, Outcome.MADE, edits=edits)]


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_sarif_fits_its_schema_and_githubs_rules(report: Report, multitool: Path, tmp_path: Path) -> None:
    fixes = told(report) if report.findings else []
    file = tmp_path / "report.sarif"
    file.write_bytes(sarif.show(report, CONTROLS, fixes))
    schema = json.loads((multitool / "sarif-2.1.0.json").read_text("utf-8-sig"))
    Draft7Validator(schema).validate(json.loads(file.read_bytes()))
    command = [str(multitool / "Sarif.Multitool"), "validate", str(file), "--rule-kind", "Sarif;Ghas"]
    command += ["--level", "Error;Warning", "--kind", "Fail", "--output", str(tmp_path / "said.sarif")]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    said = json.loads((tmp_path / "said.sarif").read_text("utf-8-sig"))["runs"][0]
    assert said["invocations"][0]["executionSuccessful"]
    messages = [one["message"] for one in said.get("results", ())]
    # where Stockade lives is not settled, so the tool has no address
    assert [one for one in messages if one["id"] != "Warning_ProvideToolnformationUri"] == []


def test_sarif_says_what_fails_what_is_open_and_what_was_not_read() -> None:
    report = known(small())
    run = sarif.document(report, CONTROLS)["runs"][0]
    counting = [one for one in report.findings if one.suppressed is None]
    kinds = {"fail": Fails, "open": Undecided}
    for kind, outcome in kinds.items():
        wanted = [one.fingerprint for one in counting if isinstance(one.outcome, outcome)]
        found = [one["partialFingerprints"]["stockade/v1"] for one in run["results"] if one["kind"] == kind]
        assert found == wanted and wanted
    assert all(one["level"] == "none" for one in run["results"] if one["kind"] == "open")
    notes = run["invocations"][0]["toolExecutionNotifications"]
    crashes = sum(isinstance(one.outcome, Crashed) for one in counting)
    assert len(notes) == len(report.gaps) + crashes and crashes and report.gaps
    assert not run["invocations"][0]["executionSuccessful"]
    assert run["properties"]["suppressed"] == len(report.findings) - len(counting) > 0


def test_sarif_holds_edits_in_lines_and_columns() -> None:
    report = known(small())
    fixes = told(report)
    run = sarif.document(report, CONTROLS, fixes)["runs"][0]
    fixed = [one["fixes"] for one in run["results"] if "fixes" in one]
    assert len(fixed) == 1
    inserted, replaced = fixed[0][0]["artifactChanges"][0]["replacements"]
    start = MAIN.position(fixes[0].edits[0].span.start)
    assert (inserted["deletedRegion"]["startLine"], inserted["deletedRegion"]["startColumn"]) == start
    assert (inserted["deletedRegion"]["endLine"], inserted["deletedRegion"]["endColumn"]) == start
    assert inserted["insertedContent"]["text"] == '"new"\n'
    assert replaced["insertedContent"]["text"] == "other"


def test_a_fix_that_repeats_a_secret_is_left_out() -> None:
    report = known(small())
    fixes = told(report)
    secret = Span(Source("x", b"correct horse battery"), 0, 21)
    again = replace(fixes[0], edits=(Edit(fixes[0].edits[0].span, b"a correct horse battery"),))
    run = sarif.document(replace(report, concealed=(secret,)), CONTROLS, [again])["runs"][0]
    assert not any("fixes" in one for one in run["results"])


def test_sarif_keeps_githubs_limit_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 3)
    run = sarif.document(known(many()), CONTROLS)["runs"][0]
    assert len(run["results"]) == 3
    texts = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("more findings are left out" in text for text in texts)


# ----------------------------------------------------------------------------------------------- JUnit


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_junit_is_read_by_its_consumers(report: Report) -> None:
    data = junit.show(report)
    suites = JUnitXml.fromstring(data.decode())
    failing = {
        (address or one.address, one.control)
        for one in report.findings
        if isinstance(one.outcome, Fails) and one.suppressed is None
        for address in one.functions or ("",)
    }
    crashed = {
        (address or one.address, one.control)
        for one in report.findings
        if isinstance(one.outcome, Crashed) and one.suppressed is None
        for address in one.functions or ("",)
    }
    assert suites.failures <= len(failing)
    assert (suites.failures > 0) == bool(failing - crashed)
    assert suites.errors >= len(report.gaps)
    assert suites.tests == sum(1 for suite in suites for _ in suite)


def test_in_junit_nothing_passes_that_was_not_decided() -> None:
    report = known(small())
    held = {
        (one.address, control)
        for one in report.functions
        for control, state in one.checklist.items()
        if state.value == "holds"
    }
    root = ElementTree.fromstring(junit.show(report))
    passed = {(case.get("classname"), case.get("name")) for case in root.iter("testcase") if not len(case)}
    assert passed <= held and passed


# ------------------------------------------------------------------------------------------ Markdown


def tokens(text: str) -> Iterator[Any]:
    for one in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield one
        yield from one.children or ()


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_markdown_has_no_links_images_or_html_but_its_own(report: Report) -> None:
    text = markdown.show(report).decode()
    assert len(text) <= markdown.LIMIT
    ours = ("<details>", "</details>", "<sub>", "</sub>", "<br>", "<summary>", "</summary>")
    headings = 0
    for one in tokens(text):
        assert one.type not in ("link_open", "image", "fence", "code_block")
        headings += one.type == "heading_open"
        if one.type in ("html_block", "html_inline"):
            left = one.content
            for tag in ours:
                left = left.replace(tag, "")
            assert "<" not in left
    assert headings == 1
    assert "@octocat" not in text.replace("`", "") or "&#64;octocat" in text


def test_markdown_stays_inside_of_a_comment() -> None:
    report = known(many())
    long = tuple(
        replace(one, message=f"{one.message} {'x' * 500} {number}")
        for number, one in enumerate(report.findings * 40)
    )
    text = markdown.show(replace(report, findings=long)).decode()
    assert len(text) <= markdown.LIMIT
    assert "more" in text and text.count("<details>") == text.count("</details>")


def test_markdown_counts_what_counts() -> None:
    report = known(small())
    text = markdown.show(report).decode()
    failing = sum(isinstance(one.outcome, Fails) and one.suppressed is None for one in report.findings)
    assert f"**{failing} failing**" in text
    assert "not read" in text and "undecided" in text and "accepted or known" in text


# --------------------------------------------------------------------------------- CSV and GitLab


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_csv_has_a_row_for_each_function_of_each_finding(report: Report) -> None:
    rows = list(csv.DictReader(StringIO(table.show(report).decode(), newline="")))
    assert len(rows) == sum(max(len(one.functions), 1) for one in report.findings) + len(report.gaps)
    for row in rows:
        assert None not in row and None not in row.values()
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
        assert all(cell.isprintable() for cell in row.values())


def test_a_formula_is_a_text_in_a_spreadsheet() -> None:
    report = known(small())
    one = replace(report.findings[0], address='=HYPERLINK("http://evil")', functions=("=1+1",))
    row = next(csv.DictReader(StringIO(table.show(replace(report, findings=(one,))).decode())))
    assert row["address"].startswith("'=") and row["function"].startswith("'=")


GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}
"""What GitLab's documentation demands of a code quality report."""


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_gitlab_gets_what_its_documentation_demands(report: Report) -> None:
    rows = json.loads(gitlab.show(report))
    Draft7Validator(GITLAB).validate(rows)
    assert len(rows) == sum(one.suppressed is None for one in report.findings) + len(report.gaps)
    assert len({one["fingerprint"] for one in rows if one["check_name"] != "gap"}) == len(
        {one.fingerprint for one in report.findings if one.suppressed is None}
    )


def test_a_gaps_fingerprint_knows_no_lines() -> None:
    report = known(small())
    moved = replace(report, gaps=tuple(replace(one, evidence=()) for one in report.gaps))

    def prints(one: Report) -> list[str]:
        return [row["fingerprint"] for row in json.loads(gitlab.show(one)) if row["check_name"] == "gap"]

    assert prints(moved) == prints(report) != []


# ----------------------------------------------------------------------------------------- all formats


SHOWN: dict[str, Callable[[Report], bytes]] = {
    "sarif": lambda report: sarif.show(report, CONTROLS, told(report)),
    "junit": junit.show,
    "markdown": markdown.show,
    "csv": table.show,
    "gitlab": gitlab.show,
    "asff": lambda report: asff.show(report, Hub("111122223333", "eu-west-1")),
    "ocsf": lambda report: ocsf.show(report, Hub("111122223333", "eu-west-1")),
}


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_an_enemy_reaches_a_terminal(name: str) -> None:
    text = SHOWN[name](hostile()).decode()
    assert all(one.isprintable() or one in "\r\n" for one in text)
    if text.startswith(("[", "{")):
        assert all(one.isprintable() or one == "\n" for each in _strings(json.loads(text)) for one in each)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key != "path":  # by which a server finds the file: it has to be as it is
                yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


@pytest.mark.parametrize("name", SHOWN)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert SHOWN[name](known(small())) == SHOWN[name](known(small()))


@pytest.mark.parametrize(
    ("inputs", "path", "wanted"),
    [
        ([(".", ".")], "main.tf", "main.tf"),
        ([(".", "app/infra")], "main.tf", "app/infra/main.tf"),
        ([(".", "app/infra")], "../modules/f/main.tf", "app/modules/f/main.tf"),
        ([("infra", "app/infra")], "modules/f/main.tf", "app/modules/f/main.tf"),
        ([("../other", "other"), ("x", "app/x")], "../other/main.tf", "other/main.tf"),
        ([("../other", "other")], "../other/main.tf", "other/main.tf"),
        ([("infra", "infra")], "modules/f/main.tf", "modules/f/main.tf"),
        ([("xinfra", "app/xinfra"), ("infra", "app/infra")], "infra/a.tf", "app/infra/a.tf"),
        ([], "main.tf", "main.tf"),
    ],
)
def test_paths_are_those_of_the_repository(inputs: list[tuple[str, str]], path: str, wanted: str) -> None:
    told_of = tuple(InputReport("terraform", shown, 1, root) for shown, root in inputs)
    assert Places(replace(small(), inputs=told_of)).path(path) == wanted


def test_a_gap_without_a_place_is_at_its_input() -> None:
    report = known(small())
    gap = GapReport(0, "`x`", "it is broken", None, ())
    rows = json.loads(gitlab.show(replace(report, findings=(), gaps=(gap,))))
    assert rows[0]["location"]["path"] == Places(report).path(report.inputs[0].path)


def test_what_access_analyzer_says_otherwise_is_in_every_form_that_has_a_place_for_it() -> None:
    """A finding of a hub has a resource and a status, which no second opinion changes: there is none there."""
    report = small()
    evidence = next(one.evidence for one in report.findings if one.evidence)
    with_it = replace(report, notices=(Notice(NoticeKind.DIFFERS, "AWS says otherwise", "look", evidence[:1]),))
    for show in (table.show, junit.show, gitlab.show):
        assert b"AWS says otherwise" in show(with_it) and b"AWS says otherwise" not in show(report)
    row = list(csv.reader(StringIO(table.show(with_it).decode())))[-1]
    assert (row[0], row[7]) == ("differs", evidence[0].span.path if evidence[0].span else "")
    before, after = (ElementTree.fromstring(junit.show(one)) for one in (report, with_it))
    (suite,) = [one for one in after if one.get("name") == "IAM Access Analyzer"]
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("1", "1", "0")
    assert after.get("failures") == before.get("failures"), "no test fails by it"
    (found,) = [one for one in json.loads(gitlab.show(with_it)) if one["check_name"] == "access-analyzer"]
    assert found["severity"] == "info" and found["location"]["path"]
