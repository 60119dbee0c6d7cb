"""Processor time and memory of a whole scan, beside a bare parse of the same bytes and beside Checkov.

Every figure is a whole process, started cold, output discarded: user plus system seconds of it and
its children, and its peak resident memory. The tools take turns within a round, so that a busy
moment of the machine meets all of them; shown is the median of the rounds.

    python -m benchmarks.terraform              everything: half an hour or more
    python -m benchmarks.terraform --quick      one round, up to 1,000 functions, a minute or two
    python -m benchmarks.terraform --write docs/performance.md

``--by-local`` adds, once, 1,000 functions whose names all come from one local: Checkov takes minutes
and 12 GB of memory for it. Checkov is run as people run it, with all of its frameworks, and with
``--framework terraform`` alone. It is installed into ``.venv-checkov`` on first use (or is in the environment
that ``--checkov`` names), and left out with ``--no-checkov``.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import templates
from benchmarks.generate import generate
from benchmarks.measure import Cost, median, run
from benchmarks.pages import Place

ROOT = Path(__file__).parents[1]
STOCKADE = Path(sys.executable).with_name("stockade")
CHECKOV_VENV = ROOT / ".venv-checkov"
CHECKOV_SIZES = (100, 1_000)  # 10,000 would take it hours
SIZES = (1, 100, 1_000, 10_000)
MB = 1_000_000


@dataclass(slots=True)
class Project:
    """One generated project and what each tool needed for it, a figure per round."""

    functions: int
    directory: Path
    lines: int
    by_local: bool = False
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def cost(self, tool: str) -> Cost | None:
        return median(self.costs[tool]) if tool in self.costs else None


# ---------------------------------------------------------------------------------------- the tools


def commands(project: Project, checkov: Path | None) -> dict[str, list[str]]:
    directory = str(project.directory)
    out = {
        "stockade": [str(STOCKADE), "scan", directory, "--no-cache", "--format", "json", "--fail-on", "never"],
        "parse": [sys.executable, str(ROOT / "benchmarks" / "bare_parse.py"), directory],
    }
    if checkov and project.functions in CHECKOV_SIZES:
        options = ["--skip-download", "-o", "json", "--quiet", "--compact"]
        whole = [str(checkov / "bin" / "checkov"), "-d", directory, *options]
        out["checkov"] = whole
        out["checkov, terraform"] = [*whole, "--framework", "terraform"]
    return out


def prepare_checkov(environment: Path) -> str:
    """Checkov in an environment of its own; its version."""
    python = environment / "bin" / "python"
    if not (environment / "bin" / "checkov").exists():
        print(f"installing Checkov into {environment.name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "checkov"], check=True)
    ask = "from importlib.metadata import version; print(version('checkov'))"
    return subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True).stdout.strip()


def measure_start(rounds: int) -> dict[str, Cost]:
    """What starting costs, which every command pays."""
    cases = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`import stockade.cli`": [sys.executable, "-c", "import stockade.cli"],
        "`stockade --help`": [str(STOCKADE), "--help"],
        "`stockade scan --no-cache` of [examples/checklist-before](../examples/checklist-before)": [
            *(str(STOCKADE), "scan", str(ROOT / "examples" / "checklist-before")),
            *("--no-cache", "--fail-on", "never"),
        ],
    }
    taken: dict[str, list[Cost]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, command in cases.items():
            taken[name].append(run(command))
    return {name: median(costs) for name, costs in taken.items()}


def measure(projects: Sequence[Project], rounds: int, checkov: Path | None) -> None:
    for number in range(rounds):
        for project in projects:
            if project.by_local and number:
                continue
            for tool, command in commands(project, checkov).items():
                cost = run(command, accept=(0, 1) if tool.startswith("checkov") else (0,))
                project.costs.setdefault(tool, []).append(cost)
                done = f"round {number + 1}, {project.functions:,} functions, {tool}"
                print(f"{done}: {cost.cpu:.2f} s, {cost.rss / MB:.0f} MB", file=sys.stderr)


# --------------------------------------------------------------------------------------- the report


def seconds(cost: Cost | None) -> str:
    return f"{cost.cpu:.2f} s" if cost else "–"


def memory(cost: Cost | None) -> str:
    return f"{cost.rss / MB:,.0f} MB" if cost else "–"


def ratio(more: Cost | None, less: Cost | None) -> str:
    return f"{more.cpu / less.cpu:.1f}" if more and less else "–"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    align = ["---", *(["---:"] * (len(head) - 1))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, align, *rows))


def scan_table(projects: Sequence[Project]) -> str:
    head = (
        *("functions", "lines", "stockade", "memory", "bare parse", "stockade ÷ parse"),
        *("Checkov", "its memory", "Checkov ÷ stockade", "Checkov, Terraform alone", "÷ stockade"),
    )
    rows = []
    for project in projects:
        ours, parse, peer = (project.cost(tool) for tool in ("stockade", "parse", "checkov"))
        alone = project.cost("checkov, terraform")
        rows.append(
            (
                f"{project.functions:,}" + (" by a local" if project.by_local else ""),
                *(f"{project.lines:,}", seconds(ours), memory(ours), seconds(parse)),
                *(ratio(ours, parse), seconds(peer), memory(peer), ratio(peer, ours)),
                *(seconds(alone), ratio(alone, ours)),
            )
        )
    return table(head, rows)


def growth(projects: Sequence[Project]) -> str:
    """Milliseconds a function costs at each size, above what an almost empty project costs."""
    base = projects[0].cost("stockade")
    each = [
        f"{(cost.cpu - base.cpu) / project.functions * 1000:.2f} ms at {project.functions:,}"
        for project in projects[1:]
        if base and not project.by_local and (cost := project.cost("stockade"))
    ]
    return "One more function costs " + ", ".join(each) + "."


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


SCANS = Place("<!-- scans: by `python -m benchmarks.terraform --write` -->", "<!-- /scans -->")
STARTS = Place("<!-- starts: by `python -m benchmarks.terraform --write` -->", "<!-- /starts -->")

TOLD = """\
{date}: {machine}, at a load of {load:.0f}. {rounds}, the tools taking turns, medians.{peer}

