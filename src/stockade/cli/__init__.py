"""The command line: arguments in, a call, an exit status out.

Whatever goes wrong ends here, as one line in lower case and one that says what to do about it.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from stockade.cli.outside import Outside
from stockade.errors import StockadeError
from stockade.patterns import lazy_regex
from stockade.show.escape import escape

INTERRUPTED = 130
PIPE_CLOSED = 141
WRONG = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``stockade`` with arguments (the process's own by default); the exit status.

    0: nothing fails at or above ``--fail-on``. 1: something does. 2: the command was wrong. 3:
    nothing fails, but something could not be read. Signals end it as shells expect: 130, 141.
    """
    # What a command builds lives until it ends. The collector would walk it again and again, for half
    # of the whole time, and find nothing; `scan` collects between inputs.
    gc.disable()
    try:
        return _run(arguments)
    finally:
        gc.enable()


def process() -> NoReturn:
    """``main`` for a process of its own, which ends at once: taking apart, one by one, all the objects
    that a scan has made would cost a fifth of its time."""
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    import click

    from stockade.cli.app import app

    outside = Outside(Path.cwd(), os.environ)
    try:
        status = app.main(arguments, prog_name="stockade", standalone_mode=False, obj=outside)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG
    except click.ClickException as error:
        message, help = _in_our_words(error.format_message())
        return _complain(message, help)
    except StockadeError as error:
        return _complain(error.message, error.help)
    except BrokenPipeError:
        # Python flushes stdout once more at exit, and would complain about the same pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # a defect: its place helps whoever mends it, a page of trace nobody
        return _complain(f"stockade itself failed: {_told(error)}", "this is a defect: please report it")


def _complain(message: str, help: str | None) -> int:
    import click

    color = False if os.environ.get("NO_COLOR") else None
    click.echo(f"{click.style('error', fg='red', bold=True)}: {escape(message)}", err=True, color=color)
    if help:
        click.echo(f"{click.style('help', fg='cyan')}: {escape(help)}", err=True, color=color)
    return WRONG


def _in_our_words(message: str) -> tuple[str, str | None]:
    """What click says, in lower case, without a period, names in backticks, the suggestion apart."""
    message, _, suggestion = _SUGGESTS.sub("\0", message.replace("'", "`"), count=1).partition("\0")
    message = message[:1].lower() + message[1:].rstrip(".")
    near = re.findall(r"`[^`]+`", suggestion)
    return message, f"did you mean {' or '.join(near)}?" if near else "`stockade --help` shows what there is"


_SUGGESTS = lazy_regex(r"\.? \(?(?:Did you mean(?: one of:)?|Possible options:) ")
"""How click begins to suggest one option, or several."""


def _told(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}: {error}{where}"
