"""Whose accounts and repositories a fleet is: an organisation's, those that a file lists, those of a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stockade.errors import UsageError
from stockade.fleet.tasks import Task
from stockade.patterns import lazy_regex
from stockade.read.account.session import REGION, ROLE, is_active, role_of

_NUMBER = lazy_regex(r"\d{12}")
_FORM = "a line is an account's number or the ARN of a role in it, and then regions if only these are read"


def of_roles(roles: Sequence[tuple[str, str]], regions: Sequence[str], partition: str) -> list[Task]:
    """Accounts by number, each with the ARN of its role or none, in the same regions."""
    return [Task(number, region, role, partition) for number, role in roles for region in regions]


def of_file(text: str, shown: str, role: str | None, own: str, regions: Sequence[str]) -> list[Task]:
    """The accounts that a file lists: lines of its own form, or what ``organizations list-accounts`` prints.

    ``role`` is the name of the role in accounts of which only the number is said, ``own`` the account of the
    credentials, which needs none. Raises ``UsageError`` with the line that cannot be meant.
    """
    lines = _of_json(text, shown) if text.lstrip().startswith("{") else _lines(text)
    out: dict[tuple[str, str], Task] = {}
    for number, words in lines:
        where = f"`{shown}:{number}`"
        as_role = ROLE.fullmatch(words[0])
        if not as_role and not _NUMBER.fullmatch(words[0]):
            raise UsageError(f"{where}: `{words[0]}` is no account", help=_FORM)
        for one in words[1:]:
            if not REGION.fullmatch(one):
                raise UsageError(f"{where}: `{one}` is not a region", help=_FORM)
        account = as_role[2] if as_role else words[0]
        if as_role:
            arn, partition = words[0], as_role[1]
        elif account == own:
            arn, partition = "", "aws"
        elif role is not None:
            arn, partition = role_of(account, role), "aws"
        else:
            help = "write the ARN of the role, or name one that all accounts have: `--role NAME`"
            raise UsageError(f"{where}: nothing says as which role `{account}` is read", help=help)
        for region in words[1:] or regions:
            known = out.setdefault((account, region), Task(account, region, arn, partition))
            if known.role != arn:
                help = "two lines say so"
                raise UsageError(f"{where}: `{account}/{region}` is to be read as two roles", help=help)
    if not out:
        raise UsageError(f"`{shown}` lists no account", help=_FORM)
    return list(out.values())


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].replace(",", " ").split()
        if words:
            yield number, words


def _of_json(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """The active accounts of an answer of ``organizations:ListAccounts``."""
    help = "`aws organizations list-accounts > accounts.json` writes one"
    try:
        found = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise UsageError(f"`{shown}:{line}` is not JSON: {getattr(error, 'msg', error)}", help=help) from None
    listed = found.get("Accounts")
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) and "Id" in one for one in listed):
        raise UsageError(f"`{shown}` has no list `Accounts` of what has an `Id`", help=help)
    active: list[Mapping[str, Any]] = [one for one in listed if is_active(one)]
    for one in active:
        at = text.find(f'"{one["Id"]}"')
        yield text.count("\n", 0, max(at, 0)) + 1, [str(one["Id"])]


def of_folder(folder: Path, shown: str) -> list[Task]:
    """The repositories below a folder: what has a ``.git``, and every directory right below without one in it.

    Raises ``UsageError`` where there is none.
    """
    found: list[str] = []
    for one in sorted(folder.iterdir()):
        if one.is_dir() and not one.name.startswith("."):
            found += [each.relative_to(folder).as_posix() for each in _within(one)] or [one.name]
    if not found:
        raise UsageError(f"there is no repository in `{shown}`", help="give the folder that holds them")
    return [Task(repository=one) for one in found]


def _within(directory: Path) -> Iterator[Path]:
    for here, names, files in os.walk(directory):
        if ".git" in names or ".git" in files:
            yield Path(here)
            names.clear()
        else:
            names[:] = sorted(one for one in names if not one.startswith(".") and one != "node_modules")
