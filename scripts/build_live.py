"""Writes ``docs/live``: the policy that a scan of a live account needs, and the calls that it makes.

Run by ``make docs``; ``tests/read/account/test_policy.py`` fails while the files are not what this would write.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from stockade.consults import CONSULTS
from stockade.read.account import policy
from stockade.read.account.collectors import COLLECTORS, calls

DIRECTORY: Final = Path(__file__).parents[1] / "docs" / "live"

_HEAD: Final = """\
# The calls of a live scan

Made by `make docs` from the calls themselves. All of them read. The quota is AWS's for an account and region,
or what other readers keep to where AWS publishes none; a scan takes half of it (`--max-share`). A scan of
chosen controls (`--control`) makes only the calls that they need.

| call | what it tells | quota |
| --- | --- | --- |
"""


_READ: Final = """\

## What is read, by which calls, and for which controls

Functions themselves are read for every control.

| what | calls | controls |
| --- | --- | --- |
"""


def _reading() -> str:
    """What each collector reads, as its own first line says it."""
    rows = []
    for name, made in calls().items():
        first = (import_module(COLLECTORS[name]).__doc__ or "").splitlines()[0].rstrip(".")
        asked = ", ".join(f"`{one}`" for one in dict.fromkeys(one.name for one in made))
        controls = ", ".join(f"`{one}`" for one in sorted(set(CONSULTS.get(name, ())))) or "all"
        rows.append(f"| {first} | {asked} | {controls} |\n")
    return "".join(rows)


def files() -> Mapping[str, str]:
    """The files, by their names."""
    rows = "".join(f"| `{name}` | {tells} | {quota} |\n" for name, tells, quota in policy.table())
    return {
        "calls.md": _HEAD + rows + _READ + _reading(),
        "policy.json": policy.as_json(),
        "policy.tf": policy.as_terraform(),
        "policy.yaml": policy.as_cloudformation(),
    }


if __name__ == "__main__":
    for name, text in files().items():
        (DIRECTORY / name).write_text(text, "utf-8")
