"""Where a report goes: to the console, to standard output, to files that the user named."""

from __future__ import annotations

import sys
from dataclasses import field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.report import Report


@dataclass
class Outlet:
    """Writes what a scan tells, and remembers it where ``remembers`` says so.

    ``written`` has a file for each, or ``None`` for standard output; ``plain`` says that it is text for the
    console rather than bytes.
    """

    outside: Outside
    color: str
    remembers: bool = False
    written: list[tuple[str | None, bool, bytes]] = field(default_factory=list)

    def data(self, data: bytes, file: Path | None) -> None:
        """Write bytes to a file, or to standard output."""
        if self.remembers:
            self.written.append((None if file is None else str(file), False, data))
        if file is None:
            click.echo(data, nl=False)
        else:
            save(self.outside, file, data)

    def report(self, report: Report, file: Path | None) -> None:
        """Show a report to people."""
        from stockade.show import terminal

        if file is not None:
            text = StringIO()
            terminal.show(report, self.outside.console(text, self.color))
            self.data(text.getvalue().encode(), file)
            return
        console = self.outside.console(sys.stdout, self.color)
        if not self.remembers:
            terminal.show(report, console)
            return
        with console.capture() as captured:
            terminal.show(report, console)
        self.text(captured.get())

    def text(self, text: str) -> None:
        """Write what was made for the console."""
        if self.remembers:
            self.written.append((None, True, text.encode("utf-8", "surrogatepass")))
        sys.stdout.write(text)
        sys.stdout.flush()

    def again(self, file: str | None, plain: bool, data: bytes) -> None:
        """Write what was written before."""
        if plain:
            self.text(data.decode("utf-8", "surrogatepass"))
        else:
            self.data(data, None if file is None else Path(file))


def write(outside: Outside, report: Report, data: bytes | None, output: Path | None, color: str) -> None:
    """Write what a format has made of the report; without one, show it to people."""
    outlet = Outlet(outside, color)
    if data is None:
        outlet.report(report, output)
    else:
        outlet.data(data, output)


def save(outside: Outside, file: Path, data: bytes) -> None:
    """Write a file that the user named; ``UsageError`` where that cannot be."""
    try:
        (outside.here / file).write_bytes(data)
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise UsageError(f"`{file}` cannot be written: {reason}") from None
