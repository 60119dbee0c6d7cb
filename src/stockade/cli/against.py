"""Where the parts of a scan are in the repository as it was at another revision."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.configuration import Configuration

T = TypeVar("T")


class Moved:
    """Paths of the repository at ``top``, where they are in the directory ``to``."""

    def __init__(self, top: Path, to: Path) -> None:
        self._top, self._to = top, to

    def path(self, path: Path) -> Path:
        """Where something is; ``UsageError`` for what lies in no or another repository."""
        full = Path(os.path.realpath(path))
        if full != self._top and self._top not in full.parents:
            help = "`--diff-against` compares what lies in one repository"
            raise UsageError(f"`{path}` lies outside of the repository `{self._top}`", help=help)
        return self._to / full.relative_to(self._top)

    def directory(self, path: Path) -> Path:
        """The directory, or the top where it was not there yet, or is outside."""
        full = Path(os.path.realpath(path))
        inside = self._top in (full, *full.parents)
        moved = self._to / full.relative_to(self._top) if inside else self._to
        return moved if moved.is_dir() else self._to

    def files(self, files: Iterable[Path]) -> list[Path]:
        """Files as they were, without those that were not there; outside of the repository as they are."""
        out: list[Path] = []
        for one in files:
            full = Path(os.path.realpath(one))
            path = self._to / full.relative_to(self._top) if self._top in full.parents else full
            if path.is_file():
                out.append(path)
        return out

    def configuration(self, said: Configuration) -> Configuration:
        """Today's configuration for the files as they were: it is the same question about both."""
        accepts = tuple(replace(one, directory=self.directory(one.directory)) for one in said.accepts)
        return replace(said, directory=self.directory(said.directory), accepts=accepts, baseline=None)


def of_all_able(paths: Sequence[Path], ask: Callable[[Sequence[Path]], T]) -> T | None:
    """The answer about those paths that can be asked about, together; ``None`` where there are none.

    What is not there, or holds nothing to read, raises ``UsageError`` when it is asked about.
    """
    if paths:
        with suppress(UsageError):
            return ask(paths)
    able: list[Path] = []
    for one in paths:
        with suppress(UsageError):
            ask([one])
            able.append(one)
    return ask(able) if able else None
