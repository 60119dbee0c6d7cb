"""Whose findings a security hub is told that they are: of which account and region, and of which repository."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.patterns import lazy_regex

if TYPE_CHECKING:
    from stockade.show.hub import Hub

_LARGEST: Final = 1 << 20
_SECTION: Final = lazy_regex(r'\s*\[\s*remote\s+"origin"\s*\]')
_ANY_SECTION: Final = lazy_regex(r"\s*\[")
_URL: Final = lazy_regex(r'\s*url\s*=\s*"?([^"]+?)"?\s*')
_OF_SSH: Final = lazy_regex(r"(?:[^@/:]+@)?([\w.-]+):(?!//)(.+)")


def hub(account: str | None, region: str | None, source: str) -> Hub:
    """Whose findings are. Raises ``UsageError`` for what is no account."""
    from stockade.show.hub import Hub

    if account is not None and not (len(account) == 12 and account.isdecimal()):
        raise UsageError(f"`{account}` is no AWS account", help="it has twelve digits")
    return Hub(account, region, source)


def source_of(outside: Outside, paths: Iterable[Path]) -> str:
    """What tells findings below some paths from those of other repositories with equal addresses.

    A repository is called by the address of its `origin`, the same on every machine, without what may be a
    password in it; one without an `origin` by its directory's name.
    """
    from stockade.read.repository import repository

    found = set()
    for one in paths:
        full = Path(os.path.realpath(outside.here / one))
        top = repository(full if full.is_dir() else full.parent, outside.ceiling)
        found.add(_origin(top) or top.name)
    return ", ".join(sorted(found))


def _origin(top: Path) -> str:
    """The address of a repository's `origin` as host and path; empty where it has none that can be read."""
    try:
        with _configuration(top / ".git").open("rb") as file:
            lines = file.read(_LARGEST).decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return ""
    within = False
    for line in lines:
        if _ANY_SECTION.match(line):
            within = _SECTION.match(line) is not None
        elif within and (url := _URL.fullmatch(line)):
            return _plain(url[1])
    return ""


def _configuration(git: Path) -> Path:
    """Where the configuration is; a worktree's `.git` is a file that leads there."""
    if not git.is_file():
        return git / "config"
    with git.open("rb") as file:
        _, _, place = file.read(4096).decode("utf-8", "replace").partition("gitdir:")
    own = git.parent / place.strip()
    try:
        with (own / "commondir").open("rb") as file:
            own = own / file.read(4096).decode("utf-8", "replace").strip()
    except OSError:
        pass  # a submodule's has its own configuration
    return own / "config"


def _plain(url: str) -> str:
    """``host/path``, the same for all ways to write an address; of a directory its name alone."""
    if "://" not in url and (of := _OF_SSH.fullmatch(url)):
        host, path = of[1], of[2]
    else:
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path
    path = path.strip("/").removesuffix(".git")
    return f"{host}/{path}".lower() if host else path.rpartition("/")[2]
