"""What a fleet costs: made organisations of growing size, and questions about ten million findings.

    python -m benchmarks.fleet --sizes 1000,3000,10000     # the cost curve; minutes for each thousand functions
    python -m benchmarks.fleet --posture 10000000          # the views over so many made findings
    python -m benchmarks.fleet --pieces 2000               # putting so many pieces of a run together
    python -m benchmarks.fleet --cost 30,0.5               # what 1,000 accounts cost, from measured figures

The organisation is a fake one on loopback (tests/aws), in a process of its own: it keeps AWS's quotas, waits
20 ms before it answers, throttles some calls and breaks off others. `stockade fleet scan` reads it with two
processes. What is found is held to what the organisation was made of. Told are seconds of processor time, as
the machine may be shared, and the largest resident memory of a worker.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from stockade.fleet.journal import Journal, Plan
from stockade.fleet.tasks import Done, Task
from stockade.fleet.views import VIEWS, ask
from stockade.store.database import Database, quoted
from stockade.store.parts import Store
from stockade.store.tables import COLUMNS, VERSION
from tests.aws.endpoint import apart
from tests.aws.organization import CONTROLS, ROLE, Organization
from tests.aws.trouble import Trouble
from tests.fleet.runs import command, environment, found

_A_REGION: Final = 40
"""Functions of a made account and region, on average over those that have any."""
_TROUBLE: Final = Trouble(latency=0.02, throttled=0.001, failing=0.002, cut=0.002)


class Peak(threading.Thread):
    """Watches a process and those below it: the largest memory of a worker, and the seconds of all of them."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(process)
        self.worker = 0
        self._seconds: dict[int, float] = {}

    def run(self) -> None:
        while self._process.is_running():
            try:
                for one in (self._process, *self._process.children(recursive=True)):
                    used = one.cpu_times()
                    self._seconds[one.pid] = used.user + used.system
                    if "spawn_main" in " ".join(one.cmdline()):
                        self.worker = max(self.worker, one.memory_info().rss)
            except psutil.Error:
                pass  # it ended while it was looked at
            time.sleep(0.5)

    @property
    def seconds(self) -> float:
        """Processor time of all, up to half a second before each ended."""
        return sum(self._seconds.values())


