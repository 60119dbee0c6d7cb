"""Repositories of a folder as one run: by their own configuration, told apart, and asked about together."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import progress
from stockade.cli.fleet.repository import repository
from stockade.errors import StoreError, UsageError
from stockade.fleet.journal import Journal, Plan
from stockade.fleet.listed import of_folder
from stockade.fleet.tasks import Asked, Task
from stockade.fleet.views import VIEWS, ask, posture, query
from stockade.fleet.work import unread
from stockade.model.gap import Gap
from stockade.store.history import chosen, history
from stockade.store.parts import Store
from stockade.store.recall import decoded
from stockade.value import Default

AT = "2026-02-03T04:05:06Z"
EXAMPLE = Path(__file__).parents[2] / "examples" / "checklist-before"
CONTROLS = ("untraced-function", "admin-role", "unscoped-logs", "public-function-url", "deprecated-runtime")
NOT_READ = Task("111122223333", "eu-west-1")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two repositories with the same root module and an empty one, and an account that was not read."""
    folder = tmp_path_factory.mktemp("repositories")
    for name in ("pay", "ship"):
        shutil.copytree(EXAMPLE, folder / name / "infra")
    (folder / "empty").mkdir()
    accept = '[[accept]]\ncontrol = "untraced-function"\nreason = "it is only a sample"\n'
    (folder / "pay" / "stockade.toml").write_text(accept)
    store = folder / ".runs"
    for at in (AT, "2026-02-04T04:05:06Z"):
        tasks = (*of_folder(folder, "."), NOT_READ)
        journal = Journal.begun(store, Plan("0", at, "fleet", {}, tasks))
        asked = Asked(journal.run, "fleet", "regular", CONTROLS, folder=str(folder))
        gap = Gap("`111122223333/eu-west-1`", "the role could not be assumed", Default(""), "let it")
        for task in tasks:
            done = repository(task, asked, None, at) if task.repository else unread(task, asked, gap, at)
            journal.keep(task, done)
            journal.keep(task, done)  # twice does not count twice
        assert journal.missing(tasks) == []
        journal.finish()
    return Store(store)


def rows(kept: Store, view: str, account: str | None = None) -> list[dict[str, Any]]:
    answer = ask(kept, "latest", view, account)
    assert (answer.partly, answer.inputs) == (1, 4)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


class Terminal(StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_worker_writes_nothing_on_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the command's, which says there how far all is."""
    shutil.copytree(EXAMPLE, tmp_path / "pay")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    repository(
        Task(repository="pay"), Asked("run", "fleet", "regular", CONTROLS, folder=str(tmp_path)), None, AT
    )
    assert terminal.getvalue() == ""
    with progress.watched() as between:
        between(0, 1, "main.tf")
        while "main.tf" not in terminal.getvalue():
            time.sleep(0.01)


def test_the_same_root_in_two_repositories_is_two_inputs(kept: Store) -> None:
    run, documents = chosen(kept, "latest")
    report = decoded(documents)
    assert [one.root for one in report.inputs] == ["111122223333/eu-west-1", "empty", "pay/infra", "ship/infra"]
    assert (run.functions, len(report.functions)) == (12, 12)
    prints = [one.fingerprint for one in report.findings]
    assert len(set(prints)) == len(prints)
    own = {one.input for one in report.findings if one.control == "untraced-function" and one.suppressed}
    assert own == {2}, "only one of them accepts it"
    assert [one.spare for one in report.gaps] == [False, True]
    told = [(one.kind.name, one.message) for one in report.notices]
    assert told == [], "an accept that one repository uses is used"
    severities = [one.severity for one in report.findings]
    assert severities == sorted(severities, reverse=True), "in the order of one scan"


def test_what_a_second_run_sees_is_compared(kept: Store) -> None:
    told = history(kept, "fleet")
    assert [one.functions for one in told.runs] == [12, 12]
    assert told.changes == () and told.open > 0
    now = told.trend["untraced-function"][-1]
    assert now is not None and now.accepted == 6 and now.fails == 6


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers(kept: Store, view: str) -> None:
    answer = ask(kept, "latest", view, limit=1)
    assert answer.total >= len(answer.rows) and answer.columns
    assert len(answer.rows) == 1
    whole = ask(kept, "latest", view)
    assert whole.total == len(whole.rows) == answer.total, "what is cut is counted"
    assert (whole.columns, whole.rows[:1]) == (answer.columns, answer.rows)
    assert kept.select(query(view), (), [whole.run]) == list(whole.rows), "as `--sql` has it"


def test_views_tell_what_is_so(kept: Store) -> None:
    outside = rows(kept, "outside")
    assert [(one["account"], one["invoked_through"], one["accepted"]) for one in outside] == [
        ("pay", ["public-function-url"], False),
        ("ship", ["public-function-url"], False),
    ]
    assert rows(kept, "outside", "pay") == outside[:1]
    accounts = {one["account"]: one for one in rows(kept, "accounts")}
    assert accounts["pay"]["accepted"] == 6 and accounts["ship"]["accepted"] == 0
    assert accounts["empty"]["functions"] == 0 and accounts["111122223333"]["gaps"] == 1
    roles = [(one["account"], one["role"], one["functions"]) for one in rows(kept, "roles")]
    assert roles == [("pay", "aws_iam_role.report", 2), ("ship", "aws_iam_role.report", 2)]
    traced = [one for one in rows(kept, "fixes") if one["control"] == "untraced-function"]
    assert sum(one["functions"] for one in traced) == 6, "what is accepted needs no fix"
    assert {one["accounts"] for one in traced} == {1}
    (lost,) = rows(kept, "unread")
    assert lost["reason"] == "the role could not be assumed" and lost["for_example"] == "111122223333/eu-west-1"


def test_what_is_told_at_the_end_adds_up(kept: Store) -> None:
    found = posture(kept, "latest")
    assert (found.inputs, found.owners, found.kind, found.functions) == (4, 4, "repository", 12)
    assert (found.partly, found.gaps, found.accepted) == (1, 1, 6)
    assert sum(found.failing.values()) == sum(one.findings for one in found.controls)
    worst = found.worst()
    assert worst is not None and worst == found.controls[0].severity


@pytest.mark.parametrize(
    ("run", "view", "account", "said"),
    [
        ("latest", "outsid", None, "there is no view `outsid`"),
        ("latest", "controls", "pay", "is about all accounts together"),
        ("fleet-2025", "outside", None, "no run `fleet-2025` is kept"),
    ],
)
def test_what_cannot_be_asked_is_told(kept: Store, run: str, view: str, account: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask(kept, run, view, account)


def test_a_view_is_a_statement_for_any_duckdb(kept: Store) -> None:
    import duckdb

    run = chosen(kept, "latest")[0].run
    *_, last = duckdb.connect().execute(kept.standalone(query("accounts"), run)).fetchall()
    assert last is not None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "plan.json").write_text("{"),
        lambda folder: (folder / "plan.json").unlink(),
    ],
)
def test_a_plan_that_is_spoilt_is_told(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    journal = Journal.begun(tmp_path, Plan("0", AT, "fleet", {}, (NOT_READ,)))
    other = Journal.begun(tmp_path, Plan("0", AT, "fleet", {}, (NOT_READ,)))
    assert other.run == f"{journal.run}-2", "two of one second are two"
    assert Journal.resumed(tmp_path, "latest")[0].run == other.run
    spoil(journal.directory)
    with pytest.raises(StoreError, match="the plan of the run"):
        Journal.resumed(tmp_path, journal.run)
    with pytest.raises(UsageError, match="waits to be gone on with"):
        Journal.resumed(tmp_path, "fleet-2025")
