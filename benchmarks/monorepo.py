"""What a scan costs that finds its answers kept: first, unchanged, and after one file has changed.

python -m benchmarks.monorepo                    200 generated root modules of 10 functions each
python -m benchmarks.monorepo some/repository    a repository, copied before one of its files is changed
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.generate import generate
from benchmarks.measure import run

ROOTS, EACH = 200, 10


def lay(top: Path) -> None:
    """A repository of root modules, each with functions of its own."""
    (top / ".git").mkdir(parents=True)
    for number in range(ROOTS):
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


def main() -> None:
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
