"""Several processes that read inputs at once, where that pays: one input is one task.

A process that dies takes down the input that it was reading, and nothing else: another is started in its
place. They are interpreters of their own, started in safe mode with our own search path, so that nothing of a
directory that is scanned is imported, whatever it is called.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import IO, TYPE_CHECKING, Any, Final, cast

from stockade.cli.pieces import ALARMS, PIECE
from stockade.cli.worker import Job, receive, send

if TYPE_CHECKING:
    from stockade.model.gap import Gap

SHARE: Final = 600_000
"""Bytes of sources for which a process is worth its start: as many as it reads while it imports."""

_PATIENCE: Final = 10
"""Seconds that a process may take to end, once it answers no more."""

MOST: Final = 8
"""Processes that are started without being asked for."""

_START: Final = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from stockade.cli.worker import main; main()"
)


def number(jobs: int | None, size: int) -> int:
    """How many processes read so many bytes of sources; 1 for this one alone. ``jobs`` is what a user said."""
    if not sys.executable or os.name != "posix":
        return 1
    if jobs is not None:
        return jobs
    able = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(able, MOST, size // SHARE))


class Pool:
    """Processes that are told of a scan when they are needed. ``close`` ends all of them."""

    def __init__(self, job: Job, processes: int) -> None:
        self._job = pickle.dumps(job)
        self._number = processes
        self._started: list[_Process] = []
        self._idle: list[_Process] = []
        self._busy: dict[_Process, int] = {}
        self._selector = DefaultSelector()

    def alarms(self, places: Sequence[int]) -> Iterator[tuple[int, Any]]:
        for index, told in self._run(ALARMS, places, (), ()):
            yield index, None if isinstance(told, str) else told

    def pieces(
        self, places: Sequence[int], telling: Sequence[int], unused: Sequence[Gap]
    ) -> Iterator[tuple[int, Any]]:
        for index, told in self._run(PIECE, places, telling, unused):
            if told is not None:
                yield index, told

    def close(self) -> None:
        """End all processes, whatever they are at."""
        for one in self._started:
            one.end()
        self._selector.close()

    def _run(
        self, what: str, places: Sequence[int], telling: Sequence[int], unused: Sequence[Gap]
    ) -> Iterator[tuple[int, Any]]:
        """The answer of every input as it comes in; a text where the process that had it is no more."""
        left = list(reversed(places))
        while left or self._busy:
            while left and (process := self._free(len(left))) is not None:
                index = left.pop()
                self._busy[process] = index
                process.ask((what, index, tuple(telling), tuple(unused)))
            for key, _ in self._selector.select():
                process = key.data
                index = self._busy.pop(process)
                answer = process.answer()
                if answer is None:
                    self._selector.unregister(process.answers)
                    yield index, process.ended()
                else:
                    self._idle.append(process)
                    yield index, json.loads(answer)

    def _free(self, left: int) -> _Process | None:
        if self._idle:
            return self._idle.pop()
        if len(self._busy) >= self._number:
            return None
        made = _Process()
        self._started.append(made)
        made.tell(self._job)
        self._selector.register(made.answers, EVENT_READ, made)
        return made


class _Process:
    def __init__(self) -> None:
        path = [one or os.getcwd() for one in sys.path]
        command = [sys.executable, "-P", "-c", _START, json.dumps(path)]
        self._popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - Python itself, with a module of ours
        self._questions: IO[bytes] = cast("IO[bytes]", self._popen.stdin)
        self.answers: IO[bytes] = cast("IO[bytes]", self._popen.stdout)

    def tell(self, job: bytes) -> None:
        self._send(job)

    def ask(self, question: Any) -> None:
        self._send(pickle.dumps(question))

    def answer(self) -> bytes | None:
        return receive(self.answers)

    def ended(self) -> str:
        """How the process ended, which answers no more."""
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(_PATIENCE)
        self.end()
        code = self._popen.returncode
        if code < 0:
            return f"the process that read it was ended by {_signal(-code)}"
        return f"the process that read it ended with status {code}"

    def end(self) -> None:
        with suppress(OSError):
            self._questions.close()
        if self._popen.poll() is None and not self.answers.closed:
            self._popen.terminate()
        self._popen.wait()
        self.answers.close()

    def _send(self, data: bytes) -> None:
        with suppress(BrokenPipeError):  # reading its answer tells that it is gone
            send(self._questions, data)


def _signal(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"
