"""What lies outside of the program: environment, directory, clock, console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Outside:
    """The process's surroundings. ``here`` is the current directory.

    ``held`` are files as an editor has them, by their real paths; above ``ceiling`` nothing is looked at.
    """

    here: Path
    environment: Mapping[str, str]
    held: Mapping[Path, bytes] = field(default_factory=dict)
    ceiling: Path | None = None

    def now(self) -> str:
        """The time in UTC, ISO 8601, to the second; ``SOURCE_DATE_EPOCH`` stands for it where it is set."""
        epoch = self.environment.get("SOURCE_DATE_EPOCH")
        if epoch is None:
            moment = datetime.now(UTC)
        else:
            try:
                moment = datetime.fromtimestamp(int(epoch), UTC)
            except (ValueError, OverflowError, OSError):
                help = "it counts seconds since 1970, as `date +%s` prints them"
                raise UsageError(f"SOURCE_DATE_EPOCH is `{epoch}`, not a time", help=help) from None
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def moment(self) -> float:
        """The time in seconds since 1970, whatever ``SOURCE_DATE_EPOCH`` says: files have theirs by it."""
        return datetime.now(UTC).timestamp()

    def wait(self, seconds: float) -> None:
        """Let some seconds pass."""
        import time

        time.sleep(seconds)

    def console(self, file: IO[str], color: str) -> Console:
        """A console on a stream. ``color`` is ``auto``, ``always`` or ``never``; NO_COLOR turns auto off."""
        from rich.console import Console

        class Unbroken(Console):
            """A console that leaves a closed pipe to ``main``."""

            def on_broken_pipe(self) -> None:
                raise BrokenPipeError

        if color == "never" or (color == "auto" and self.environment.get("NO_COLOR")):
            return Unbroken(file=file, force_terminal=False, color_system=None, _environ=self.environment)
        force = True if color == "always" else None
        return Unbroken(file=file, force_terminal=force, highlight=False, _environ=self.environment)
