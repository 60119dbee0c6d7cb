"""``stockade explain``: a control's page, or the list of controls by what they decide."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.names import checked, complete
from stockade.cli.options import COLOR
from stockade.cli.outside import Outside

if TYPE_CHECKING:
    from stockade.control import Control


@click.command(short_help="Show a control's page, or the list of controls.")
@click.argument("control", required=False, shell_complete=complete)
@COLOR
@click.pass_obj
def command(outside: Outside, control: str | None, color: str) -> None:
    """Show why CONTROL matters, what it does not see and its cure; without one, list all."""
    from stockade.controls import load

    wanted = checked([control])[0] if control else None
    controls = load()
    console = outside.console(sys.stdout, color)
    if wanted:
        page = _page(next(one for one in controls if one.name == wanted))
        if console.is_terminal:
            from rich.markdown import Markdown
            from rich.theme import Theme

            # No backgrounds: they assume a dark terminal or a light one.
            with console.use_theme(Theme({"markdown.code": "bold cyan"})):
                console.print(Markdown(page, code_theme="ansi_dark"), width=min(console.width, 100))
        else:
            click.echo(page)
    else:
        from stockade.show.catalogue import show

        show(controls, console)


def _page(control: Control[Any]) -> str:
    """The page as Markdown: the control's own, under what its declaration says."""
    told = [
        f"Severity {control.severity.name.lower()}",
        f"row “{control.item.title}” of {control.item.section}",
        f"noise {control.noise.name.lower()}",
        f"since {control.since}",
    ]
    references = "".join(f"- {one}\n" for one in control.references)
    tail = f"\n\n## References\n\n{references}" if references else "\n"
    return f"# {control.name}\n\n{', '.join(told)}.\n\n{control.page.strip()}{tail}".rstrip()
