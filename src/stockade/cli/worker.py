"""A process that reads inputs for a scan: it is told of the scan once, then asked for one input after another.

The scan starts it, and talks to it over pipes: frames with their length before them. What comes in is the
scan's own; what goes out are plain documents, as the cache keeps them. It ends when the other side is gone.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from stockade.cli.progress import MANY_OBJECTS
from stockade.errors import StockadeError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.model.gap import Gap
    from stockade.read.inputs import Found, Options
    from stockade.scan import Scan

_LENGTH: Final = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Job:
    """A scan, as another process may be told of it.

    ``places`` are the inputs: kind, root, and the boundary of their tree and what its paths are shown from.
    """

    options: Options
    asked: Mapping[str, Any]
    advisories: Sequence[Path]
    places: Sequence[tuple[str, Path, Path, Path]]


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write one frame."""
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next frame; ``None`` where there is none any more, or not all of it."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


def main() -> None:
    """Read inputs until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the scan is interrupted, and ends this process
    gc.disable()
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    first = receive(asked)
    if first is not None:
        work = _Work(pickle.loads(first))  # noqa: S301 - from the process that started this one
        while (frame := receive(asked)) is not None:
            what, index, telling, unused = pickle.loads(frame)  # noqa: S301 - likewise
            send(answers, json.dumps(work.answer(what, index, telling, unused)).encode())
    os._exit(0)


class _Work:
    def __init__(self, job: Job) -> None:
        from stockade.cli.knowledge import knowledge
        from stockade.cli.outside import Outside
        from stockade.controls import load
        from stockade.scan import Scan

        outside = Outside(job.options.here, job.options.environment)
        known = knowledge(outside, job.options.packages, job.advisories, osv=False)
        self._job = job
        self._found = self._inputs()
        self._scan: Scan = Scan(load(), advisories=known.advisories, **job.asked)

    def _inputs(self) -> Found:
        from stockade.read.files import Tree
        from stockade.read.inputs import Found, Place
        from stockade.read.kinds import kinds

        trees: dict[tuple[Path, Path], tuple[Tree, Mapping[str, Any]]] = {}
        places = []
        for name, root, boundary, shown_from in self._job.places:
            bounds = boundary, shown_from
            if bounds not in trees:
                tree = Tree(*bounds)
                trees[bounds] = tree, {one.name: one for one in kinds(tree)}
            tree, every = trees[bounds]
            places.append(Place(every[name], root, tree))
        return Found(places, self._job.options)

    def answer(self, what: str, index: int, telling: Sequence[int], unused: Sequence[Gap]) -> Any:
        """What is asked of one input; ``None`` where the scan has to see for itself."""
        from stockade.cli.pieces import ALARMS, alarms_of, piece_of

        if gc.get_count()[0] > MANY_OBJECTS:
            gc.collect()
        try:
            if what == ALARMS:
                return alarms_of(self._found, self._found.places[index])
            self._found.know(tuple(unused), [self._found.places[one] for one in telling])
            return piece_of(self._found, self._scan, self._job.options, index, copies=True)[1]
        except StockadeError:
            return None
        except Exception:  # the scan then makes this piece itself, where the same error is told and not lost
            return None
