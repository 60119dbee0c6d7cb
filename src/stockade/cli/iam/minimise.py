"""``stockade iam minimise``: a policy with less in it that means the same."""

from __future__ import annotations

import sys
from typing import Any

import click

from stockade.cli.outside import Outside
from stockade.errors import UsageError

_EPILOG = """\b
Examples:
  stockade iam minimise policy.json > smaller.json
  stockade iam minimise role.json --format json

\b
Exit status:
  0  done      2  the command was wrong, or a file cannot be read
"""


@click.command(epilog=_EPILOG, short_help="Write the same policy with less in it.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["policy", "json"]),
    default="policy",
    show_default=True,
    help="The policy alone, its notes on standard error; or everything as JSON.",
)
@click.pass_obj
def command(outside: Outside, files: tuple[str, ...], shape: str) -> int:
    """Write each policy in each FILE with what other parts of it cover left out; `-` is standard input.

    It grants and denies exactly what it did, which is proved, and read again by the policy engine.
    """
    from stockade.cli.iam import asked
    from stockade.iam.minimise import minimise
    from stockade.value import Unknown

    entries: list[dict[str, Any]] = []
    for named in asked.given(files, outside).documents:
        found = minimise(asked.parsed(named))
        if isinstance(found, Unknown):
            raise UsageError(f"`{named.source.path}` cannot be minimised: {found.reason}")
        minimal = found.value
        notes = [str(note) for note in minimal.notes]
        entries.append(
            {"document": named.name, "path": named.source.path, "policy": minimal.json(), "notes": notes}
        )
    if shape == "json":
        click.echo(asked.dump({"schema": "stockade.iam.minimise/1", "documents": entries}), nl=False)
        return 0
    policies = [entry["policy"] for entry in entries]
    click.echo(asked.dump(policies[0] if len(policies) == 1 else policies), nl=False)
    for entry in entries:
        for note in entry["notes"]:
            click.echo(f"{entry['document'] or entry['path']}: {note}", file=sys.stderr)
    return 0