{scans}

{growth}{names}"""

PEER = """
Checkov is version {version}, run with `--skip-download`: with all of its frameworks, as it is by default, and
with `--framework terraform` alone."""

NAMES = """
Names are made with `var.stage`; *by a local* (one round) they all come from one local instead, as
projects often have it: Checkov's time then grows with the square of their number."""


def told(projects: Sequence[Project], rounds: int, load: float, checkov: str | None) -> str:
    """The table of scans, and what was measured when."""
    return TOLD.format(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        load=load,
        rounds="1 round" if rounds == 1 else f"{rounds} rounds",
        peer=PEER.format(version=checkov) if checkov else "",
        scans=scan_table(projects),
        growth=growth(projects),
        names=NAMES if any(one.by_local for one in projects) else "",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round, up to 1,000 functions")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--by-local", action="store_true", help="add the shape that costs Checkov most")
    parser.add_argument("--no-checkov", action="store_true")
    parser.add_argument("--checkov", type=Path, metavar="DIRECTORY", default=CHECKOV_VENV)
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page to put the figures into")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    compileall.compile_dir(ROOT / "src", quiet=2)  # as installing does, and did for Checkov
    sizes = [size for size in SIZES if not options.quick or size <= 1_000]
    checkov = None if options.no_checkov else prepare_checkov(options.checkov)
    load = os.getloadavg()[0]

    with tempfile.TemporaryDirectory() as temporary:
        projects = []
        for size in sizes:
            directory = Path(temporary) / str(size)
            projects.append(Project(size, directory, generate(size, directory)))
        if options.by_local:
            directory = Path(temporary) / "by_local"
            lines = generate(1_000, directory, by_local=True)
            projects.append(Project(1_000, directory, lines, by_local=True))
        starts = measure_start(max(rounds, 3))
        measure(projects, rounds, None if options.no_checkov else options.checkov)
        scans = told(projects, rounds, load, checkov)
    print(scans)
    started = table(("command", "processor time"), [(name, seconds(cost)) for name, cost in starts.items()])
    print(started)
    by_form = templates.section(rounds)
    print(by_form)
    if options.write:
        SCANS.write(options.write, scans)
        STARTS.write(options.write, started)
        templates.PLACE.write(options.write, by_form)


if __name__ == "__main__":
    main()
