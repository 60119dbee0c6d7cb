"""How long a test waits before it calls something a hang.

Nothing here measures speed (benchmarks do): what a test bounds takes a fraction of a second, and minutes
or for ever where the bound is of use.
"""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 30.0
"""Seconds of processor time."""
