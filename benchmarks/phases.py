"""Where the processor time of a scan goes, phase by phase.

    python -m benchmarks.phases [FUNCTIONS] [ROUNDS]

A timer that counts this process's own processor time interrupts the scan every few milliseconds, and the
Python frames that it finds say which phase was under way. A profiler that is called at every call would be
kind to phases of few and long calls. The scan is ``benchmarks.terraform``'s, each round a process of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from benchmarks.generate import generate

INTERVAL: Final = 0.002
"""Seconds of processor time between two looks; systems may round it up to their own tick."""

PHASES: Final = (
    ("importing", "importlib._bootstrap", None),
    ("parsing Terraform", "read/terraform/syntax.py", "parse"),
    ("findings and their evidence", "/scan.py", "_found"),
    ("controls", "/controls/", None),
    ("asking: subjects and states", "/scan.py", "add"),
    ("JSON", "show/json.py", "show"),
    ("sorting and counting", "/scan.py", "report"),
    ("policies on roles", "read/attach.py", "attach"),
    ("evaluating attributes", "model/names/__init__.py", "read"),
    ("the rest of the world", "read/build.py", "build"),
    ("instances of resources", "read/terraform/reader.py", "read"),
)
"""A phase, and where in a path, and in which function (in any, for ``None``), it is under way. The first that
fits any of the frames counts; what fits none is arguments, options and looking for inputs."""


def phase(frame: FrameType | None) -> str:
    """The phase that a frame and those which called it belong to."""
    places = []
    while frame is not None:
        places.append((frame.f_code.co_filename, frame.f_code.co_name))
        frame = frame.f_back
    for name, where, function in PHASES:
        if any(where in path and function in (None, called) for path, called in places):
            return name
    return "everything else"


def observe(directory: str) -> None:
    """Scan a directory in this process, and print how often each phase was seen."""
    seen: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: seen.update((phase(frame),)))
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    from stockade.cli import main

    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    main(["scan", directory, "--no-cache", "--format", "json", "--fail-on", "never"])
    signal.setitimer(signal.ITIMER_PROF, 0)
    os.write(out, json.dumps(seen).encode())


def table(seen: Counter[str]) -> str:
    total = sum(seen.values())
    rows = (f"| {name} | {100 * count / total:.1f} % |" for name, count in seen.most_common())
    return "\n".join(("| phase | of the processor time |", "| --- | ---: |", *rows))


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["--observe"]:
        observe(arguments[1])
        return
    functions = int(arguments[0]) if arguments else 1_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 3
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        generate(functions, Path(temporary))
        for _ in range(rounds):
            command = [sys.executable, "-m", "benchmarks.phases", "--observe", temporary]
            seen.update(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    print(table(seen))
    print(f"\n{sum(seen.values()):,} looks")


if __name__ == "__main__":
    main(sys.argv[1:])
