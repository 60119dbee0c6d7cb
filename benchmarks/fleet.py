"""What a fleet costs: made organisations of growing size, scanned by the command, with and without killing.

    python -m benchmarks.fleet --sizes 1000,3000                  # the cost curve
    python -m benchmarks.fleet --sizes 30000,100000 --minutes 45 --write docs/fleet.md
    python -m benchmarks.fleet --parts 300                        # where the time of a function goes
    python -m benchmarks.fleet --killed 10000                     # a worker, its scheduler and the command die
    python -m benchmarks.fleet --cost 30,2                        # what 1,000 accounts cost, by such figures

The organisation is a fake one on loopback (tests/aws), in a process of its own: it keeps AWS's quotas, waits
20 ms before it answers, throttles some calls and breaks off others. `stockade fleet scan` reads it with two
processes. What is found is held to what the organisation was made of. Told are seconds of processor time, as
the machine may be shared, and resident memory. A run that is not done in ``--minutes`` is stopped, and its row
is not written.
"""

from __future__ import annotations

import argparse
import compileall
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.fleet_page import Row, cost, table, told, written
from benchmarks.watching import MB, Watched
from stockade.store.parts import Store
from stockade.store.tables import VERSION
from tests.aws.endpoint import Endpoint, apart
from tests.aws.organization import CONTROLS, ROLE, Organization
from tests.aws.trouble import Trouble
from tests.fleet.runs import command, environment, found, outside_of, pieces

ROOT: Final = Path(__file__).parents[1]
_A_REGION: Final = 100
"""Functions of a made account and region, on average over those that have any."""
_A_SMALL_REGION: Final = 30
_TROUBLE: Final = Trouble(latency=0.02, throttled=0.001, failing=0.002, cut=0.002)
_REGIONS: Final = ("eu-west-1", "us-east-1", "ap-south-1")
_EVERY: Final = 30.0
"""Seconds between two lines of progress."""


class Late(Exception):
    """The time that a run was given is over."""