def curve(size: int, workers: int, at_once: int) -> dict[str, Any]:
    """One organisation, scanned with all controls; what it cost, and whether nothing was lost."""
    made = Organization(
        max(2, size // (2 * _A_REGION)), size, ("eu-west-1", "us-east-1", "ap-south-1"), seed=size
    )
    with tempfile.TemporaryDirectory() as folder, apart(made, trouble=_TROUBLE, quotas=1.0) as endpoint:
        home = Path(folder)
        env = environment(endpoint, made, home)
        regions = [word for one in made.regions for word in ("--region", one)]
        words = ["fleet", "scan", "--organization", ROLE, "--max-share", "0.9", "--noise", "audit", *regions]
        words += ["--workers", str(workers), "--at-once", str(at_once)]
        begin = time.monotonic()
        process = subprocess.Popen(
            command(*words), env=env, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        peak = Peak(process.pid)
        peak.start()
        _, err = process.communicate()
        peak.join(5)
        if process.returncode not in (1, 3):
            raise SystemExit(err.decode())
        told = endpoint.told()
        kept = Store(home / "runs")
        gaps = kept.select("SELECT what, reason, count(*) FROM gaps GROUP BY ALL LIMIT 5")
        wrong = _wrong(home / "runs", made)
        run = home / "runs" / f"v{VERSION}"
        return {
            "functions": sum(map(len, made.truth().values())),
            "inputs": len(made.truth()),
            "seconds": peak.seconds,
            "wall": time.monotonic() - begin,
            "worker": peak.worker / 2**20,
            "requests": sum(told["counts"].values()),
            "refused": {kind: n for kind, n in told["answers"].items() if not kind.startswith(("200", "404"))},
            "endpoint": told["cpu"],
            "findings": kept.select("SELECT count(*) FROM findings")[0][0],
            "store": sum(one.stat().st_size for one in run.rglob("*.parquet")) / 2**20,
            "gaps": gaps,
            "wrong": wrong,
        }


def _wrong(store: Path, made: Organization) -> int:
    """Functions of which something else is said than what they were made of, by the controls of the truth."""
    seen, truth = found(store), made.truth()
    if seen.keys() != truth.keys():
        return len(seen.keys() ^ truth.keys())
    wrong = 0
    for of, functions in truth.items():
        wrong += len(functions.keys() ^ seen[of].keys())
        wrong += sum(seen[of].get(name, set()) & set(CONTROLS) != fails for name, fails in functions.items())
    return wrong


def posture(findings: int) -> None:
    """Every view over a run of made findings: a thousand accounts, seventeen regions each."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        begin = time.process_time()
        _made(store, findings)
        size = sum(one.stat().st_size for one in store.rglob("*.parquet")) / 2**20
        spent = time.process_time() - begin
        print(f"{findings:,} findings: {size:.0f} MB of Parquet, made in {spent:.1f} s of CPU", flush=True)
        for name in VIEWS:
            kept = Store(store, threads=os.cpu_count() or 1)
            begin, clock = time.process_time(), time.monotonic()
            answer = ask(kept, "latest", name, limit=50)
            print(
                f"  {name:<10} {time.process_time() - begin:6.2f} s CPU {time.monotonic() - clock:6.2f} s clock"
                f"  {answer.total:>9,} rows"
            )
        print(f"  {psutil.Process().memory_info().rss / 2**20:.0f} MB resident")


def _made(store: Path, findings: int) -> None:
    """A run as a fleet leaves it, made in SQL: ten findings a function."""
    run = "fleet-20260203T040506Z"
    folder = store / f"v{VERSION}" / run
    folder.mkdir(parents=True)
    names = [
        *("untraced-function", "public-invoke", "deprecated-runtime", "wildcard-action", "unscoped-logs"),
        *("plaintext-secret", "unalarmed-errors", "public-function-url", "unused-permission", "admin-role"),
        *("unscoped-invoker", "shared-role", "unencrypted-logs", "open-cors", "unauthenticated-api"),
    ]
    listed = ", ".join(f"'{one}'" for one in names)
    database = Database("making a run", threads=os.cpu_count() or 1)
    database.asked(
        f"""CREATE TABLE made AS SELECT f, account || '/' || region AS root, account,
        format('arn:aws:lambda:{{}}:{{}}:function:service-{{}}', region, account, f) AS address
        FROM (SELECT f, (100000000000 + (f % 17000) // 17)::VARCHAR AS account,
        format('eu-area-{{}}', f % 17) AS region FROM range({max(17_000, findings // 10)}) t(f))"""
    )
    tables = {
        "functions": """SELECT root, address, format('service-{}', f) AS name,
            format('arn:aws:iam::{}:role/role-{}', account, (f // 17000) % 20) AS role,
            ['python3.12', 'python3.8', 'nodejs22.x'][1 + f % 3] AS runtime FROM made""",
        "findings": f"""SELECT root, [{listed}][1 + (f * 7 + n) % 15] AS control,
            format('{{:016x}}', f * 16 + n) AS fingerprint, address, [address] AS functions,
            CASE WHEN (f + n) % 5 = 0 THEN 'undecided' ELSE 'fails' END AS verdict,
            ['low', 'medium', 'high', 'critical'][1 + (f + n) % 4] AS severity,
            ['regular', 'regular', 'strict'][1 + (f + n) % 3] AS noise, (f + n) % 40 = 0 AS accepted,
            format('finding {{}} of this', n % 9) AS message, NULL AS path, NULL AS line,
            format('fix {{}}', n) AS fix, 'review' AS safety FROM made, range(10) u(n)""",
        "gaps": """SELECT root, format('`lambda:GetPolicy` of `{}` in `{}`', f, root) AS what,
            'AWS denies it (AccessDenied)' AS reason FROM made WHERE f % 500 = 0""",
        "coverage": f"""SELECT unnest([{listed}]) AS control, 10 AS holds, 10 AS fails, 1 AS undecided,
            0 AS crashed FROM range(17000)""",
        "runs": f"""SELECT 'fleet' AS series, '2026-02-03T04:05:06Z' AS at, '0.1.0' AS version,
            'regular' AS noise, [{listed}] AS asked, [root] AS roots, [root] AS paths,
            100 AS functions, 10 AS open, 0 AS accepted, 0 AS undecided, 0 AS crashed, 0 AS gaps,
            '{{}}' AS report, '{{}}' AS aside FROM made WHERE f < 17000""",
    }
    for table, sql in tables.items():
        columns = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in COLUMNS[table].items())
        to = quoted(folder / f"{table}.parquet")
        whole = f"SELECT {columns} FROM (SELECT '{run}' AS run, * FROM ({sql}))"
        database.asked(f"COPY ({whole}) TO {to} (FORMAT parquet, COMPRESSION zstd)")


def pieces(number: int, functions: int) -> None:
    """Putting pieces together: one made account and region, kept so many times."""
    from stockade.fleet.tasks import Asked, Count
    from stockade.fleet.work import decided, done
    from stockade.read.build import build
    from stockade.read.inputs import Input
    from tests.aws.endpoint import running
    from tests.aws.scanning import AT, reading

    made = Organization(1, functions, ("eu-west-1",))
    asked = Asked("fleet-20260203T040506Z", "fleet", "regular")
    with running(made) as endpoint:
        answers = reading(endpoint, account=made.numbers[0], region="eu-west-1")
    given = Input(
        answers.kind, answers.path, len(answers.resources), build(answers), answers.path, reading=answers
    )
    one = done(decided([given], asked, AT), asked)
    tasks = tuple(Task(str(200_000_000_000 + place // 17), f"eu-west-{place % 17}") for place in range(number))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.begun(Path(folder), Plan("0", AT, "fleet", {}, tasks))
        begin = time.process_time()
        for task in tasks:
            journal.keep(task, Done(one.files, Count()))
        kept = time.process_time() - begin
        begin = time.process_time()
        journal.finish()
        put = time.process_time() - begin
        size = sum(each.stat().st_size for each in Path(folder).rglob("*.parquet")) / 2**20
        piece = sum(map(len, one.files.values())) / 1024
        print(
            f"{number:,} pieces of {functions} functions ({piece:.0f} KB each): "
            f"{1000 * kept / number:.1f} ms CPU to keep one, "
            f"{1000 * put / number:.1f} ms to put it in its place; "
            f"{size:.1f} MB in the end, "
            f"{psutil.Process().memory_info().rss / 2**20:.0f} MB resident"
        )


# -------------------------------------------------------------------------------------------- costs

_VCPU, _GIGABYTE = 0.04048, 0.004445
"""US dollars an hour on Fargate, Linux on x86, us-east-1, as AWS published them in 2025."""
_LAMBDA = 0.0000166667
"""US dollars a gigabyte and second on Lambda, likewise."""
_ACCOUNTS, _REGIONS, _FUNCTIONS = 1000, 17, 100
_SHARE = 0.5
_CALLS: Final = {"lambda": (4.1, 15.0), "logs": (1.0, 5.0), "iam": (2.5, 15.0)}
"""Calls for a function out of the quotas that are scarce, and how many of them AWS answers a second. IAM's, of
which an account has one, are read beside those of other accounts."""


def cost(a_function: float, gigabytes: float) -> None:
    """Time and money for a fleet, from ms of CPU for ``a_function`` and the memory of a core's worker."""
    tasks = _ACCOUNTS * _REGIONS
    cpu = tasks * _FUNCTIONS * a_function / 1000
    waits = max(_FUNCTIONS * calls / (rate * _SHARE) for calls, rate in _CALLS.values())
    account = _REGIONS * _FUNCTIONS * _CALLS["iam"][0] / (_CALLS["iam"][1] * _SHARE)
    print(f"{tasks * _FUNCTIONS:,} functions: {cpu / 3600:,.1f} hours of one core")
    print(
        f"a region takes at least {waits:.0f} s, an account {account / 60:.0f} minutes, at half of the quotas"
    )
    for cores, at_once in ((8, 16), (32, 16), (128, 16)):
        hours = max(cpu / cores, tasks * waits / (cores * at_once), account) / 3600
        money = cores * hours * (_VCPU + gigabytes * _GIGABYTE)
        print(f"  {cores:>4} vCPUs, {at_once} at once on each: {hours:5.2f} h, {money:6.2f} USD")
    seconds = tasks * (waits + _FUNCTIONS * a_function / 1000)
    print(f"  Distributed Map: {seconds * _LAMBDA:.2f} USD for {tasks:,} invocations of Lambda with 1 GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--posture", type=int)
    parser.add_argument("--pieces", type=int)
    parser.add_argument("--cost", metavar="MS,GB")
    asked = parser.parse_args()
    for size in filter(None, asked.sizes.split(",")):
        told: Mapping[str, Any] = curve(int(size), asked.workers, asked.at_once)
        print(json.dumps({**told, "ms a function": 1000 * told["seconds"] / told["functions"]}), flush=True)
    if asked.posture:
        posture(asked.posture)
    if asked.pieces:
        pieces(asked.pieces, 100)
    if asked.cost:
        a_function, memory = map(float, asked.cost.split(","))
        cost(a_function, memory)


if __name__ == "__main__":
    main()
