"""What the terminal report is written on: lines of escaped, styled text that know the width.

Everything passes through ``Paper.text``, which escapes it; so no part of the report can forget to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from stockade.control import Severity, State
from stockade.show.escape import escape

Piece: TypeAlias = str | tuple[str, str]
"""A piece of a line: text, or text and its style."""

_PLAIN = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "·": ".",
        "–": "-",
        "…": "...",
        "│": "|",
        "┃": ">",
        "⋮": ":",
        "─": "-",
        "→": "->",
        "•": "*",
    }
)
"""What stands for the report's own typography where the encoding has none."""

GLYPHS = {
    State.HOLDS: "✓",
    State.FAILS: "✗",
    State.UNDECIDED: "?",
    State.ACCEPTED: "a",
    State.NOT_APPLICABLE: "·",
    State.NOT_DECIDED: "–",
    State.CRASHED: "!",
}
STATE_STYLES = {
    State.HOLDS: "green",
    State.FAILS: "bold red",
    State.UNDECIDED: "yellow",
    State.ACCEPTED: "cyan",
    State.NOT_APPLICABLE: "dim",
    State.NOT_DECIDED: "dim",
    State.CRASHED: "bold magenta",
}
SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}


class Paper:
    """Lines on a console. ``width`` is in cells; ``measure`` is how wide prose gets at most."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(console.width, 40)
        self.measure = min(self.width, 110)
        try:
            "".join(map(chr, _PLAIN)).encode(console.encoding)
            self._rich = True
        except UnicodeEncodeError:
            self._rich = False

    def text(self, *pieces: Piece) -> Text:
        """The pieces as one text, escaped, in the characters that the console's encoding has."""
        text = Text(end="")
        for piece in pieces:
            content, style = (piece, "") if isinstance(piece, str) else piece
            text.append(self.safe(content), style)
        return text

    def safe(self, content: str) -> str:
        """A text as it can be shown here."""
        content = escape(content)
        if self._rich or content.isascii():
            return content
        encoding = self.console.encoding
        return content.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)

    def cells(self, content: str) -> int:
        """How wide a text is here."""
        return cell_len(self.safe(content))

    def padded(self, content: str, width: int) -> str:
        """A text with spaces up to a width."""
        return content + " " * (width - self.cells(content))

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """One line that is never wrapped; the terminal may."""
        text = Text(" " * indent, end="")
        text.append_text(self.text(*pieces))
        text.rstrip()
        self.console.print(text, soft_wrap=True, highlight=False)

    def prose(self, *pieces: Piece, indent: int = 0, lead: Piece = "", hang: int = 0) -> None:
        """A paragraph wrapped at words, right of ``lead``; without one, all lines but the first hang in."""
        head = self.text(lead)
        inset = cell_len(head.plain) or hang
        for number, one in enumerate(
            self.text(*pieces).wrap(self.console, max(self.measure - indent - inset, 20))
        ):
            out = Text(" " * indent, end="")
            out.append_text(head if number == 0 else Text(" " * inset))
            out.append_text(one)
            out.rstrip()
            self.console.print(out, soft_wrap=True, highlight=False)

    def blank(self) -> None:
        self.console.print()

    def heading(self, title: str, note: str = "") -> None:
        """The title of a part of the report."""
        rule = "─" * max(self.measure - cell_len(title) - cell_len(note) - 2, 3)
        self.blank()
        self.line((title, "bold"), (f" {rule} {note}", "dim"))
        self.blank()


def listed(names: Sequence[str], most: int) -> str:
    """Names as a person would list them: a, b and 17 more."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 gap, 2 gaps."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
