"""``stockade new``: a project with a function that is hardened from the start."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from stockade.cli.options import COLOR
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.new.project import IAC, RUNTIMES, Project


@click.command(short_help="Make a hardened function, ready to deploy.")
@click.argument("name")
@click.option("--iac", type=click.Choice(IAC), default=IAC[0], show_default=True, help="What deploys it.")
@click.option(
    "--runtime", type=click.Choice(RUNTIMES), default=RUNTIMES[0], show_default=True, help="What it runs on."
)
@click.option("--directory", type=click.Path(path_type=Path), help="Where to make it; by default ./NAME.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, and make nothing.")
@COLOR
@click.pass_obj
def command(
    outside: Outside, name: str, iac: str, runtime: str, directory: Path | None, dry_run: bool, color: str
) -> None:
    """Make a project NAME: infrastructure, a handler that fetches its secret at run time, tests, CI.

    Nothing that is there is overwritten.
    """
    project = Project(name, iac, runtime, date.fromisoformat(outside.now()[:10]))
    files = project.files()
    shown = directory or Path(name)
    root = outside.here / shown
    there = sorted(path for path in files if (root / path).exists() or (root / path).is_symlink())
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        help = "choose another name or `--directory`, or move them away; nothing was made"
        raise UsageError(f"`{shown / there[0]}`{more} exists already", help=help)
    if root.exists() and not root.is_dir():
        raise UsageError(f"`{shown}` is a file", help="give another `--directory`")
    if not dry_run:
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    _show(outside, shown, project, files, dry_run, color)


def _show(
    outside: Outside, root: Path, project: Project, files: dict[str, str], dry_run: bool, color: str
) -> None:
    from rich.text import Text
    from rich.tree import Tree

    console = outside.console(sys.stdout, color)
    folders: dict[Path, Tree] = {Path(): Tree(Text(f"{root}/", "bold"), guide_style="dim")}

    def folder(path: Path) -> Tree:
        if path not in folders:
            folders[path] = folder(path.parent).add(Text(f"{path.name}/"))
        return folders[path]

    for name in files:
        path = Path(name)
        folder(path.parent).add(Text(path.name))
    console.print(folders[Path()])
    console.print()
    if project.ending is not None:
        from stockade.model.runtimes import told

        when, next = told(project.ending.deprecated), project.ending.successor
        instead = f"; {next} is looked after for longer" if next else ""
        console.print(Text(f"note: {project.runtime} will be deprecated on {when}{instead}"))
    if dry_run:
        console.print("nothing was made: this was a dry run", style="dim", highlight=False)
    else:
        console.print(Text(f"next: cd {root} && make test && make scan"))
