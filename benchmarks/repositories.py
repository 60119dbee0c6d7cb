"""What a folder of repositories costs as a fleet, beside Checkov run on each of them.

    python -m benchmarks.repositories FOLDER              every repository below a folder
    python -m benchmarks.repositories --made 20           so many generated ones, of 10 functions each

Each figure is user plus system seconds of a process and its children, to the end. The fleet is one command with
``--workers`` processes, its Parquet and summary included; Checkov is run as people do in a loop, once for each
repository, with ``--skip-download`` and the frameworks that we read too. A repository is copied nowhere, and
nothing in it is run.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import Cost, run
from benchmarks.terraform import CHECKOV_VENV, ROOT, prepare_checkov
from stockade.fleet.listed import of_folder

_FRAMEWORKS = ("terraform", "cloudformation", "serverless")
_EACH = 10


def made(folder: Path, repositories: int) -> None:
    """Repositories of generated Terraform."""
    for number in range(repositories):
        root = folder / f"team-{number:03d}" / "infra"
        root.mkdir(parents=True)
        generate(_EACH, root)


def measure(folder: Path, workers: int, checkov: Path | None) -> str:
    """One row of the page on performance."""
    names = [one.repository for one in of_folder(folder, folder.name)]
    with tempfile.TemporaryDirectory() as store:
        ours = [sys.executable, "-P", "-m", "stockade", "fleet", "scan", str(folder), "--store", store]
        fleet = run([*ours, "--workers", str(workers), "--fail-on", "never", "--allow-gaps"])
    cells = [folder.name, f"{len(names)}", f"{fleet.cpu:.1f} s", f"{fleet.cpu / len(names):.2f} s"]
    if checkov is not None:
        total, peak = 0.0, 0
        for name in names:
            asked = ["-d", str(folder / name), "--skip-download", "-o", "json", "--quiet", "--compact"]
            of = [word for one in _FRAMEWORKS for word in ("--framework", one)]
            cost: Cost = run([str(checkov / "bin" / "checkov"), *asked, *of], accept=(0, 1, 2))
            total, peak = total + cost.cpu, max(peak, cost.rss)
        cells += [f"{total:.1f} s", f"{total / len(names):.2f} s", f"{total / fleet.cpu:.1f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--made", type=int, metavar="N")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--checkov", type=Path, metavar="DIRECTORY", default=CHECKOV_VENV)
    parser.add_argument("--no-checkov", action="store_true")
    asked = parser.parse_args()
    compileall.compile_dir(ROOT / "src", quiet=2)  # as installing does, and did for Checkov
    checkov = None if asked.no_checkov else asked.checkov
    if checkov is not None:
        print(f"Checkov {prepare_checkov(checkov)}", flush=True)
    print("| folder | repositories | stockade | each | Checkov | each | Checkov ÷ stockade |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for folder in asked.folders:
        print(measure(folder.resolve(), asked.workers, checkov), flush=True)
    if asked.made:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "generated"
            made(folder, asked.made)
            print(measure(folder, asked.workers, checkov), flush=True)


if __name__ == "__main__":
    main()
