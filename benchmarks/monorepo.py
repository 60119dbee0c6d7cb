"""What a scan costs that finds its answers kept: first, unchanged, and after one file has changed.

python -m benchmarks.monorepo                    200 generated root modules of 10 functions each
python -m benchmarks.monorepo some/repository    a repository, copied before one of its files is changed
python -m benchmarks.monorepo --jobs             one process and two, over repositories of growing size
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.generate import generate
from benchmarks.measure import run

ROOTS, EACH = 200, 10


def lay(top: Path, roots: int = ROOTS) -> None:
    """A repository of root modules, each with functions of its own."""
    (top / ".git").mkdir(parents=True)
    for number in range(roots):
        root = top / "services" / f"s{number:03d}"
        root.mkdir(parents=True)
        generate(EACH, root)


def measure(top: Path, form: str, cache: Path) -> None:
    """Print one row of the page on performance."""
    scan = [sys.executable, "-P", "-m", "stockade", "scan", str(top), "--format", form, "--jobs", "1"]
    scan += ["--fail-on", "never", "--allow-gaps", "--output", str(cache.parent / "out")]
    kept = [*scan, "--cache", str(cache)]
    without = run([*scan, "--no-cache"]).cpu
    first = run(kept).cpu
    second = run(kept).cpu
    changed = sorted(top.rglob("*.tf"))[0]
    text = changed.read_text()
    changed.write_text(f"{text}\n# changed\n")
    third = run(kept).cpu
    changed.write_text(text)
    size = sum(one.stat().st_size for one in cache.rglob("*") if one.is_file())
    row = (f"{without:.2f} s", f"{first:.2f} s", f"{second:.2f} s", f"{second / without:.0%}")
    print(f"| {form} | {' | '.join(row)} | {third:.2f} s | {size / 1e6:.1f} MB |", flush=True)


def jobs(top: Path, roots: int) -> None:
    """Print one row of what more processes cost and spare: seconds of all, and of the one that took longest.

    No run is shorter than its longest process, and on a machine of its own hardly longer.
    """
    cells = []
    for number in (1, 2):
        scan = [sys.executable, "-P", "-m", "stockade", "scan", str(top), "--no-cache", "--jobs", str(number)]
        process = subprocess.Popen([*scan, "--fail-on", "never"], stdout=subprocess.DEVNULL)
        spent: dict[int, float] = {}
        with suppress(psutil.Error):
            first = psutil.Process(process.pid)
            while process.poll() is None:
                for one in (first, *first.children(recursive=True)):
                    with suppress(psutil.Error):  # it has ended
                        used = one.cpu_times()
                        spent[one.pid] = used.user + used.system
                time.sleep(0.05)
        cells.append(f"{sum(spent.values()):.1f} s | {max(spent.values()):.1f} s")
    print(f"| {roots} root modules | {' | '.join(cells)} |", flush=True)


def main() -> None:
    if sys.argv[1:] == ["--jobs"]:
        for roots in (5, 20, 100):
            with TemporaryDirectory() as made:
                lay(Path(made) / "repository", roots)
                jobs(Path(made) / "repository", roots)
        return
    with TemporaryDirectory() as made:
        top = Path(made) / "repository"
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], top, symlinks=True)
            (top / ".git").mkdir(exist_ok=True)
        else:
            lay(top)
        for form in ("terminal", "json"):
            measure(top, form, Path(made) / form)


if __name__ == "__main__":
    main()
