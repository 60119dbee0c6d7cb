"""A group of commands that live in modules of their names, each imported when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from stockade.errors import UsageError


class Lazy(click.Group):
    """A group over the modules of a package: ``who-can`` is the ``command`` of its module ``who_can``."""

    def __init__(self, *args: Any, package: str, commands: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._package = package
        self._commands = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._commands:
            return None
        found: click.Command = import_module(f"{self._package}.{cmd_name.replace('-', '_')}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            above = " ".join(ctx.command_path.split()[1:])
            near = get_close_matches(args[0], self._commands, 1, 0.5)
            help = f"did you mean `{near[0]}`?" if near else f"`{ctx.command_path} --help` lists them"
            raise UsageError(f"no such command `{f'{above} {args[0]}'.strip()}`", help=help)
        return super().resolve_command(ctx, args)
