"""Bounds on what reading a stranger's input may cost."""

from __future__ import annotations

from stockade.errors import BudgetExceeded

STEPS = 20_000_000
"""Evaluation steps for one root module; 10,000 functions take about two million."""

TEXT = 16_000_000
"""The longest string, in characters, that an expression may make."""

PIECES = 10_000
"""Pieces of a partly known string; one of more is simply unknown."""

FILE = 10_000_000
"""The largest file, in bytes, that is read whole."""

PLAN = 100_000_000
"""The largest plan or state; of a thousand resources it has a few million bytes."""


class Budget:
    """A count of steps that runs out. One budget serves one input."""

    __slots__ = ("left",)

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps off; raises ``BudgetExceeded`` when none are left."""
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded("evaluating it takes more steps than a scan allows")


def bound_text(length: int) -> None:
    """Refuse a string of more than ``TEXT`` characters before it is made."""
    if length > TEXT:
        raise BudgetExceeded(f"an expression makes a string of {length:,} characters")
