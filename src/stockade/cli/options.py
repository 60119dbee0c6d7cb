"""The options that several commands have, each with the one meaning that it has everywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from stockade.cli.live import Live

FAIL_ON: Final = click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high", "critical", "never"]),
    help="The least severity that makes the exit status 1.  [default: low]",
)
BASELINE: Final = click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Findings that are in this file do not count; a report as JSON will do.",
)
WRITE_BASELINE: Final = click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write today's findings there, as a baseline.",
)
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
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether what is printed has colors.",
)
ACCOUNT: Final = click.option(
    "--hub-account", metavar="ID", help="The AWS account that findings are of, for ASFF and OCSF."
)
REGION: Final = click.option("--hub-region", metavar="NAME", help="The AWS region that they are of.")
CACHE: Final = click.option(
    "--cache",
    "cache",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where what was found is kept for the next scan.  [default: $STOCKADE_CACHE, or the user's cache]",
)
NO_CACHE: Final = click.option(
    "--no-cache", "no_cache", is_flag=True, help="Keep nothing, and use nothing kept."
)
JOBS: Final = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes read inputs at once.  [default: what pays]",
)
SOURCE: Final = click.option(
    "--hub-source",
    metavar="NAME",
    help="The repository that they are from.  [default: where its `origin` is, or its directory's name]",
)

_SEVERAL: Final = 4
"""More choices than these are told in the text."""


def written_as(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of how something is written, the first of some formats if nobody says."""
    many = len(formats) > _SEVERAL
    return click.option(
        "--format",
        "shape",
        type=click.Choice(list(formats)),
        default=formats[0],
        show_default=True,
        metavar="FORMAT" if many else None,
        help=f"Write it as one of {', '.join(formats)}." if many else "How it is written.",
    )


LIVE: Final = ("live", "profile", "regions", "role_arns", "external_id", "organization", "fetch")
"""What the options on live accounts are called; any of them asks for one."""


def live_of(
    said: Mapping[str, Any], has_paths: bool, revision: str | None, asked: Collection[str]
) -> Live | None:
    """What the options on live accounts say together; ``None`` where no account is asked for."""
    if not any(said[name] for name in LIVE):
        return None
    if said.get("analyzer") and not any(said[name] for name in ("live", "organization", "fetch")):
        return None  # they say whom to ask about what is written
    from stockade.cli.live import asked_for

    return asked_for(said, has_paths, revision, asked)


def live_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which accounts are read as they run."""
    for option in reversed(_LIVE):
        command = option(command)
    return command


ANALYZER: Final = click.option(
    "--access-analyzer",
    "analyzer",
    is_flag=True,
    help="Ask IAM Access Analyzer too: sends policies to AWS, which bills some checks. For files by --profile.",
)
_LIVE: Final = (
    click.option("--live", is_flag=True, help="Scan an AWS account as it runs, instead of files."),
    click.option("--profile", metavar="NAME", help="The profile of AWS's configuration to begin with."),
    click.option(
        "--region", "regions", multiple=True, metavar="REGION", help="Read this region, or `all`; repeatable."
    ),
    click.option(
        "--role-arn", "role_arns", multiple=True, metavar="ARN", help="Read as this role; repeatable."
    ),
    click.option(
        "--external-id", metavar="ID", help="What the roles' trust policies ask for (`sts:ExternalId`)."
    ),
    click.option("--organization", metavar="ROLE", help="Read every account of the organisation as its ROLE."),
    click.option(
        "--packages",
        "fetch",
        is_flag=True,
        help="Download functions' packages too, each once, and look into them.",
    ),
    click.option(
        "--max-share",
        type=float,
        default=0.5,
        show_default=True,
        metavar="SHARE",
        help="How much of AWS's quotas may be taken.",
    ),
)
