"""``stockade fleet``: many accounts and regions at once, each command imported when it runs."""

from __future__ import annotations

import click

from stockade.cli.lazy import Lazy

COMMANDS = ("scan", "ask")


@click.group(
    cls=Lazy, package=__name__, commands=COMMANDS, short_help="Scan an organisation, and ask about it."
)
def command() -> None:
    """Scan many accounts, regions or repositories on many workers, and ask about all of them together."""
