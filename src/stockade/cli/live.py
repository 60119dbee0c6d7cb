"""What ``stockade scan --live`` reads: accounts and regions, several at a time, given one after the other."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from itertools import islice
from pathlib import Path
from shutil import get_terminal_size, rmtree
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.model.gap import Gap
    from stockade.read.account.answer import Place
    from stockade.read.account.calls import Call
    from stockade.read.account.session import Target, Wanted
    from stockade.read.inputs import Input
    from stockade.read.resource import Reading

SIDE_BY_SIDE: Final = 4
"""Accounts and regions that are read at the same time."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the command line says of live accounts. ``packages`` says whether code is read.

    ``met`` are the accounts and regions that were read so far, by the paths of their inputs.
    """

    wanted: Wanted
    asked: Collection[str]
    packages: bool = False
    met: dict[str, Target] = field(default_factory=dict)

    def inputs(self, outside: Outside) -> Iterator[Input]:
        """The inputs, with a line on a terminal that says how far their reading has come."""
        from stockade.cli.progress import ProgressLine

        progress = ProgressLine(sys.stderr, get_terminal_size().columns)
        try:
            yield from inputs(outside, self, progress)
        finally:
            progress.clear()


def asked_for(said: Mapping[str, Any], has_paths: bool, revision: str | None, asked: Collection[str]) -> Live:
    """What the options say. Raises ``UsageError`` where they cannot be meant."""
    from stockade.read.account.session import Wanted

    if not said["live"]:
        raise UsageError(
            "nothing live is scanned without `--live`", help="add `--live`, and leave out the paths"
        )
    if has_paths:
        raise UsageError("files and a live account are two scans", help="leave out the paths, or `--live`")
    if revision is not None:
        help = "`--write-baseline` keeps what runs today, for `--baseline` to compare with"
        raise UsageError("a live account has no revisions to compare with", help=help)
    wanted = Wanted(
        said["profile"],
        said["regions"],
        said["role_arns"],
        said["organization"],
        said["max_share"],
        said["external_id"],
    )
    return Live(wanted, asked, said["fetch"])


def inputs(outside: Outside, live: Live, progress: Callable[[int, int, str], None]) -> Iterator[Input]:
    """Every account and region as an input, in order. Raises ``UsageError`` where nothing can be read."""
    from stockade.consults import undecides
    from stockade.read.account import packages
    from stockade.read.account.pace import Pace
    from stockade.read.account.reader import read
    from stockade.read.account.session import begun, checked, targets

    wanted = checked(live.wanted)
    at = outside.now()
    counted = _Counted(progress)
    pace = Pace(wanted.share, time.monotonic, time.sleep)
    needs = undecides(live.asked)
    with TemporaryDirectory(prefix="stockade-") as folder, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        code = packages.Wanted(Path(folder), packages.download) if live.packages else None

        def reading(target: Target) -> Reading:
            return read(target.account, target.place, needs, code)

        waiting: deque[Future[Reading] | tuple[Place, Gap]] = deque()
        ahead = targets(wanted, begun(wanted.profile), pace, counted.call, at)
        while True:
            for one in islice(ahead, 2 * SIDE_BY_SIDE - len(waiting)):
                waiting.append(one if isinstance(one, tuple) else pool.submit(reading, one))
                if not isinstance(one, tuple):
                    live.met[f"{one.place.account}/{one.place.region}"] = one
                counted.total += 1
            if not waiting:
                return
            each = waiting.popleft()
            found = each.result() if isinstance(each, Future) else _unread(*each)
            yield _input(found)
            rmtree(Path(folder) / found.path, ignore_errors=True)  # its packages have been looked into
            counted.done += 1


def _input(reading: Reading) -> Input:
    from stockade.read.build import build
    from stockade.read.inputs import Input

    there = sum(one.doubt is None for one in reading.resources)  # what was not read stands in for itself
    return Input(reading.kind, reading.path, there, build(reading), reading.path, reading=reading)


def _unread(place: Place, gap: Gap) -> Reading:
    from stockade.read.account.reader import KIND
    from stockade.read.resource import Reading

    return Reading(KIND, f"{place.account}/{place.region}", (), (gap,))


class _Counted:
    """How many calls were made, for the line that says how far a reading has come."""

    def __init__(self, progress: Callable[[int, int, str], None]) -> None:
        self._progress, self._lock = progress, Lock()
        self._calls = self.done = self.total = 0

    def call(self, place: Place, call: Call) -> None:
        with self._lock:
            self._calls += 1
            said = f"{self._calls:,} calls; {place.region} {call.name}"
            self._progress(self.done, max(self.total, 1), said)
