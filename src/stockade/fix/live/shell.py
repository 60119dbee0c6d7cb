"""Commands of the AWS CLI, and how they are written in a line that every POSIX shell reads as it is meant."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from stockade.errors import FixError
from stockade.records import dataclass

_READ: Final = ("file://", "fileb://", "http://", "https://")
"""Arguments that the AWS CLI would replace by what is there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An argument that is what another command prints, so that nobody sees it and it is what it is by then."""

    command: Command


Argument: TypeAlias = "str | Answered"


@dataclass(frozen=True, slots=True)
class Command:
    """One call: ``service`` and ``operation`` as the CLI has them, ``options`` by name with what AWS takes.

    Strings are given as they are, numbers in digits, ``None`` for an option without a value; lists and objects
    as JSON. ``region`` is empty for what has none; ``note`` says what has to be done besides.
    """

    service: str
    operation: str
    options: Mapping[str, Any]
    region: str = ""
    note: str = ""

    def arguments(self) -> Sequence[Argument]:
        """The command word by word, before any shell."""
        return tuple(self._arguments())

    def _arguments(self) -> Iterator[Argument]:
        yield from ("aws", self.service, self.operation)
        for name, value in self.options.items():
            match value:
                case None:
                    yield f"--{name}"
                case True | False:
                    yield f"--{'' if value else 'no-'}{name}"
                case Answered():
                    yield f"--{name}"
                    yield value
                case _:
                    yield from _given(name, value)
        if self.region:
            yield from ("--region", self.region)

    def line(self) -> str:
        """One line for a shell, below another with the note."""
        note = f"# {' '.join(self.note.split())}\n" if self.note else ""
        return note + self.words()

    def words(self) -> str:
        """The command alone."""
        return " ".join(map(_quoted, self.arguments()))


def _given(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(_READ):
            raise FixError(f"the AWS CLI would read what is at `{value}` instead of taking it as it is")
        text = value
        if not text.isprintable():
            raise FixError("a text has characters that a line of a shell cannot show")
    elif isinstance(value, Mapping | list | tuple):
        text = json.dumps(value)
    else:
        text = str(value)
    if text.startswith("-"):
        yield f"--{name}={text}"
    else:
        yield from (f"--{name}", text)


def _quoted(one: Argument) -> str:
    if isinstance(one, Answered):
        return f'"$({one.command.words()})"'
    return shlex.quote(one)
