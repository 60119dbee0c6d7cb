"""Every exception Stockade raises on purpose.

    StockadeError                 something a user can act on; the command line prints it without a trace
    ├── UsageError                the command was wrong: no such path, bad option, bad configuration (status 2)
    │   └── NothingToScan         there is nothing below a path that can be read
    ├── EditError                 edits overlap, or the file changed since it was read
    ├── FixError                  a fix speaks of what is not there
    ├── StoreError                a run cannot be kept, or what was kept cannot be read
    └── BudgetExceeded            a bound on steps or bytes ran out while reading somebody's input

Messages are in lower case without a period, user text in backticks; what to do about it stands in
``help``, apart from the message.
"""

from __future__ import annotations


class StockadeError(Exception):
    """A failure a user can act on."""

    def __init__(self, message: str, *, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(StockadeError):
    """The command was wrong; nothing was scanned."""


class NothingToScan(UsageError):
    """Nothing below a path can be read. ``programs`` says that there is what would make something of it."""

    def __init__(self, path: str, *, help: str, programs: bool) -> None:
        super().__init__(f"there is nothing to scan in `{path}`", help=help)
        self.programs = programs


class EditError(StockadeError):
    """Edits cannot be applied: they overlap, or the bytes are no longer those that were read."""


class FixError(StockadeError):
    """A fix cannot be made: what it speaks of is not there, or has no such name in this input."""


class StoreError(StockadeError):
    """A run cannot be kept, or what was kept cannot be read."""


class BudgetExceeded(StockadeError):
    """Reading an input took more steps or bytes than it may; becomes a gap, never a crash."""
