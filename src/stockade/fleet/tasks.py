"""What is read by itself: a task, how all of them are asked, and what comes back of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from stockade.accept import Accept
from stockade.model.choices import Choices
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """An account and region, read as ``role`` (empty for the worker's own credentials), or a repository.

    ``repository`` is its path in the folder that is read.
    """

    account: str = ""
    region: str = ""
    role: str = ""
    partition: str = "aws"
    repository: str = ""

    @property
    def name(self) -> str:
        """As reports call it: ``111122223333/eu-west-1``, or the repository's path."""
        return self.repository or f"{self.account}/{self.region}"

    @property
    def folder(self) -> Path:
        """Where it is kept, below a run: the names of directories tell DuckDB the columns."""
        if self.repository:
            return Path(f"repository={quote(self.repository, safe='')}")
        return Path(f"account={self.account}", f"region={self.region}")


@dataclass(frozen=True, slots=True)
class Asked:
    """How every task of a run is asked. It goes to the workers, and holds no credentials.

    ``home`` is the region whose STS is asked for roles, ``external_id`` what they ask for; ``folder`` holds the
    repositories, where there are any.
    ``known`` is the directory of kept advisories, ``advisories`` are reports of other scanners, each
    with the name it is shown by: as the folder, they have to lie on the same path for all workers.
    """

    run: str
    series: str
    noise: str
    only: tuple[str, ...] | None = None
    accepts: tuple[Accept, ...] = ()
    accounts: frozenset[str] = frozenset()
    choices: Choices | None = None
    checkov_skips: bool = True
    profile: str | None = None
    home: str = ""
    external_id: str | None = None
    share: float = 0.5
    packages: bool = False
    folder: str = ""
    config: str | None = None
    known: str = ""
    advisories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """What came of one task, or of all so far, for whoever watches."""

    functions: int = 0
    failing: int = 0
    undecided: int = 0
    gaps: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.functions + other.functions,
            self.failing + other.failing,
            self.undecided + other.undecided,
            self.gaps + other.gaps,
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What comes back of a task: the files of its part of the store, by table, and what they count."""

    files: Mapping[str, bytes]
    count: Count


Shared: TypeAlias = Mapping[Any, Any]
"""What all regions of an account get the same answer to (``Account.kept``)."""


@dataclass(frozen=True, slots=True)
class Work:
    """What workers do. ``shared`` reads what the tasks of one account share, ``one`` a task by itself.

    Both are functions that a worker can import; ``one`` reads alone where it is handed nothing shared. The last
    argument is the time.
    """

    asked: Asked
    one: Callable[[Task, Asked, Shared | None, str], Done]
    shared: Callable[[Task, Asked, str], Shared] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How far a run has come. ``suspects`` are read again by themselves, as they lost their workers."""

    done: int
    total: int
    workers: int
    count: Count = field(default_factory=Count)
    suspects: int = 0


def grouped(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks by account, in their order; a repository is alone."""
    out: dict[str, list[Task]] = {}
    for one in tasks:
        out.setdefault(one.repository or one.account, []).append(one)
    return list(out.values())
