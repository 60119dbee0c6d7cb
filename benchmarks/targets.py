"""Every measure that a version is held to, in one table: the figure, its peer or limit beside it, the aim.

    python -m benchmarks.targets                          a few minutes, without Checkov
    python -m benchmarks.targets --checkov .venv-checkov  and with it
    python -m benchmarks.targets --write docs/performance.md
    python -m benchmarks.targets --part needs             some rows alone

Each part is a process of its own that has ``--minutes``; what it has not measured by then, or fails to, is a
row that says so, and the page is written after every row. Seconds are of processor time. What a row says in
full has a benchmark of its own, which the row names; here each is short, so that all of them can be run
together and a row that fell behind is seen.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import gc
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil

from benchmarks import iam
from benchmarks.generate import generate
from benchmarks.measure import run
from benchmarks.pages import Place
from benchmarks.terraform import ROOT, STOCKADE, machine, table

PLACE: Final = Place("<!-- targets: by `python -m benchmarks.targets --write` -->", "<!-- /targets -->")
HEAD = ("measure", "figure", "peer or limit in the same run", "aim", "in full")
MB = 1_000_000


def scans(checkov: Path | None, large: bool) -> Iterator[tuple[str, ...]]:
    """A whole scan, whether its cost is linear, and its memory."""
    costs = {}
    with tempfile.TemporaryDirectory() as temporary:
        for size in (1, 100, 1_000, *((10_000,) if large else ())):
            folder = Path(temporary) / str(size)
            generate(size, folder)
            scan = [str(STOCKADE), "scan", str(folder), "--no-cache", "--format", "json"]
            costs[size] = run([*scan, "--fail-on", "never"])
        folder = Path(temporary) / "1000"
        parse = run([sys.executable, str(ROOT / "benchmarks" / "bare_parse.py"), str(folder)])
        peer = f"bare parse {parse.cpu:.2f} s: {costs[1_000].cpu / parse.cpu:.1f} times"
        memory = "–"
        if checkov is not None:
            asked = ["-d", str(folder), "--skip-download", "-o", "json", "--quiet", "--compact"]
            other = run([str(checkov / "bin" / "checkov"), *asked], accept=(0, 1))
            peer += f"; Checkov {other.cpu:.0f} s: {other.cpu / costs[1_000].cpu:.0f} times ours"
            memory = f"Checkov {other.rss / MB:.0f} MB"
    whole = costs[1_000]
    full = "[terraform](../benchmarks/terraform.py)"
    aim = "2 s, 4 bare parses, a fortieth of Checkov's"
    yield "1,000 functions of Terraform, whole scan", f"{whole.cpu:.2f} s", peer, aim, full
    each = [
        f"{1000 * (cost.cpu - costs[1].cpu) / size:.2f} ms at {size:,}"
        for size, cost in costs.items()
        if size > 1
    ]
    yield "one more function", ", ".join(each), "the first of them", "linear", full
    yield "its memory", f"{whole.rss / MB:.0f} MB", memory, "200 MB", full


def starting() -> Iterator[tuple[str, ...]]:
    """What every command pays, and a small scan."""
    python = min(run([sys.executable, "-c", "pass"]).cpu for _ in range(3))
    peer = f"`python -c pass` {python:.2f} s"
    help = min(run([str(STOCKADE), "--help"]).cpu for _ in range(3))
    yield "`stockade --help`", f"{help:.2f} s", peer, "0.15 s", "[terraform](../benchmarks/terraform.py)"
    with tempfile.TemporaryDirectory() as temporary:
        generate(1, Path(temporary))
        scan = [str(STOCKADE), "scan", temporary, "--fail-on", "never", "--no-cache"]
        small = min(run(scan).cpu for _ in range(3))
    yield "one small project", f"{small:.2f} s", peer, "0.4 s", "[monorepo](../benchmarks/monorepo.py)"


def policies() -> Iterator[tuple[str, ...]]:
    """Decisions and containment."""
    full = "[iam/performance.md](iam/performance.md)"
    plain = iam.decisions(False)
    yield (
        "decisions a second",
        f"{plain:,.0f}",
        "best open evaluator: 10,600 by its own figures",
        "100,000",
        full,
    )
    cells = [one.strip() for one in iam.managed_rows()[0].strip("|").split("|")]
    figure = f"median {cells[3]}, 99 % {cells[4]}, {cells[2]} a second"
    z3 = next(line for line in iam.beside_z3() if "Z3" in line)
    peer = f"Z3 {z3.strip('|').split('|')[1].strip()} a second" if z3.startswith("|") else "Z3 is not installed"
    yield "containment of two managed policies", figure, peer, "1 ms, 50 ms, 500 a second", full


def needs() -> Iterator[tuple[str, ...]]:
    """What a Python handler needs."""
    said = _said("benchmarks.needs")
    python = said[said.index("python:") :]
    spent = re.search(r"([\d.]+) ms of CPU a file", python)
    right = re.search(r"precision ([\d.]+), recall ([\d.]+)", python)
    assert spent and right, "the benchmark of needs says both"
    peer = re.search(r"(iam-policy-autopilot): (precision [\d.]+, recall [\d.]+); (\d+ ms)", python)
    figure = f"{spent[1]} ms a file, precision {right[1]}, recall {right[2]}"
    other = "{} {}, {}".format(*peer.groups()) if peer else "iam-policy-autopilot is not installed"
    yield "a Python handler's needs", figure, other, "20 ms, better than the peer", "[needs.md](needs.md)"


def accounts() -> Iterator[tuple[str, ...]]:
    """Reading a live account, and the memory of a process that reads one after the other."""
    said = _said("benchmarks.live", "--functions", "500", "--scale", "10")
    ours = re.search(r"stockade, reading .*?([\d.]+) ms a request", said)
    floor = re.search(r"botocore alone, the same .*?([\d.]+) ms a request", said)
    assert ours and floor, "the benchmark of a live scan says both"
    full = "[live.md](live.md)"
    yield "a call to AWS, reading", f"{ours[1]} ms", f"botocore alone {floor[1]} ms", "botocore's own", full
    first, last, number = _memory()
    figure = f"{last:.0f} MB after {number} accounts"
    yield "memory of a fleet's worker", figure, f"{first:.0f} MB after ten", "flat", "[fleet.md](fleet.md)"


def _memory(number: int = 60) -> tuple[float, float, int]:
    """MB of this process after ten accounts and after all of them, read and decided one after the other.

    The largest are the first, for what a large one took once the system seldom gets back.
    """
    from stockade.fleet.tasks import Asked
    from stockade.fleet.work import LEARNT, decided, done
    from stockade.read.build import build
    from stockade.read.inputs import Input
    from tests.aws.endpoint import apart
    from tests.aws.organization import Organization
    from tests.aws.scanning import AT, clients, reading

    made = Organization(number, number * 15, ("eu-west-1",), seed=7)
    asked = Asked("fleet-20260203T040506Z", "fleet", "audit")
    seen: list[float] = []
    with apart(made) as endpoint:
        sizes = {account: len(functions) for (account, _), functions in made.truth().items()}
        for of in sorted(made.numbers, key=lambda number: -sizes[number]):
            answers = reading(endpoint, account=of, region="eu-west-1", made=clients(endpoint, of))
            world = build(answers)
            given = Input(answers.kind, answers.path, len(answers.resources), world, answers.path)
            report = decided([given], asked, AT)
            LEARNT.decided(len(report.functions))
            done(report, asked)
            gc.collect()
            seen.append(psutil.Process().memory_info().rss / MB)
    return seen[9], seen[-1], number


def _said(module: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


PARTS: Final[Mapping[str, Callable[[Path | None, bool], Iterator[tuple[str, ...]]]]] = {
    "starting": lambda checkov, large: starting(),
    "scans": scans,
    "policies": lambda checkov, large: policies(),
    "needs": lambda checkov, large: needs(),
    "accounts": lambda checkov, large: accounts(),
}


def measured(name: str, more: Sequence[str], minutes: float) -> Iterator[tuple[str, ...]]:
    """The rows of a part as they come, and one that tells of it where it does not come to its end."""
    asked = [sys.executable, "-m", "benchmarks.targets", "--part", name, *more]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            asked, stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True
        )
        late = threading.Event()

        def stop() -> None:
            late.set()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(60 * minutes, stop)
        timer.start()
        assert process.stdout is not None
        for line in process.stdout:
            yield tuple(json.loads(line))
        status = process.wait()
        timer.cancel()
        if status:
            said.seek(0)
            last = (said.read().strip().splitlines() or [f"exit status {status}"])[-1]
            why = f"not done after {minutes:g} minutes" if late.is_set() else last
            yield f"the rest of `{name}`", "not measured", why.replace("|", "/"), "–", "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkov", type=Path, metavar="DIRECTORY", help="the environment that it is in")
    parser.add_argument("--large", action="store_true", help="10,000 functions, too")
    parser.add_argument("--minutes", type=float, default=20, help="for each part")
    parser.add_argument("--part", choices=PARTS, help="print its rows as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE")
    asked = parser.parse_args()
    if asked.part:
        for row in PARTS[asked.part](asked.checkov, asked.large):
            print(json.dumps(row), flush=True)
        return
    compileall.compile_dir(ROOT / "src", quiet=2)  # as installing does
    more = [
        *(("--checkov", str(asked.checkov)) if asked.checkov else ()),
        *(("--large",) if asked.large else ()),
    ]
    load = os.getloadavg()[0]
    rows: list[tuple[str, ...]] = []
    text = ""
    for name in PARTS:
        for row in measured(name, more, asked.minutes):
            rows.append(row)
            print(" | ".join(row[:4]), flush=True)
            when = f"{datetime.now(UTC).date()}, {machine()}, at a load of {load:.0f}"
            text = f"By `{' '.join(('python -m benchmarks.targets', *more))}`, {when}.\n\n{table(HEAD, rows)}"
            if asked.write:
                PLACE.write(asked.write, text)
    if not asked.write:
        print(text)


if __name__ == "__main__":
    main()
