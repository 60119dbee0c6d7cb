"""Work that ends its worker, fails, or is done, by whose account it is of: what workers of the tests import."""

from __future__ import annotations

import os
import signal
import time

from distributed import get_worker

from stockade.errors import BudgetExceeded
from stockade.fleet.lease import turns_of
from stockade.fleet.tasks import Asked, Count, Done, Shared, Task

DEADLY, DEFECT, REFUSED = "666666666666", "444444444444", "333333333333"
SLOW: float = 1000.0
"""Seconds between the turns that are asked for: more than any test takes."""


def shared(task: Task, asked: Asked, at: str) -> Shared:
    """Which account it is of, for its tasks to tell."""
    return {"of": task.account}


def one(task: Task, asked: Asked, known: Shared | None, at: str) -> Done:
    """Done, unless the account says otherwise; the answer tells the turn that was given and what was shared."""
    time.sleep(0.1)  # others are to be under way beside it
    if task.account == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    if task.account == DEFECT:
        raise ZeroDivisionError("by nought")
    if task.account == REFUSED:
        raise BudgetExceeded("it takes more steps than it may", help="make it smaller")
    turn = turns_of(get_worker())(task.account, "iam", 1 / SLOW)
    told = {"turn": f"{turn / SLOW:.0f}".encode(), "shared": repr(known).encode()}
    return Done(told, Count(functions=1))


def tiny(task: Task, asked: Asked, known: Shared | None, at: str) -> Done:
    """Done at once."""
    return Done({}, Count(functions=1))
