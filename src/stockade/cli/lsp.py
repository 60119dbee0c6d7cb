"""``stockade lsp``: the language server, which an editor starts and speaks to by standard input and output."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.asking import Asking
from stockade.cli.extra import needs
from stockade.cli.knowledge import knowledge
from stockade.cli.options import CONFIG, NOISE
from stockade.cli.outside import Outside
from stockade.cli.settings import Options, configured, settle

if TYPE_CHECKING:
    from stockade.control import Control
    from stockade.fix.again import Judge
    from stockade.read.inputs import Input
    from stockade.report import Report
    from stockade.serve.project import Ask

STACK = 256 * 1024 * 1024
"""Bytes of the stack of the thread that scans: what is nested deeply is read there as by other commands."""


@click.command(short_help="Serve an editor: findings as one types, fixes as actions.")
@NOISE
@CONFIG
@click.option("--stdio", is_flag=True, help="What editors' clients say; there is no other way.")
@click.pass_obj
def command(outside: Outside, noise: str | None, config: Path | None, stdio: bool) -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol.

    Every folder of the editor is scanned as `stockade scan` would, with what is not saved yet in place of the
    files. Nothing is written, and no network is used. Needs `stockade[lsp]`.
    """
    needs("pygls", "lsp")
    from stockade.serve.lsp import server

    gc.enable()  # unlike other commands this one lives long
    threading.stack_size(STACK)
    server(lambda path: _ask(outside, path, noise, config), _controls).start_io()
    return 0


def _controls() -> Sequence[Control[Any]]:
    from stockade.controls import load

    return load()


def _ask(outside: Outside, path: Path, noise: str | None, config: Path | None) -> Ask:
    """How a folder is scanned, or a file that lies in none."""
    from stockade.needs.enrich import Analyses

    analyses = Analyses()

    def ask(held: Mapping[Path, bytes]) -> tuple[list[Input], Judge]:
        from stockade.scan import scan

        file = outside.here / config if config is not None else None
        there = replace(outside, here=path if path.is_dir() else path.parent, held=held)
        settings = settle(there, Options({}, (), noise, None, None, None), configured(there, (path,), file))
        packages = settings.configuration.packages if settings.configuration else {}
        asking = Asking(there, settings, knowledge(there, packages, (), False))
        asked = {**asking.arguments(), "analyses": analyses}

        def judge(some: Sequence[Input]) -> Report:
            return scan(some, **asked)

        return list(asking.inputs((path,))), judge

    return ask
