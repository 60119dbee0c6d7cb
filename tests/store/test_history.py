"""What became of findings: never fixed by silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.checklist import Item
from stockade.control import Crashed, Fails, Noise, Outcome, Severity, State, Undecided
from stockade.errors import UsageError
from stockade.past import History, Turn
from stockade.report import (
    Finding,
    FunctionReport,
    GapReport,
    InputReport,
    Report,
    Suppression,
    SuppressionKind,
    Tally,
)
from stockade.store.history import history
from stockade.store.parts import Store
from stockade.value import Default, Unknown
from tests.show.sample import small

_HERE = Default("here")
_OUTCOMES: dict[str, Outcome] = {
    "fails": Fails("it is open", _HERE),
    "accepted": Fails("it is open", _HERE),
    "undecided": Undecided(Unknown("who knows", _HERE)),
    "crashed": Crashed("KeyError"),
}


def _finding(name: str, state: str, noise: Noise = Noise.REGULAR) -> Finding:
    control, _, function = name.partition("@")
    outcome = _OUTCOMES[state]
    return replace(
        small().findings[0],
        control=control,
        input=0,
        address=function,
        functions=(function,),
        outcome=outcome,
        severity=Severity.HIGH,
        noise=noise,
        message="it is open" if isinstance(outcome, Fails) else "not known: who knows",
        evidence=(),
        suppressed=Suppression(SuppressionKind.COMMENT, "a reason") if state == "accepted" else None,
        fingerprint=name,
    )


def report(
    day: int,
    findings: dict[str, str],
    *,
    functions: Iterable[str] = ("f", "g"),
    asked: Sequence[str] = ("a", "b"),
    root: str = "infra",
    gaps: Iterable[str] = (),
    quiet: Iterable[str] = (),
) -> Report:
    """A run of a day: findings as ``control@function``, each with its state."""
    listed = tuple(_finding(name, state) for name, state in findings.items())
    states: dict[str, State] = {}
    return replace(
        small(),
        at=f"2026-11-{day:02}T10:00:00Z",
        inputs=(InputReport("terraform", root, 3, root),),
        functions=tuple(FunctionReport(0, one, f"name-{one}", None, "", states, {}) for one in functions),
        findings=listed,
        quiet=tuple(_finding(name, "fails", Noise.STRICT) for name in quiet),
        gaps=tuple(GapReport(0, one, "it is not there", None, ()) for one in gaps),
        asked=tuple(asked),
        coverage={name: Tally(1, sum(one.control == name for one in listed)) for name in asked},
        items={Item.TRACING: tuple(asked)},
    )


def told(*reports: Report, since: str | None = None) -> History:
    with TemporaryDirectory() as directory:
        store = Store(Path(directory))
        for one in reports:
            store.keep(one, "here")
        return history(Store(Path(directory)), "here", since=since)


def turns(*reports: Report, since: str | None = None) -> dict[str, str]:
    return {one.fingerprint: one.turn.value for one in told(*reports, since=since).changes}


def test_new_fixed_and_back_again() -> None:
    one, none = report(1, {"a@f": "fails"}), report(2, {})
    assert turns(one) == {"a@f": "new"}
    assert turns(one, none) == {"a@f": "fixed"}
    assert turns(one, none, report(3, {"a@f": "fails", "b@f": "fails"})) == {"a@f": "reopened", "b@f": "new"}
    assert turns(one, report(2, {"a@f": "fails"})) == {}
    assert told(one, report(2, {"a@f": "fails"})).open == 1


@pytest.mark.parametrize("state", ["undecided", "crashed"])
def test_what_nobody_can_say_any_more_is_not_fixed(state: str) -> None:
    found = told(report(1, {"a@f": "fails"}), report(2, {"a@f": state}))
    assert [(one.turn, bool(one.why)) for one in found.changes] == [(Turn.UNKNOWN, True)]


def test_a_question_that_came_instead_is_not_a_fix() -> None:
    """The statement that failed is gone, and the role it was in cannot be read."""
    before = report(1, {"a@f": "fails"})
    after = replace(report(2, {}), findings=(replace(_finding("a@f", "undecided"), fingerprint="other"),))
    assert turns(before, after) == {"a@f": "unknown"}
    elsewhere = replace(report(2, {}), findings=(replace(_finding("a@g", "undecided"), fingerprint="other"),))
    assert turns(before, elsewhere) == {"a@f": "fixed"}, "a question about another function is none about this"


def test_what_could_not_be_read_this_time_is_not_fixed() -> None:
    before, after = report(1, {"a@f": "fails"}), report(2, {}, functions=(), gaps=["`main.tf`"])
    (change,) = told(before, after).changes
    assert change.turn is Turn.UNKNOWN and "`main.tf`: it is not there" in change.why
    usual = report(1, {"a@f": "fails"}, gaps=["`main.tf`"])
    assert turns(usual, report(2, {}, gaps=["`main.tf`"])) == {"a@f": "fixed"}, (
        "it could not be read before either"
    )


def test_gone_with_all_of_its_functions() -> None:
    assert turns(report(1, {"a@f": "fails"}), report(2, {}, functions=("g",))) == {"a@f": "gone"}


def test_what_was_not_asked_or_scanned_is_not_compared() -> None:
    before = report(1, {"a@f": "fails", "b@f": "fails"})
    found = told(before, report(2, {"b@f": "fails"}, asked=["b"]))
    assert found.changes == () and found.unseen == ("`a` was not asked this time",)
    found = told(before, report(2, {}, root="other"))
    assert found.changes == () and found.unseen == ("the input `infra` was not scanned this time",)


def test_a_run_that_did_not_look_does_not_come_between() -> None:
    one, aside = report(1, {"a@f": "fails", "b@f": "fails"}), report(2, {}, asked=["b"])
    found = told(one, aside, report(3, {"a@f": "fails", "b@f": "fails"}))
    assert {one.fingerprint: one.turn for one in found.changes} == {"b@f": Turn.REOPENED}
    assert found.trend["a"][1] is None
    assert len(found.bases) == 2


def test_what_became_softer_is_not_fixed() -> None:
    assert turns(report(1, {"a@f": "fails"}), report(2, {}, quiet=["a@f"])) == {}


def test_accepted_and_no_longer() -> None:
    one, held = report(1, {"a@f": "fails"}), report(2, {"a@f": "accepted"})
    assert turns(one, held) == {"a@f": "accepted"}
    assert turns(one, held, report(3, {"a@f": "fails"})) == {"a@f": "reopened"}
    assert told(one, held).trend["a"][1].accepted == 1  # type: ignore[union-attr]


def test_a_baseline_hides_nothing_from_history() -> None:
    known = Suppression(SuppressionKind.BASELINE, "in the baseline")
    one = report(1, {"a@f": "fails"})
    after = report(2, {"a@f": "fails"})
    hidden = replace(after, findings=tuple(replace(it, suppressed=known) for it in after.findings))
    assert turns(one, hidden) == {} and told(one, hidden).open == 1


def test_since_a_day_or_a_run() -> None:
    runs = [
        report(1, {"a@f": "fails"}),
        report(5, {}),
        report(9, {"b@f": "fails"}),
        report(12, {"b@f": "fails"}),
    ]
    assert turns(*runs) == {}
    assert turns(*runs, since="2026-11-01") == {"a@f": "fixed", "b@f": "new"}
    assert turns(*runs, since="2026-11-05") == {"b@f": "new"}
    assert turns(*runs, since="20261101T100000Z") == {"a@f": "fixed", "b@f": "new"}
    with pytest.raises(UsageError, match="no run of this series"):
        told(*runs, since="2026-10-01")
    with pytest.raises(UsageError, match="no run of this series"):
        told(*runs, since="yesterday")


def test_another_series_is_another_matter() -> None:
    with TemporaryDirectory() as directory:
        store = Store(Path(directory))
        store.keep(report(1, {"a@f": "fails"}), "here")
        store.keep(report(2, {}), "there")
        found = history(Store(Path(directory)), "there")
        assert found.changes == () and found.others == 1
        assert history(Store(Path(directory)), "nowhere").runs == ()


_STATES = st.sampled_from(["fails", "accepted", "undecided", "crashed"])
_RUN = st.builds(
    lambda states, functions, asked, gaps: (states, functions, asked, gaps),
    st.dictionaries(st.sampled_from(["a@f", "a@g", "b@f"]), _STATES),
    st.sets(st.sampled_from("fg")),
    st.sampled_from([("a", "b"), ("a",), ("b",)]),
    st.sets(st.sampled_from(["`x`", "`y`"])),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(_RUN, min_size=1, max_size=4))
def test_every_open_finding_is_accounted_for_and_every_fix_was_looked_at(runs: list[tuple[Any, ...]]) -> None:
    reports = []
    for day, (states, functions, asked, gaps) in enumerate(runs, 1):
        found = {name: state for name, state in states.items() if name[0] in asked}
        there = functions | {name[2:] for name in found}
        reports.append(report(day, found, functions=there, asked=asked, gaps=gaps))
    last, found_history = reports[-1], told(*reports)
    open_now = {
        one.fingerprint for one in last.findings if isinstance(one.outcome, Fails) and not one.suppressed
    }
    fresh = {one.fingerprint for one in found_history.changes if one.turn in (Turn.NEW, Turn.REOPENED)}
    assert fresh <= open_now and found_history.open == len(open_now) - len(fresh)
    present = {one.address for one in last.functions}
    for one in found_history.changes:
        if one.turn in (Turn.FIXED, Turn.GONE):
            assert one.control in last.asked
            assert one.fingerprint not in {finding.fingerprint for finding in last.findings}
            assert (one.address in present) == (one.turn is Turn.FIXED)
