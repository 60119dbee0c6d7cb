"""``stockade iam``: commands on policies themselves, each imported when it runs."""

from __future__ import annotations

from importlib import import_module

import click

from stockade.errors import UsageError

COMMANDS = ("validate", "can", "who-can", "diff", "public", "minimise")


class _Lazy(click.Group):
    """A group whose commands live in modules of their names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"stockade.cli.iam.{cmd_name.replace('-', '_')}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UsageError(f"no such command `iam {args[0]}`", help="`stockade iam --help` lists them")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, short_help="Look at IAM policies, without asking AWS.")
def command() -> None:
    """Questions about IAM policies, answered offline, from files as AWS's commands print them."""
