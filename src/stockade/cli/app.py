"""The command ``stockade`` itself: its help page, and the commands below it, each imported when it runs."""

from __future__ import annotations

from importlib import import_module

import click

from stockade import __version__
from stockade.errors import UsageError

COMMANDS = ("scan", "policy", "advisories", "iam", "explain")

_EPILOG = """\b
Examples:
  stockade scan                                 everything below this directory
  stockade scan template.yaml --var Stage=prod  one input, and what it needs
  stockade scan --noise strict --fail-on high   more is shown, less stops the build
  stockade scan --format json --output report.json
  stockade policy --format hcl                  the policy that the code needs
  stockade iam validate policy.json             what Access Analyzer would say, offline
  stockade explain public-function-url          why a control matters, and its cure

\b
Exit status:
  0  nothing fails at or above --fail-on        2  the command was wrong
  1  something does                             3  nothing fails, but not all was read

\b
Shell completion:
  eval "$(_STOCKADE_COMPLETE=bash_source stockade)"      (or zsh_source, fish_source)
"""


class _Lazy(click.Group):
    """A group whose commands live in modules of their names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"stockade.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UsageError(f"no such command `{args[0]}`", help=_suggestion(args[0]))
        return super().resolve_command(ctx, args)


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, 1, 0.5)
    return f"did you mean `{near[0]}`?" if near else "`stockade --help` lists them"


@click.group(
    cls=_Lazy,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def app() -> None:
    """Decides the AWS Lambda hardening checklist for every function, with evidence."""
