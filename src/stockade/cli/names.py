"""Names of controls as people type them."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from stockade.controls import names
from stockade.errors import UsageError


def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a shell offers for a control's name; imports no control."""
    return [CompletionItem(name) for name in names() if name.startswith(incomplete)]


def existing() -> tuple[str, ...]:
    """All names of controls; imports no control."""
    return names()


def checked(wanted: Sequence[str]) -> tuple[str, ...]:
    """The names, if all of them are controls'; ``UsageError`` with the nearest one otherwise."""
    for name in wanted:
        if name not in existing():
            from difflib import get_close_matches

            near = get_close_matches(name, existing(), 1, 0.5)
            help = f"did you mean `{near[0]}`?" if near else "`stockade explain` lists them"
            raise UsageError(f"no control is called `{name}`", help=help)
    return tuple(wanted)
