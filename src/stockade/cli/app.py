"""The command ``stockade`` itself: its help page, and the commands below it, each imported when it runs."""

from __future__ import annotations

from importlib import import_module

import click

from stockade import __version__

COMMANDS = ("scan", "explain")

_EPILOG = """\b
Examples:
  stockade scan                                 the Terraform below this directory
  stockade scan infra --var stage=prod          a root module, and what it needs
  stockade scan --noise strict --fail-on high   more is shown, less stops the build
  stockade scan --format json --output report.json
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


@click.group(
    cls=_Lazy,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def app() -> None:
    """Decides the AWS Lambda hardening checklist for every function, with evidence."""