def organization(size: int, a_region: int = _A_REGION) -> Organization:
    """About so many functions, in accounts with three regions each."""
    return Organization(max(2, size // (2 * a_region)), size, _REGIONS, seed=size)


def words(made: Organization, controls: Sequence[str] = ()) -> list[str]:
    """The command that reads all of it with all controls, or with some."""
    regions = [word for one in made.regions for word in ("--region", one)]
    only = [word for one in controls for word in ("--control", one)]
    return ["fleet", "scan", "--organization", ROLE, "--max-share", "0.9", "--noise", "audit", *regions, *only]


# --------------------------------------------------------------------------------------- the curve


def curve(size: int, workers: int, at_once: int, end: float) -> Row:
    """One organisation, scanned with all controls; what it cost, and whether nothing was lost.

    Raises ``Late`` where it is not done at ``end``, on the monotonic clock.
    """
    made = organization(size)
    longest = end - time.monotonic() + 600
    with tempfile.TemporaryDirectory() as folder, served(made, longest) as endpoint:
        home = Path(folder)
        env = environment(endpoint, made, home)
        more = ("--workers", str(workers), "--at-once", str(at_once))
        load = os.getloadavg()[0]
        begin = time.monotonic()
        process = subprocess.Popen(
            command(*words(made), *more), env=env, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        watched = Watched(process.pid)
        watched.start()
        memory = _followed(process, watched, home / "runs", len(made.truth()), begin, end)
        counted = endpoint.told()
        watched.join(5)
        print("  done; holding what was found to what the organisation was made of", flush=True)
        store = home / "runs"
        kept = Store(store)
        seen, truth = found(store, CONTROLS), made.truth()
        size_of = sum(one.stat().st_size for one in (store / f"v{VERSION}").rglob("*.parquet"))
        return Row(
            functions=sum(map(len, truth.values())),
            inputs=len(truth),
            calls=sum(counted["counts"].values()),
            refused=sum(n for kind, n in counted["answers"].items() if not kind.startswith(("200", "404"))),
            seconds=watched.command.total + watched.workers.total,
            dask=watched.command.total,
            clock=time.monotonic() - begin,
            worker=watched.workers.peak / MB,
            command=watched.command.peak / MB,
            memory=memory,
            endpoint=counted["cpu"],
            findings=kept.select("SELECT count(*) FROM findings")[0][0],
            store=size_of / MB,
            gaps=kept.select("SELECT count(*) FROM gaps")[0][0],
            wrong=wrong(seen, truth),
            at=f"{datetime.now(UTC).date().isoformat()}, load {load:.0f}",
        )


@contextmanager
def served(made: Organization, longest: float, quotas: float | None = 1.0) -> Iterator[Endpoint]:
    """The organisation behind an endpoint in a process of its own."""
    with apart(made, trouble=_TROUBLE, quotas=quotas, longest=longest) as endpoint:
        yield endpoint


def _followed(
    process: subprocess.Popen[bytes], watched: Watched, store: Path, tasks: int, begin: float, end: float
) -> tuple[tuple[int, int], ...]:
    """Say how far a run is until it has ended; memory of the largest worker and of the command, by tenths."""
    said: list[bytes] = []
    threading.Thread(target=lambda: said.append(process.communicate()[1]), daemon=True).start()
    memory: dict[int, tuple[int, int]] = {}
    following = begin
    while not said:
        time.sleep(1)
        now = time.monotonic()
        if now > end:
            process.send_signal(signal.SIGINT)
            _waited(said, 60)
            raise Late(f"stopped after {(now - begin) / 60:.0f} minutes, {_done(store):,} of {tasks:,} read")
        if now < following:
            continue
        following = now + _EVERY
        done = _done(store)
        worker, own = (one // MB for one in watched.now)
        if done:
            memory[10 * done // tasks] = worker, own
        spent = watched.command.total + watched.workers.total
        print(
            f"  {(now - begin) / 60:5.1f} min: {done:,} of {tasks:,} accounts and regions, "
            f"{spent:,.0f} s of CPU; "
            f"largest worker {worker} MB, command {own} MB",
            flush=True,
        )
    if process.returncode not in (1, 3):
        raise SystemExit(said[0].decode())
    return tuple(memory[place] for place in sorted(memory))


def _done(store: Path) -> int:
    return sum(1 for _ in pieces(store))


def _waited(said: Sequence[bytes], seconds: float) -> None:
    late = time.monotonic() + seconds
    while not said and time.monotonic() < late:
        time.sleep(0.5)


def wrong(
    seen: dict[tuple[str, str], dict[str, set[str]]], truth: dict[tuple[str, str], dict[str, set[str]]]
) -> int:
    """Functions of which something else is said than what they were made of, by the controls of the truth."""
    if seen.keys() != truth.keys():
        return len(seen.keys() ^ truth.keys())
    out = 0
    for of, functions in truth.items():
        out += len(functions.keys() ^ seen[of].keys())
        out += sum(seen[of].get(name, set()) != fails for name, fails in functions.items())
    return out


# ----------------------------------------------------------------------------------------- killing


def killed(size: int, end: float) -> None:
    """A worker dies at a fifth of a run, its scheduler at half, the command that went on at three quarters.

    Raises ``Late`` where that is not done at ``end``. Regions are small, for a large one waits for its quotas,
    and only the controls are asked that the truth speaks of.
    """
    made = organization(size, _A_SMALL_REGION)
    truth = made.truth()
    tasks = len(truth)
    with tempfile.TemporaryDirectory() as folder, served(made, end - time.monotonic() + 600) as endpoint:
        home = Path(folder)
        env, store = environment(endpoint, made, home), home / "runs"
        with outside_of(env, home, workers=2, threads=8) as (scheduler, workers, address):
            process = begun(env, home, *words(made, CONTROLS), "--scheduler", address)
            _until(process, store, tasks // 5, tasks, end)
            workers[0].kill()
            print(f"  a worker was killed when {_done(store)} of {tasks} were read", flush=True)
            _until(process, store, tasks // 2, tasks, end)
            scheduler.kill()
            _, err = process.communicate(timeout=600)
            kept = _done(store)
            last = err.strip().splitlines()[-1]
            print(f"  the scheduler was killed; {kept} are kept; it ended with {process.returncode}: {last}")
        more = ("fleet", "scan", "--resume", "latest", "--workers", "2", "--at-once", "16")
        process = begun(env, home, *more)
        _until(process, store, tasks * 3 // 4, tasks, end)
        process.kill()
        process.communicate(timeout=60)
        again = _done(store)
        print(f"  the command was killed; {again} are kept", flush=True)
        process = begun(env, home, *more)
        _until(process, store, tasks, tasks, end)
        _, err = process.communicate(timeout=600)
        if process.returncode not in (1, 3):
            raise SystemExit(err)
        counted = endpoint.counts
        seen = found(store, CONTROLS)
    swept = counted["lambda:GetAccountSettings"]
    functions = sum(map(len, truth.values()))
    print(
        f"{functions:,} functions in {tasks:,} accounts and regions: {wrong(seen, truth)} of them wrong, none "
        f"lost, none there twice; {kept} and then {again} were not read again, {max(0, swept - tasks)} "
        "begun anew or asked twice"
    )


def _until(process: subprocess.Popen[str], store: Path, number: int, tasks: int, end: float) -> None:
    """Wait until so many pieces are kept, or the process has ended, and say how far it is."""
    following = begin = time.monotonic()
    while process.poll() is None and (done := _done(store)) < number:
        now = time.monotonic()
        if now > end:
            process.kill()
            raise Late(f"stopped, {done:,} of {tasks:,} read")
        if now >= following:
            print(f"  {(now - begin) / 60:5.1f} min: {done:,} of {tasks:,} accounts and regions", flush=True)
            following = now + _EVERY
        time.sleep(0.5)
    if process.poll() is not None and number < tasks:
        raise SystemExit(process.communicate()[1])


def begun(env: dict[str, str], home: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*arguments), env=env, cwd=home, stdout=pipe, stderr=pipe, text=True)


# ------------------------------------------------------------------------------------------- parts


def parts(functions: int) -> None:
    """Where the time of a function goes, in one process without Dask, one account after the other."""
    from benchmarks.fleet_parts import measured

    accounts = max(2, functions // _A_REGION)
    made = Organization(accounts + 1, (accounts + 1) * _A_REGION, _REGIONS[:1], seed=4)
    with served(made, 3600, quotas=None) as endpoint:  # what is read here keeps no pace
        print(measured(endpoint, made))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="", metavar="N,N")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--minutes", type=float, default=120, help="for all of it together")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the rows into this page")
    parser.add_argument("--killed", type=int, metavar="N")
    parser.add_argument("--parts", type=int, metavar="N")
    parser.add_argument("--cost", metavar="MS,GB")
    asked = parser.parse_args()
    compileall.compile_dir(ROOT / "src", quiet=2)  # as installing does
    end = time.monotonic() + 60 * asked.minutes
    rows: list[Row] = []
    for size in map(int, filter(None, re.split(r"[,\s]+", asked.sizes))):
        print(f"{size:,} functions", flush=True)
        try:
            rows.append(curve(size, asked.workers, asked.at_once, end))
        except Late as late:
            print(f"  {late}; no row is written of it", file=sys.stderr, flush=True)
            break
        print(told(rows[-1]), flush=True)
        if asked.write:
            asked.write.write_text(written(asked.write.read_text(), rows))
    if rows:
        print(table(rows))
    if asked.killed:
        try:
            killed(asked.killed, end)
        except Late as late:
            print(f"  {late}; nothing can be said of it", file=sys.stderr, flush=True)
    if asked.parts:
        parts(asked.parts)
    if asked.cost:
        a_function, memory = map(float, asked.cost.split(","))
        print(cost(a_function, memory))


if __name__ == "__main__":
    main()
