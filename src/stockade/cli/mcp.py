"""``stockade mcp``: our commands as tools of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import gc
import io
import sys
import threading
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.extra import needs
from stockade.cli.lsp import STACK
from stockade.cli.outside import Outside
from stockade.errors import StockadeError, UsageError

if TYPE_CHECKING:
    from stockade.serve.mcp import Run


@click.command(short_help="Serve coding assistants: scans, policies, paths, IAM.")
@click.argument("root", required=False, default=".", type=click.Path(path_type=Path))
@click.pass_obj
def command(outside: Outside, root: Path) -> int:
    """Serve a coding assistant over standard input and output, by the Model Context Protocol.

    The tools read what lies below ROOT (the current directory by default), and nothing else; they write
    nothing, and use no network. Needs `stockade[mcp]`.
    """
    needs("mcp", "mcp")
    from stockade.serve.mcp import server

    directory = (outside.here / root).resolve()
    if not directory.is_dir():
        raise UsageError(f"`{root}` is no directory", help="name the one that assistants may read")
    gc.enable()  # unlike other commands this one lives long
    threading.stack_size(STACK)
    server(directory, _run(replace(outside, here=directory, ceiling=directory))).run()
    return 0


def _run(outside: Outside) -> Run:
    from stockade.cli.app import app
    from stockade.serve.mcp import Answer

    def run(arguments: Sequence[str], given: bytes) -> Answer:
        """A command in this process, one at a time; what it writes beside its answer is dropped."""
        written = io.BytesIO()
        output = io.TextIOWrapper(written, "utf-8", newline="\n", write_through=True)
        before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given), "utf-8")
        status: Any = 0
        try:
            with redirect_stdout(output), redirect_stderr(io.StringIO()):
                status = app.main(list(arguments), prog_name="stockade", standalone_mode=False, obj=outside)
        except click.ClickException as error:
            raise StockadeError(error.format_message()) from None
        except StockadeError:
            raise
        except Exception as error:  # a defect must not end the session, nor show an assistant a page of trace
            what = f"stockade itself failed: {type(error).__name__}: {error}"
            raise StockadeError(what, help="this is a defect: please report it") from error
        finally:
            sys.stdin = before
            gc.collect()
        text = written.getvalue().decode("utf-8", "replace")
        return Answer(status if isinstance(status, int) else 0, text)

    return run
