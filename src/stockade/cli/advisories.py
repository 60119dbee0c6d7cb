"""``stockade advisories``: the local store of known vulnerabilities, filled when a user says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from stockade.cli.outside import Outside
from stockade.errors import UsageError

ADDRESS: Final = "https://osv-vulnerabilities.storage.googleapis.com/{ecosystem}/all.zip"
ECOSYSTEMS: Final = ("PyPI", "npm", "Maven", "Go", "RubyGems", "NuGet", "crates.io")
_LARGEST: Final = 2_000_000_000


def place(environment: Mapping[str, str]) -> Path:
    """The directory of the store: where ``STOCKADE_ADVISORIES`` says, or else in the user's cache."""
    if named := environment.get("STOCKADE_ADVISORIES"):
        return Path(named)
    cache = environment.get("XDG_CACHE_HOME") or os.path.join(
        environment.get("HOME") or str(Path.home()), ".cache"
    )
    return Path(cache) / "stockade" / "advisories"


@click.group(invoke_without_command=True, short_help="Keep known vulnerabilities of dependencies, offline.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """What is kept of known vulnerabilities, of which day, and where. `update` gets it, for later scans.

    A scan uses what is there, and never the network.
    """
    if ctx.invoked_subcommand is None:
        _status(ctx.obj)


def _status(outside: Outside) -> None:
    from stockade.advisories.store import Store

    directory = place(outside.environment)
    store = Store(directory)
    dates = store.dates()
    if not dates:
        click.echo(f"nothing is kept in {directory} yet; `stockade advisories update` gets it")
        return
    click.echo(f"kept in {directory}")
    for ecosystem, day in dates.items():
        meta = store.meta(ecosystem)
        packages, advisories = int(meta["packages"]), int(meta["advisories"])
        click.echo(f"  {ecosystem:<10} {advisories:>8,} advisories about {packages:>7,} packages, of {day}")


@command.command(short_help="Get the advisories of OSV, or take them from a file.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Take them from a zip, file or directory in OSV's form instead; repeatable.",
)
@click.option(
    "--ecosystem",
    "ecosystems",
    multiple=True,
    type=click.Choice(ECOSYSTEMS),
    help="Only this one; repeatable.  [default: all]",
)
@click.option("--date", metavar="DAY", help="The day that files are of, where it is not today.")
@click.pass_obj
def update(outside: Outside, sources: tuple[Path, ...], ecosystems: tuple[str, ...], date: str | None) -> None:
    """Fill the store. Without `--from`, OSV's file of each ecosystem is downloaded: some 300 MB for all."""
    from stockade.advisories.store import Store, documents, write

    directory = place(outside.environment)
    day = _day(date) or outside.now()[:10]
    wanted = ecosystems or ECOSYSTEMS
    if sources:
        before = {name: Store(directory).meta(name) for name in Store(directory).dates()}
        found = (one for path in sources for one in documents(outside.here / path))
        made = write(directory, found, day, " and ".join(path.name for path in sources), wanted)
        if not made:
            help = "it takes advisories in OSV's form, as JSON or YAML, alone, in a directory or in a zip"
            named = " and ".join(f"`{path.as_posix()}`" for path in sources)
            raise UsageError(f"there are no advisories in {named}", help=help)
        for ecosystem, (advisories, packages) in made.items():
            told = f"{ecosystem}: {advisories:,} advisories about {packages:,} packages, of {day}"
            if (old := before.get(ecosystem)) is not None:
                told += f", in place of {int(old['advisories']):,} of {old['date']}"
            click.echo(told)
            if old is not None and 2 * advisories < int(old["advisories"]):
                hint = "one update takes `--from` several times; what is not among them is not known any more"
                click.echo(f"{ecosystem}: these are far fewer than before: {hint}", err=True)
        return
    from tempfile import TemporaryDirectory

    for ecosystem in wanted:
        click.echo(f"{ecosystem}: getting {ADDRESS.format(ecosystem=ecosystem)}", err=True)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "all.zip"
            _download(ADDRESS.format(ecosystem=ecosystem), file)
            made = write(directory, documents(file), day, "OSV", (ecosystem,))
        advisories, packages = made.get(ecosystem, (0, 0))
        click.echo(f"{ecosystem}: {advisories:,} advisories about {packages:,} packages, of {day}")


def _day(text: str | None) -> str | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"`{text}` is not a day", help="write it as 2026-11-27") from None


def _download(address: str, file: Path) -> None:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=60) as answer, file.open("wb") as out:  # noqa: S310  # the address is ours
            size = 0
            while piece := answer.read(1 << 20):
                size += len(piece)
                if size > _LARGEST:
                    raise UsageError(f"`{address}` has more than {_LARGEST:,} bytes")
                out.write(piece)
    except (URLError, OSError) as error:
        reason = str(getattr(error, "reason", error)).lower()
        help = "download it by other means and give it: `stockade advisories update --from all.zip`"
        raise UsageError(f"`{address}` was not reached: {reason}", help=help) from None


_LARGEST_ANSWER: Final = 100_000_000


def fetch(address: str, body: bytes | None) -> bytes:
    """Ask OSV's service; for `--osv`, which a user has to say. Half an answer is an ``OSError``."""
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    headers = {"Content-Type": "application/json"} if body is not None else {}
    request = Request(address, data=body, headers=headers)  # noqa: S310  # the address is ours
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - the address is ours
            found: bytes = answer.read(_LARGEST_ANSWER)
            promised = answer.headers.get("Content-Length")
    except HTTPException as error:
        raise OSError(f"the answer cannot be read: {type(error).__name__}") from None
    if len(found) == _LARGEST_ANSWER:
        raise OSError(f"the answer has more than {_LARGEST_ANSWER:,} bytes")
    if promised is not None and promised.isdigit() and int(promised) != len(found):
        raise OSError(f"the answer was cut short: {len(found):,} of {int(promised):,} bytes")
    return found
