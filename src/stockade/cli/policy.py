"""``stockade policy``: the smallest policy for what a function's code calls and its configuration asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from stockade.cli.given import packages_of
from stockade.cli.options import COLOR, PACKAGES, VARIABLE_FILES, VARIABLES, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.errors import UsageError

UNFOLLOWED = 3

_EPILOG = """\b
Examples:
  stockade policy                      every function below this directory
  stockade policy infra --function orders --explain
  stockade policy --format hcl > policies.tf
  stockade policy src/ --handler app.handler --env TABLE=orders
  stockade policy --trail s3-export/AWSLogs --format json

\b
Exit status:
  0  done                              2  the command was wrong
  3  done, but not all calls could be followed: what was not is listed
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Write the policy that each function needs.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--function", "functions", multiple=True, metavar="NAME", help="Only this, by name or address; repeatable."
)
@click.option("--handler", metavar="HANDLER", help="PATH is a directory of source, and this its handler.")
@click.option(
    "--env",
    "environment",
    multiple=True,
    metavar="K=V",
    help="With --handler: what a variable of the environment holds; repeatable.",
)
@click.option(
    "--trail",
    "trails",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Files of CloudTrail, or a directory of them, to count what was called too; repeatable.",
)
@click.option("--explain", is_flag=True, help="Say of every need which calls lead to it.")
@written_as("terminal", "json", "hcl", "yaml")
@VARIABLES
@VARIABLE_FILES
@PACKAGES
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    paths: tuple[Path, ...],
    functions: tuple[str, ...],
    handler: str | None,
    environment: tuple[str, ...],
    trails: tuple[Path, ...],
    explain: bool,
    shape: str,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    packages: tuple[str, ...],
    color: str,
) -> int:
    """Write the smallest policy that lets each function below each PATH do what it does, and nothing else.

    The calls that a handler leads to are followed into the infrastructure: a table that is named by a
    variable of the environment becomes that table's ARN. What was not followed is always listed. Nothing is
    executed and no network is used.
    """
    from stockade.cli.needed import gathered, print_sheets

    paths = paths or (Path(),)
    if environment and handler is None:
        raise UsageError(
            "`--env` goes with `--handler`", help="elsewhere the infrastructure says what it holds"
        )
    found = gathered(
        outside,
        paths,
        functions=functions,
        handler=handler,
        environment=pairs(environment, "--env"),
        trails=trails,
        variables=pairs(variables, "--var"),
        variable_files=variable_files,
        packages=packages_of(outside, packages),
    )
    print_sheets(outside, found, shape, explain, color)
    return 0 if found.is_whole else UNFOLLOWED


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """What ``K=V`` options give, the last one for each name."""
    out: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"`{one}` gives nothing a value", help=f"write `{option} name=value`")
        out[name.strip()] = value
    return out
