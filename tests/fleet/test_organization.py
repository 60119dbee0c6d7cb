"""`stockade fleet scan` of a made organisation: nothing lost, nothing counted twice, and nothing silent."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.endpoint import Endpoint, apart
from tests.aws.organization import CONTROLS, Organization
from tests.aws.trouble import Trouble
from tests.fleet.runs import asked, command, environment, found, pieces, ran, words

MADE = Organization(4, 40, seed=5)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with apart(MADE, trouble=Trouble(latency=0.02, throttled=0.05)) as running:
        yield running


def test_an_organisation_is_scanned_as_it_is_and_asked_about(endpoint: Endpoint, tmp_path: Path) -> None:
    env = environment(endpoint, MADE, tmp_path)
    done = ran(env, *words(MADE, "--workers", "2", "--format", "json"))
    assert done.returncode == 1, done.stderr
    assert found(tmp_path / "runs") == MADE.truth()
    counts = endpoint.counts
    assert counts["iam:GetAccountAuthorizationDetails"] == 2 * MADE.accounts, (
        "IAM is swept once for each account"
    )

    report = json.loads(done.stdout)
    truth = MADE.truth()
    assert [one["path"] for one in report["inputs"]] == [
        f"{number}/{region}" for number, region in sorted(truth)
    ]
    assert len(report["functions"]) == sum(map(len, truth.values()))
    told = {(one["control"], one["address"]) for one in report["findings"] if one["verdict"] == "fails"}
    assert len(told) == sum(len(fails) for some in truth.values() for fails in some.values())
    assert report["gaps"] == []
    run = next((tmp_path / "runs" / "v1").iterdir()).name
    again = ran(env, "report", run, "--format", "json")
    assert again.stdout == done.stdout, "a kept run is the same report"
    assert not list(pieces(tmp_path / "runs")), "the pieces have become a run"

    outside = {
        (number, region, name): sorted({"public-invoke", "public-function-url"} & fails)
        for (number, region), some in truth.items()
        for name, fails in some.items()
        if {"public-invoke", "public-function-url"} & fails
    }
    assert outside, "the truth has some"
    view = asked(env, "outside", "--limit", "0")
    assert {(r["account"], r["region"], r["function"]): r["invoked_through"] for r in view["rows"]} == outside
    assert set(view["not_asked"]) == {"cross-account-invoke", "unauthenticated-api", "unscoped-invoker"}
    controls = {row["control"]: row["fails"] for row in asked(env, "controls")["rows"]}
    assert controls == {
        one: sum(one in fails for some in truth.values() for fails in some.values()) for one in CONTROLS
    }
    history = ran(env, "history", "--series", f"fleet of {MADE.numbers[0]}")
    assert run in history.stdout and history.returncode == 0


def test_a_run_that_is_killed_goes_on_where_it_was(endpoint: Endpoint, tmp_path: Path) -> None:
    env = environment(endpoint, MADE, tmp_path)
    store = tmp_path / "runs"
    begun = subprocess.Popen(
        command(*words(MADE, "--workers", "1", "--at-once", "1")),
        env=env,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 200
    while len(list(pieces(store))) < 2 and time.monotonic() < until and begun.poll() is None:
        time.sleep(0.05)
    begun.send_signal(signal.SIGKILL)
    begun.communicate(timeout=30)
    kept = {one.name + one.parent.name: one.stat().st_mtime_ns for one in pieces(store)}
    assert 2 <= len(kept) < len(MADE.truth())
    assert not (store / "v1").exists(), "what is not finished is no run"
    other = ran(env, "fleet", "scan", "--resume", "latest", "--control", "public-invoke")
    assert other.returncode == 2 and "cannot be said again" in other.stderr

    (spoilt,) = [one for one in pieces(store) if one.name + one.parent.name == max(kept)]
    (spoilt / "findings.parquet").write_bytes(b"PAR1 and no more")
    done = ran(env, "fleet", "scan", "--resume", "latest", "--workers", "1")
    assert f"{len(kept) - 1:,} of them done" in done.stderr, (
        "what is whole is kept, what is damaged is read again"
    )
    assert done.returncode == 1, done.stderr
    assert found(store) == MADE.truth()
    finished = ran(env, "fleet", "scan", "--resume", next((store / "v1").iterdir()).name)
    assert finished.returncode == 2 and "is finished" in finished.stderr
