"""What is still there of tasks that are done: no more after many than after few, in command and worker."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any

import pytest
from distributed import Worker

from stockade.fleet import work
from stockade.fleet.cluster import Wanted, connected
from stockade.fleet.drive import Drive
from stockade.fleet.learnt import Learnt
from stockade.fleet.tasks import Asked, Task, Work
from stockade.iam import policies
from stockade.iam.match import arn_parts
from stockade.memory import memories
from stockade.read.account.session import role_of
from tests.aws.endpoint import key_of, running
from tests.aws.organization import CONTROLS, ROLE, Organization
from tests.fleet import deadly

NOW = "2026-02-03T04:05:06Z"
ASKED = Asked("run", "fleet", "regular", only=("untraced-function",))
BUCKET = "stockade.read.account.pace.Bucket"
MOST = 100
"""Entries that a log of Dask's may keep."""


def test_the_command_and_its_workers_keep_no_more_after_300_tasks_than_after_50() -> None:
    with connected(Wanted(workers=1, at_once=4, memory="0")) as client:
        drive = Drive(client, Work(ASKED, deadly.tiny, deadly.shared), ignored, ignored, lambda: NOW)
        cluster: Any = client.cluster
        scheduler = cluster.scheduler

        def after(first: int, last: int) -> Counter[str]:
            """What the command holds: Dask's client and its scheduler are in this process."""
            drive.run([Task(str(100000000000 + n // 2), f"eu-west-{n % 2 + 1}") for n in range(first, last)])
            client.run(gc.collect)
            return held("stockade.", "distributed.client.Future", "distributed.scheduler.TaskState")

        few = after(0, 50)
        many = after(50, 300)
        assert many["stockade.fleet.tasks.Done"] == few["stockade.fleet.tasks.Done"] == 0
        assert many["distributed.scheduler.TaskState"] <= few["distributed.scheduler.TaskState"] + 2
        assert many["distributed.client.Future"] <= few["distributed.client.Future"] + 2

        here = {name: len(getattr(scheduler, name)) for name in ("transition_log", "computations", "tasks")}
        here |= {f"events of {topic}": len(one.events) for topic, one in scheduler._broker._topics.items()}
        here |= {f"said to {peer}": len(one.recent_message_log) for peer, one in scheduler.stream_comms.items()}
        here |= {f"monitored {name}": one.maxlen for name, one in scheduler.monitor.quantities.items()}
        assert len(here) > 8 and here["transition_log"] == MOST
        assert here["computations"] == 1 and here["tasks"] == 0
        assert max(here.values()) <= MOST, here

        (there,) = client.run(logs).values()
        assert there["log"] == there["stimulus_log"] == MOST, "there was more to write than is kept"
        assert there["tasks"] == 0
        assert max(there.values()) <= MOST, there


def logs(dask_worker: Worker) -> dict[str, int]:
    """How long each of a worker's logs is."""
    state = dask_worker.state
    out = {"log": len(state.log), "stimulus_log": len(state.stimulus_log), "tasks": len(state.tasks)}
    out["incoming"] = len(dask_worker.transfer_incoming_log)
    out["outgoing"] = len(dask_worker.transfer_outgoing_log)
    out["said"] = len(dask_worker.batched_stream.recent_message_log)
    out |= {f"monitored {name}": one.maxlen or 0 for name, one in dask_worker.monitor.quantities.items()}
    return out


def test_a_process_that_reads_account_after_account_keeps_nothing_of_those_that_are_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Organization(16, 60, ("eu-west-1",), seed=5)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_of(made.numbers[0]))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(work, "_OPEN", work._Open())
    monkeypatch.setattr(work, "LEARNT", Learnt(every=1))
    asked = Asked("run", "fleet", "regular", (*CONTROLS, "admin-role"), home="eu-west-1", share=1000.0)
    with running(made) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)

        def after(first: int, last: int) -> Counter[str]:
            for number in made.numbers[first:last]:
                task = Task(number, "eu-west-1", role_of(number, ROLE))
                done = work.one(task, asked, work.shared(task, asked, NOW), NOW)
                assert not done.count.gaps, "each is read as a whole"
            del done
            policies._ready.clear()  # the last 64 documents are kept compiled, whose ever they are
            return held("stockade.", "botocore.client.", "botocore.session.", "botocore.credentials.")

        few = after(0, 4)
        many = after(4, 16)
    # Buckets of quotas are forgotten by the clock: tests/read/account/test_pace.py counts them.
    grown = {name: count for name, count in (many - few).items() if count >= 12 and name != BUCKET}
    assert not grown, "one and more of each account is kept"
    assert not work._OPEN.kept
    # The last report was written after they were forgotten.
    kept = {one.__module__ for one in memories() if one.cache_info().currsize}
    assert kept <= {"stockade.show.json"}, "texts of accounts that are done are forgotten"


def test_what_was_learnt_of_texts_is_emptied_when_enough_functions_were_decided() -> None:
    learnt = Learnt(every=100)
    of_arns = next(one for one in memories() if one.__name__ == "arn_parts")
    arn_parts(("arn:aws:lambda:eu-west-1:111122223333:function:orders",))
    learnt.decided(99)
    assert of_arns.cache_info().currsize
    learnt.decided(1)
    assert not of_arns.cache_info().currsize
    arn_parts(("arn:aws:lambda:eu-west-1:111122223333:function:orders",))
    learnt.decided(99)
    assert of_arns.cache_info().currsize, "it counts from the last time"
    assert not {"known", "_database"} & {one.__name__ for one in memories()}, "what was opened stays open"


def held(*of: str) -> Counter[str]:
    """Objects that the collector knows, by type, of the modules or types whose names begin so."""
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith(of))


def ignored(*_: Any) -> None:
    """Nobody keeps what comes, and nobody is told."""
