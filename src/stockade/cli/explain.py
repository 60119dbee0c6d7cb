"""``stockade explain``: a control's page, or the list of controls by what they decide."""

from __future__ import annotations

import sys

import click

from stockade.cli.names import checked, complete
from stockade.cli.options import COLOR
from stockade.cli.outside import Outside


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
        from stockade.show.page import page

        text = page(next(one for one in controls if one.name == wanted))
        if console.is_terminal:
            from rich.markdown import Markdown
            from rich.theme import Theme

            # No backgrounds: they assume a dark terminal or a light one.
            with console.use_theme(Theme({"markdown.code": "bold cyan"})):
                console.print(Markdown(text, code_theme="ansi_dark"), width=min(console.width, 100))
        else:
            click.echo(text)
    else:
        from stockade.show.catalogue import show

        show(controls, console)
