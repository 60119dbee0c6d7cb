"""Runs a command and says what it cost: processor seconds and peak memory of that process tree."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# `ru_maxrss` is in kibibytes on Linux and in bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu`` is user plus system seconds, waited-for children included; ``rss`` peak bytes."""

    cpu: float
    rss: int


def run(command: Sequence[str], *, accept: Sequence[int] = (0,)) -> Cost:
    """Run to the end, output discarded. ``SystemExit`` when the exit status is not an accepted one.

    Processor time rather than wall time: it depends least on what else the machine is doing.
    """
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accept:
        raise SystemExit(f"exit status {process.returncode}: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT)


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(statistics.median(c.cpu for c in costs), int(statistics.median(c.rss for c in costs)))
