"""Tasks on workers that die: what is done once, what is begun anew, and what is given up and named."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from stockade.fleet.cluster import Wanted, connected
from stockade.fleet.drive import Drive, SchedulerLost
from stockade.fleet.tasks import Asked, Done, State, Task, Work
from stockade.store.database import Database, quoted
from tests.fleet import deadly

ASKED = Asked("run", "fleet", "regular", only=("untraced-function",))
NOW = "2026-02-03T04:05:06Z"


def gap(done: Done) -> tuple[str, str]:
    """The one gap of what was not read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gaps.parquet"
        path.write_bytes(done.files["gaps"])
        ((what, reason),) = Database("").asked(f"SELECT what, reason FROM {quoted(path)}")
    return what, reason


def test_a_task_that_always_ends_its_worker_is_given_up_and_no_other_is_lost() -> None:
    fine = [Task(f"{100000000000 + number}", f"eu-west-{place}") for number in range(4) for place in (1, 2)]
    odd = [
        Task(deadly.DEADLY, "us-east-1"),
        Task(deadly.DEFECT, "us-east-1"),
        Task(deadly.REFUSED, "us-east-1"),
    ]
    tasks = [*fine[:4], *odd, *fine[4:]]
    kept: list[tuple[Task, Done]] = []
    states: list[State] = []
    work = Work(ASKED, deadly.one, deadly.shared)
    with connected(Wanted(workers=2, at_once=2, memory="0")) as client:
        Drive(client, work, lambda task, done: kept.append((task, done)), states.append, lambda: NOW).run(
            tasks, 5
        )

    assert Counter(task for task, _ in kept) == Counter(tasks), "each is kept once"
    done = dict(kept)
    for task in fine:
        told = done[task].files["shared"].decode()
        assert told in (repr({"of": task.account}), "None"), "what is shared is of its own account"
    for account in {one.account for one in fine}:
        turns = [int(done[one].files["turn"]) for one in fine if one.account == account]
        assert len(set(turns)) == 2, "two workers are never given the same turn"
    what, reason = gap(done[odd[0]])
    assert what == f"`{deadly.DEADLY}/us-east-1`" and "ended its worker again and again" in reason
    assert gap(done[odd[1]])[1] == "reading it failed: ZeroDivisionError: by nought"
    assert gap(done[odd[2]])[1] == "it takes more steps than it may"
    assert [done[one].count.gaps for one in odd] == [1, 1, 1]
    last = states[-1]
    assert (last.done, last.total) == (5 + len(tasks), 5 + len(tasks))
    assert (last.count.functions, last.count.gaps) == (len(fine), 3)
    assert any(one.suspects for one in states), "it was suspected before it was given up"


def test_a_scheduler_without_workers_is_not_waited_for_for_ever() -> None:
    tasks = [Task("100000000000", "eu-west-1")]
    kept: list[Task] = []
    with connected(Wanted(workers=1, at_once=1, memory="0")) as client:
        client.retire_workers(close_workers=True)
        drive = Drive(
            client,
            Work(ASKED, deadly.one),
            lambda task, done: kept.append(task),
            lambda _: None,
            lambda: NOW,
            1,
        )
        with pytest.raises(SchedulerLost, match="no worker"):
            drive.run(tasks)
    assert kept == []
