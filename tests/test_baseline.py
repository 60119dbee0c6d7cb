"""Baselines: what was there before does not count, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.baseline import Baseline, Entry, read, written
from stockade.checklist import Item
from stockade.control import Control, Crashed, Fails, Noise, Outcome, Severity, State, Undecided, Verdict
from stockade.errors import UsageError
from stockade.model.function import Function
from stockade.model.world import World
from stockade.read.inputs import Input
from stockade.report import Finding, Report, SuppressionKind
from stockade.scan import scan
from stockade.show import json as as_json
from stockade.source import Source, Span
from stockade.value import Known, Unknown, Written
from tests.accepting import DAY, counted, function, scanned

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "baseline-1.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def remade(report: Report) -> Baseline:
    """The baseline of a report, through its file."""
    data = written(report)
    VALIDATOR.validate(json.loads(data))
    return read(data, "known.json")


def counting(report: Report) -> list[Finding]:
    return [one for one in report.findings if one.suppressed is None]


# ------------------------------------------------------------------------------------ made-up worlds

SOURCE = Source("main.tf", b"x\n" * 100)

Answer = tuple[str, str, int, str, Severity]
"""Control, address, line, verdict, severity of one finding."""

ANSWERS: st.SearchStrategy[list[Answer]] = st.lists(
    st.tuples(
        st.sampled_from(["bad-thing", "worse-thing"]),
        st.sampled_from(["a", "b"]),
        st.integers(0, 99),
        st.sampled_from(["fails", "undecided"]),
        st.sampled_from(list(Severity)),
    ),
    max_size=8,
)


def made(answers: list[Answer], **more: Any) -> Report:
    """A report with exactly these findings."""
    subjects: dict[int, Answer] = {}
    functions = []
    for answer in answers:
        origin = Written(Span(SOURCE, 2 * answer[2], 2 * answer[2] + 1))
        one = Function(
            address=answer[1], origin=origin, name=Known("f", origin), role=Unknown("elsewhere", origin)
        )
        functions.append(one)
        subjects[id(one)] = answer

    def asked(name: str) -> Control[Any]:
        def check(subject: Function, world: World) -> Verdict | None:
            control, _, _, verdict, severity = subjects[id(subject)]
            if control != name:
                return None
            if verdict == "undecided":
                return Undecided(Unknown("who knows", subject.origin))
            return Fails("it is bad", subject.origin, severity=severity)

        return Control(name, "Bad.", Function, Severity.LOW, Noise.REGULAR, Item.TRACING, "0.1.0", (), check)

    world = Input("terraform", "infra", 1, World(functions=tuple(functions)), "infra")
    return scan([world], [asked("bad-thing"), asked("worse-thing")], at=DAY, **more)


@given(ANSWERS)
def test_with_a_baseline_of_itself_nothing_counts(answers: list[Answer]) -> None:
    before = made(answers)
    after = made(answers, baseline=remade(before))
    assert counting(after) == []
    assert len(after.findings) == len(before.findings)
    assert after.baseline is not None
    assert (after.baseline.findings, after.baseline.gone) == (len(answers), 0)
    assert written(after) == written(before)


@given(ANSWERS)
def test_a_report_is_as_good_a_baseline(answers: list[Answer]) -> None:
    before = made(answers)
    assert read(as_json.show(before), "x").entries == remade(before).entries


@given(ANSWERS, st.randoms(use_true_random=False))
def test_lines_and_order_do_not_matter(answers: list[Answer], random: Any) -> None:
    moved = [(*one[:2], random.randrange(100), *one[3:]) for one in answers]
    random.shuffle(moved)
    prints = [{one.fingerprint for one in made(some).findings} for some in (answers, moved)]
    assert prints[0] == prints[1]


@given(ANSWERS, st.integers(0, 99))
def test_one_more_that_is_equal_is_exactly_one_that_is_new(answers: list[Answer], line: int) -> None:
    if not answers:
        return
    more = [(*answers[0][:2], line, *answers[0][3:]), *answers]
    before, after = made(answers), made(more)
    new = {one.fingerprint for one in after.findings} - {one.fingerprint for one in before.findings}
    assert len(new) == 1
    assert {one.fingerprint for one in before.findings} <= {one.fingerprint for one in after.findings}


@given(ANSWERS, ANSWERS)
def test_what_is_new_counts_and_what_is_gone_is_counted(old: list[Answer], new: list[Answer]) -> None:
    before, after = made(old), made(new, baseline=remade(made(old)))
    then, now = ({one.fingerprint for one in report.findings} for report in (before, after))
    assert {one.fingerprint for one in counting(after)} >= now - then
    assert after.baseline is not None and after.baseline.gone == len(then - now)


# ------------------------------------------------------------------------------------------- judgement


def held(verdict: str = "fails", severity: Severity = Severity.MEDIUM) -> Baseline:
    answer: Answer = ("bad-thing", "a", 1, "fails", Severity.LOW)
    (finding,) = made([answer]).findings
    entry = Entry("bad-thing", "infra", verdict, severity)
    return Baseline("known.json", "2026-11-01T00:00:00Z", {finding.fingerprint: entry})


@pytest.mark.parametrize(
    ("then", "now", "known"),
    [
        (("fails", Severity.MEDIUM), ("fails", Severity.MEDIUM), True),
        (("fails", Severity.MEDIUM), ("fails", Severity.LOW), True),
        (("fails", Severity.MEDIUM), ("fails", Severity.HIGH), False),
        (("fails", Severity.MEDIUM), ("undecided", Severity.LOW), True),
        (("undecided", Severity.MEDIUM), ("undecided", Severity.LOW), True),
        (("undecided", Severity.MEDIUM), ("fails", Severity.LOW), False),
    ],
)
def test_what_has_become_worse_is_new(
    then: tuple[str, Severity], now: tuple[str, Severity], known: bool
) -> None:
    (finding,) = made([("bad-thing", "a", 7, *now)], baseline=held(*then)).findings
    assert (finding.suppressed is not None) is known
    if finding.suppressed:
        assert finding.suppressed.kind is SuppressionKind.BASELINE
        assert finding.suppressed.reason == "in the baseline of 2026-11-01"


def test_a_baseline_hides_no_state() -> None:
    report = made([("bad-thing", "a", 1, "fails", Severity.LOW)], baseline=held())
    assert report.functions[0].checklist["bad-thing"] is State.FAILS
    assert report.worst() is None


def test_a_crash_is_in_no_baseline() -> None:
    report = made([("bad-thing", "a", 1, "fails", Severity.LOW)])
    crash: Outcome = Crashed("KeyError")
    crashed = replace(report, findings=(replace(report.findings[0], outcome=crash),))
    assert json.loads(written(crashed))["findings"] == []
    assert held().known(crashed.findings[0]) is None


def test_what_was_not_asked_or_scanned_is_not_called_gone() -> None:
    entries = {
        "1" * 16: Entry("bad-thing", "infra", "fails", Severity.LOW),
        "2" * 16: Entry("bad-thing", "other", "fails", Severity.LOW),
        "3" * 16: Entry("removed-thing", "infra", "fails", Severity.LOW),
    }
    report = made([], baseline=Baseline("known.json", DAY, entries))
    assert report.baseline is not None and report.baseline.gone == 1


# ------------------------------------------------------------------------------------- real projects


def test_a_new_finding_at_a_known_address_counts() -> None:
    before = scanned(function("f").replace("python3.8", "python3.13"))
    after = scanned(function("f"), baseline=remade(before))
    assert counted(after) == [("deprecated-runtime", "aws_lambda_function.f")]


def test_what_the_owner_accepted_is_not_in_the_baseline() -> None:
    comment = " # stockade: accept[deprecated-runtime] why"
    before = scanned(function("f", beside=comment))
    for baseline in (remade(before), read(as_json.show(before), "x")):
        assert counted(scanned(function("f"), baseline=baseline)) == [
            ("deprecated-runtime", "aws_lambda_function.f")
        ]
    known = remade(scanned(function("f")))
    after = scanned(function("f", beside=comment), baseline=known)
    assert {one.suppressed.kind for one in after.findings if one.suppressed} == {
        SuppressionKind.COMMENT,
        SuppressionKind.BASELINE,
    }


def test_any_spread_over_files_is_the_same() -> None:
    pieces = [function("f"), "\n\n# moved\n" + function("g"), function("h")]
    baseline = remade(scanned("".join(pieces)))
    for order in permutations(pieces):
        files = {f"{name}.tf": text for name, text in zip("abc", order, strict=True)}
        assert counted(scanned(files, baseline=baseline)) == []


def test_equal_addresses_of_two_roots_are_two_findings_wherever_the_scan_begins() -> None:
    good = function("f").replace("python3.8", "python3.13")
    before = scanned({"prod/main.tf": function("f"), "stage/main.tf": good})
    after = scanned({"prod/main.tf": good, "stage/main.tf": function("f")}, baseline=remade(before))
    assert counted(after) == [("deprecated-runtime", "aws_lambda_function.f")]
    assert after.baseline is not None and after.baseline.gone == 1
    part = scanned({"prod/main.tf": function("f"), "stage/main.tf": good}, root="prod", baseline=remade(before))
    assert counted(part) == []
    assert part.baseline is not None and part.baseline.gone == 0


# --------------------------------------------------------------------------------------------- files


def test_the_file_is_sorted_and_one_finding_to_a_line() -> None:
    one: Answer = ("worse-thing", "a", 1, "fails", Severity.HIGH)
    other: Answer = ("bad-thing", "b", 2, "undecided", Severity.LOW)
    data = written(made([one, other]))
    lines = data.decode().splitlines()
    assert lines[1:4] == ['  "schema": "stockade.baseline/1",', '  "version": "0.1.0",', f'  "at": "{DAY}",']
    assert [json.loads(line.rstrip(","))["control"] for line in lines[5:7]] == ["bad-thing", "worse-thing"]
    assert json.loads(written(made([])))["findings"] == []


GOOD = {"schema": "stockade.baseline/1", "version": "0.1.0", "at": DAY}
ROW = {
    "fingerprint": "0" * 16,
    "control": "x",
    "root": ".",
    "address": "a",
    "verdict": "fails",
    "severity": "low",
}


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        None,
        {**GOOD},
        {**GOOD, "at": 3, "findings": []},
        {**GOOD, "schema": "stockade.baseline/2", "findings": []},
        {**GOOD, "schema": "stockade.report/1", "findings": [{}]},
        {**GOOD, "findings": {"a": 1}},
        {**GOOD, "findings": [{**ROW, "severity": "loud"}]},
        {**GOOD, "findings": [{**ROW, "severity": 3}]},
        {**GOOD, "findings": [{**ROW, "verdict": "crashed"}]},
        {**GOOD, "findings": [{key: ROW[key] for key in ROW if key != "control"}]},
    ],
)
def test_a_file_that_is_no_baseline_is_refused(document: Any) -> None:
    with pytest.raises(UsageError) as caught:
        read(json.dumps(document).encode(), "known.json")
    assert caught.value.message == "`known.json` is no baseline"
    assert "stockade baseline" in (caught.value.help or "")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{", b"[" * 100_000])
def test_a_file_that_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read(data, "known.json")


def test_the_schema_is_one_and_refuses_what_is_none() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert VALIDATOR.is_valid({**GOOD, "findings": [ROW]})
    assert not VALIDATOR.is_valid({**GOOD, "findings": [{**ROW, "verdict": "crashed"}]})
