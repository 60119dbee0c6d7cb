"""``stockade iam``: commands on policies themselves, each imported when it runs."""

from __future__ import annotations

import click

from stockade.cli.lazy import Lazy

COMMANDS = ("validate", "can", "who-can", "diff", "public", "minimise")


@click.group(
    cls=Lazy, package=__name__, commands=COMMANDS, short_help="Look at IAM policies, without asking AWS."
)
def command() -> None:
    """Questions about IAM policies, answered offline, from files as AWS's commands print them."""
