"""A repository as it was at one revision, laid out in a directory that is thrown away.

Only git's plumbing is asked, for names and bytes: a stranger's repository may configure filters, hooks, pagers
and helpers, and ``ls-tree`` and ``cat-file`` run none of them. The work tree and the index are not touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Final

from stockade.errors import UsageError
from stockade.read.repository import repository

TOTAL: Final = 2_000_000_000
FILES: Final = 500_000
"""More bytes or files than these are not laid out."""

_LINK, _FILE = "120000", ("100644", "100755")
_HELP: Final = "name a commit, branch or tag that `git log` knows here; in CI, fetch more than one commit"


@contextmanager
def laid_out(directory: Path, revision: str, environment: Mapping[str, str]) -> Iterator[tuple[Path, Path]]:
    """The repository around ``directory``, and a directory that holds it as it was at ``revision``.

    Raises ``UsageError`` where there is no repository, no git, or no such revision, and where it is too large.
    """
    top = repository(Path(os.path.realpath(directory)))
    if not (top / ".git").exists():
        raise UsageError(f"`{directory}` is in no git repository", help="run this inside of one")
    git = _Git(top, environment)
    commit = git.commit(revision)
    with TemporaryDirectory(prefix="stockade-") as made:
        to = Path(os.path.realpath(made))
        (to / ".git").mkdir()  # so that it is a repository to whoever looks for its top
        git.write(commit, to)
        yield top, to


class _Git:
    def __init__(self, top: Path, environment: Mapping[str, str]) -> None:
        self._top = top
        kept = {name: value for name, value in environment.items() if not name.startswith("GIT_")}
        self._environment = {
            **kept,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def commit(self, revision: str) -> str:
        # a leading dash would be an option; `--end-of-options` says that it is none
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found.returncode or not found.stdout.strip():
            said = found.stderr.decode("utf-8", "replace").strip().rpartition("fatal: ")[2]
            reason = f": {said.splitlines()[0]}" if said else ""
            raise UsageError(f"git knows no revision `{revision}` here{reason}", help=_HELP)
        return found.stdout.decode("ascii").strip()

    def write(self, commit: str, to: Path) -> None:
        """Lay out all files of a commit; links last, so that nothing is written through one."""
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", commit)
        if listed.returncode:
            said = listed.stderr.decode("utf-8", "replace").strip()
            raise UsageError(f"the files of `{commit[:12]}` cannot be listed: {said}", help=_HELP)
        files: list[tuple[str, Path]] = []
        links: list[tuple[str, Path]] = []
        for entry in listed.stdout.split(b"\0"):
            head, tab, name = entry.partition(b"\t")
            path = _inside(to, os.fsdecode(name)) if tab else None
            if path is None:
                continue
            mode, _, key = head.decode("ascii").split(" ")
            if mode == _LINK:
                links.append((key, path))
            elif mode in _FILE:
                files.append((key, path))
        if len(files) + len(links) > FILES:
            raise UsageError(
                f"`{commit[:12]}` has more than {FILES:,} files", help="compare a smaller repository"
            )
        with self._objects() as read:
            left = TOTAL
            for key, path in files:
                data = read(key)
                left -= len(data)
                if left < 0:
                    raise UsageError(
                        f"`{commit[:12]}` holds more than {TOTAL:,} bytes", help="compare a smaller repository"
                    )
                with suppress(FileExistsError, NotADirectoryError):  # a crafted tree names something twice
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            for key, path in links:
                with suppress(OSError):  # a system without links: then what it leads to is not read either
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.symlink_to(os.fsdecode(read(key)))

    @contextmanager
    def _objects(self) -> Iterator[_Read]:
        with subprocess.Popen(  # noqa: S603 - git, asked for bytes by their hashes
            self._command("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        ) as process:
            if process.stdin is not None and process.stdout is not None:
                yield _Read(process.stdin, process.stdout)
                process.stdin.close()

    def _command(self, *arguments: str) -> list[str]:
        return [
            "git",
            "-c",
            "core.fsmonitor=false",
            "-c",
            f"core.hooksPath={os.devnull}",
            "-C",
            str(self._top),
            *arguments,
        ]

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command, environment = self._command(*arguments), self._environment
        try:
            return subprocess.run(command, capture_output=True, env=environment, timeout=300, check=False)  # noqa: S603 - git, as above
        except FileNotFoundError:
            raise UsageError("git is not installed", help="it is needed to read another revision") from None
        except subprocess.TimeoutExpired:
            raise UsageError("git did not answer for five minutes", help="is the repository whole?") from None


class _Read:
    """Asks git for one object after the other."""

    def __init__(self, asks: IO[bytes], answers: IO[bytes]) -> None:
        self._asks, self._answers = asks, answers

    def __call__(self, key: str) -> bytes:
        self._asks.write(f"{key}\n".encode("ascii"))
        self._asks.flush()
        head = self._answers.readline().split()
        if len(head) != 3:
            raise UsageError(
                f"git has no object `{key}`", help="fetch the whole repository: it is a partial clone"
            )
        data = self._answers.read(int(head[2]))
        self._answers.read(1)
        return data


def _inside(to: Path, name: str) -> Path | None:
    """Where a file goes; ``None`` for a name that git itself would refuse to check out."""
    parts = PurePosixPath(name).parts
    bad = not parts or name.startswith("/") or any(one in ("..", ".") or one.lower() == ".git" for one in parts)
    return None if bad else to.joinpath(*parts)
