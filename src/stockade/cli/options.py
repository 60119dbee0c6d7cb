"""The options that several commands have, each with the one meaning that it has everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

NOISE: Final = click.option(
    "--noise",
    type=click.Choice(["regular", "strict", "audit"]),
    help="From what an owner should act on to everything.  [default: regular]",
)
VARIABLES: Final = click.option(
    "--var", "variables", multiple=True, metavar="K=V", help="The value of a variable or parameter; repeatable."
)
VARIABLE_FILES: Final = click.option(
    "--var-file",
    "variable_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A `.tfvars` file, or parameters of CloudFormation as JSON; repeatable.",
)
CONFIG: Final = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Instead of the stockade.toml or pyproject.toml at or above PATH.",
)
ALLOW_GAPS: Final = click.option(
    "--allow-gaps/--no-allow-gaps", default=None, help="Exit with 0 even if something could not be read."
)
PACKAGES: Final = click.option(
    "--package",
    "packages",
    multiple=True,
    metavar="NAME=PATH",
    help="The zip, directory or saved image of a function that is built elsewhere; repeatable.",
)
ADVISORIES: Final = click.option(
    "--advisories",
    "advisories",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A report of Trivy, Grype, Snyk, osv-scanner or pip-audit, or advisories of OSV's form; repeatable.",
)
COLOR: Final = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
)
