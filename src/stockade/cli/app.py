"""The command ``stockade`` itself: its help page, and the commands below it, each imported when it runs."""

from __future__ import annotations

import click

from stockade import __version__
from stockade.cli.lazy import Lazy

COMMANDS = (
    "scan",
    "baseline",
    "fix",
    "policy",
    "paths",
    "drift",
    "history",
    "report",
    "fleet",
    "advisories",
    "iam",
    "explain",
    "new",
    "lsp",
    "mcp",
)

_EPILOG = """\b
Examples:
  stockade scan                            everything below this directory
  stockade scan app.yaml --var Stage=prod  one input, and what it needs
  stockade scan --diff-against main        only what this branch brings
  stockade fix | git apply                 what fails, fixed and proved
  stockade policy --format hcl             the policy that the code needs
  stockade paths                           who gets in, and what is reached
  stockade drift infra state.json          what is written, and what is there
  stockade iam validate policy.json        what Access Analyzer would say
  stockade explain public-function-url     why a control matters, and its cure
  stockade new order-worker                a function hardened from the start

\b
Exit status:
  0  nothing fails at or above --fail-on   2  the command was wrong
  1  something does                        3  nothing fails, not all was read

\b
Shell completion:
  eval "$(_STOCKADE_COMPLETE=bash_source stockade)"  (or zsh_source, …)
"""


@click.group(
    cls=Lazy,
    package="stockade.cli",
    commands=COMMANDS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def app() -> None:
    """Decides the AWS Lambda hardening checklist for every function, with evidence."""
