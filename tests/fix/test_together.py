"""Any fixes of any project are made together without one spoiling another, in every language that is edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stockade.control import Noise, Safety
from stockade.controls import load
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Input, Options, read_all
from stockade.report import Finding, Report
from stockade.scan import scan
from stockade.source import apply
from tests.fix.projects import BYSTANDERS, LANGUAGES, Project, projects

WANTED = {
    *("deprecated-runtime", "untraced-function", "unreserved-concurrency", "unalarmed-errors"),
    *("unscoped-logs", "unbounded-log-retention", "unscoped-invoker", "public-function-url"),
    *("invalid-policy", "unused-permission", "missing-permission", "wildcard-resource"),
}
JUDGE = partial(
    scan, controls=[one for one in load() if one.name in WANTED], at="2026-11-23T00:00:00Z", noise=Noise.STRICT
)


def inputs_of(files: dict[str, str], folder: str) -> list[Input]:
    root = Path(folder)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return list(read_all([root], Options(root, {}, [], {}), lambda done, total, text: None))


def name(finding: Finding) -> str:
    return f"{finding.control} {finding.address}"


def judged(files: dict[str, str]) -> Report:
    with TemporaryDirectory() as folder:
        return JUDGE(inputs_of(files, folder))


def fixed(files: dict[str, str], chosen: frozenset[str], shuffle: Sequence[int]) -> Patch:
    """The fixes of the chosen findings, asked for in some order."""

    def judge(some: Sequence[Input]) -> Report:
        report = JUDGE(some)
        order = sorted(range(len(report.findings)), key=lambda i: (shuffle[i % len(shuffle)], i))
        return replace(report, findings=tuple(report.findings[i] for i in order))

    with TemporaryDirectory() as folder:
        return patch(inputs_of(files, folder), judge, Asked(Safety.REVIEW, lambda one: name(one) in chosen))


def outcomes(made: Patch) -> Counter[tuple[str, Outcome]]:
    return Counter((name(one.finding), one.outcome) for one in made.told)


def counted(report: Report) -> Counter[str]:
    return Counter(map(name, report.findings))


def marks(text: str) -> list[str]:
    return re.findall(r"# (c\d+);", text)


@pytest.mark.parametrize("language", LANGUAGES)
@given(projects(), st.data())
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink an example takes longer than to read it
)
def test_any_choice_in_any_order(language: str, project: Project, data: st.DataObject) -> None:
    files = project.files(language)
    before = judged(files)
    offered = sorted({name(one) for one in before.findings if one.fix and one.fix.safety >= Safety.REVIEW})
    chosen = data.draw(st.frozensets(st.sampled_from(offered), min_size=1))
    shuffle = data.draw(st.lists(st.integers(0, 9), min_size=7, max_size=7))

    made = fixed(files, chosen, [0])
    after = files | {one.shown: one.new.decode() for one in made.files}
    assert not [one for one in made.told if one.outcome is Outcome.DEFECT]

    # in any order the same
    other = fixed(files, chosen, shuffle)
    assert outcomes(other) == outcomes(made)
    assert {one.shown: one.new for one in other.files} == {one.shown: one.new for one in made.files}

    # nothing came, what is made is gone, and all can be read that could be
    then = judged(after)
    gone = Counter(name(one.finding) for one in made.made)
    # (an action that is spelt right then may be one that nobody needs: that is left to a person, and said)
    assert gone or all(one.outcome is Outcome.PERSON and "brings" in one.reason for one in made.told)
    assert counted(then) <= counted(before) - gone
    assert len(then.gaps) <= len(before.gaps)

    # edits meet nowhere, and outside of them all is as it was
    edits = {edit for one in made.told for edit in one.edits}
    spliced = {source.path: data for source, data in apply(edits).items()}
    if all(one.edits for one in made.made if one.reason != "with another fix"):
        assert spliced == {one.shown: one.new for one in made.files}
    for one in made.files:
        new, old = one.new.decode(), one.old.decode()
        assert BYSTANDERS[language] in new
        kept, all_of_them = marks(new), marks(old)
        assert kept == [mark for mark in all_of_them if mark in kept]

    # a second run makes nothing
    again = fixed(after, chosen, shuffle)
    assert not again.files
    assert not again.made


def test_there_is_something_to_choose_from() -> None:
    """A function of each kind, with statements at which several controls meet."""
    from tests.fix.projects import Asked as One

    function = One("api", "python3.8", True, True, True, True, "api")
    project = Project((function,), (("api", ("mixed", "misspelt", "logs")),), 2, False)
    for language in LANGUAGES:
        found = {one.control for one in judged(project.files(language)).findings if one.fix}
        assert len(found) >= 9, (language, found)
