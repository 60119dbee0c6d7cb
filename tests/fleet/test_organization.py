"""`stockade fleet scan` of a made organisation: nothing lost, nothing counted twice, whatever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from distributed import Client

from stockade.errors import UsageError
from tests.aws.endpoint import Endpoint, apart
from tests.aws.organization import CONTROLS, Organization
from tests.aws.trouble import Trouble
from tests.fleet.runs import (
    asked,
    begun,
    command,
    ended,
    environment,
    found,
    outside_of,
    pieces,
    told,
    until,
    words,
)

MADE = Organization(5, 40, seed=5)
TRUTH = MADE.truth()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with apart(MADE, trouble=Trouble(latency=0.02, throttled=0.05)) as running:
        yield running


def a_worker(of: subprocess.Popen[str]) -> psutil.Process:
    """One of the processes that do the work of a command."""
    below = psutil.Process(of.pid).children(recursive=True)
    return next(one for one in below if "spawn_main" in " ".join(one.cmdline()))


def test_an_organisation_is_scanned_as_it_is_though_a_worker_dies(endpoint: Endpoint, tmp_path: Path) -> None:
    env, store = environment(endpoint, MADE, tmp_path), tmp_path / "runs"
    process = begun(env, *words(MADE, "--workers", "2", "--at-once", "2", "--format", "json"))
    until(process, store, 2)
    a_worker(process).kill()
    status, out, err = ended(process)
    assert status == 1, err
    assert found(store) == TRUTH
    assert not list(pieces(store)), "the pieces have become a run"

    report = json.loads(out)
    assert [one["path"] for one in report["inputs"]] == [
        f"{number}/{region}" for number, region in sorted(TRUTH)
    ]
    assert len(report["functions"]) == sum(map(len, TRUTH.values()))
    failing = {(one["control"], one["address"]) for one in report["findings"] if one["verdict"] == "fails"}
    assert len(failing) == sum(len(fails) for some in TRUTH.values() for fails in some.values())
    assert report["gaps"] == []
    run = next((store / "v1").iterdir()).name
    assert told(env, "report", run, "--format", "json").stdout == out, "a kept run is the same report"
    assert run in told(env, "history", "--series", f"fleet of {MADE.numbers[0]}").stdout

    outside = {
        (number, region, name): sorted({"public-invoke", "public-function-url"} & fails)
        for (number, region), some in TRUTH.items()
        for name, fails in some.items()
        if {"public-invoke", "public-function-url"} & fails
    }
    assert outside, "the truth has some"
    view = asked(env, "outside", "--limit", "0")
    assert {(r["account"], r["region"], r["function"]): r["invoked_through"] for r in view["rows"]} == outside
    assert set(view["not_asked"]) == {"cross-account-invoke", "unauthenticated-api", "unscoped-invoker"}
    controls = {row["control"]: row["fails"] for row in asked(env, "controls")["rows"]}
    assert controls == {
        one: sum(one in fails for some in TRUTH.values() for fails in some.values()) for one in CONTROLS
    }


def test_a_run_goes_on_where_it_was_whoever_was_killed(endpoint: Endpoint, tmp_path: Path) -> None:
    env, store = environment(endpoint, MADE, tmp_path), tmp_path / "runs"
    process = begun(env, *words(MADE, "--workers", "1", "--at-once", "1"))
    until(process, store, 2)
    process.kill()
    ended(process)
    kept = sorted(pieces(store))
    assert 2 <= len(kept) < len(TRUTH)
    assert not (store / "v1").exists(), "what is not finished is no run"
    with pytest.raises(UsageError, match="cannot be said again"):
        told(env, "fleet", "scan", "--resume", "latest", "--control", "public-invoke")
    (kept[0] / "findings.parquet").write_bytes(b"PAR1 and no more")

    with outside_of(env, tmp_path) as (scheduler, _, address):
        process = begun(env, "fleet", "scan", "--resume", "latest", "--scheduler", address)
        until(process, store, len(kept) + 1)
        scheduler.kill()
        status, _, err = ended(process)
    assert f"{len(kept) - 1} of them done" in err, "what is whole is kept, what is damaged is read again"
    assert "the scheduler is gone" in err and "go on with: stockade fleet scan --resume" in err
    assert status == 3
    assert len(list(pieces(store))) < len(TRUTH)

    status, _, err = ended(begun(env, "fleet", "scan", "--resume", "latest", "--workers", "1"))
    assert status == 1, err
    assert found(store) == TRUTH
    with pytest.raises(UsageError, match="is finished"):
        told(env, "fleet", "scan", "--resume", next((store / "v1").iterdir()).name)


@pytest.mark.skipif(sys.version_info >= (3, 11, 9), reason="this Python bears being profiled")
def test_workers_that_a_profiler_could_stop_for_good_are_not_used(endpoint: Endpoint, tmp_path: Path) -> None:
    env = environment(endpoint, MADE, tmp_path)
    with outside_of(env, tmp_path, profiled=True) as (_, _, address):
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        status, _, err = ended(begun(env, *words(MADE, "--scheduler", address)))
    assert status == 2 and "profiled by Dask" in err
    assert "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=false" in err


def test_ctrl_c_is_heard_by_the_command_alone(endpoint: Endpoint, tmp_path: Path) -> None:
    """A terminal sends it to the workers as well, which would each say on it how they died."""
    env, store = environment(endpoint, MADE, tmp_path), tmp_path / "runs"
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command(*words(MADE, "--workers", "1", "--at-once", "1")),
        env=env,
        cwd=tmp_path,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
        # A shell that puts the tests into the background has them, and all that they begin, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until(process, store, 1)
    os.killpg(process.pid, signal.SIGINT)
    status, out, err = ended(process)
    assert (status, out) == (130, ""), err
    begun_line, *rest = [line for line in err.splitlines() if line and " of " not in line]
    assert begun_line.startswith("run fleet-")
    assert rest == [f"stopped; go on with: stockade fleet scan --resume {begun_line.split(':')[0][4:]}"]
    assert list(pieces(store)), "what was done is kept"
