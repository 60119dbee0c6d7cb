"""The globs by which tools choose what they pack, which cannot be made to hang.

What a tool does differently with what they choose is said by whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from stockade.memory import remembered
from stockade.read.globs import Dialect, expression

LONGEST = 2_000
"""Characters of one glob; a longer one fits nothing."""

_NODE: Final = Dialect(strict=False, negations="^!", before="/{,", name="[^/]+", whole=True)
"""As packages of npm read globs, which tools for Lambda are made with."""


@remembered(4096)
def fits(glob: str) -> Callable[[str], bool]:
    """Whether a path is what a glob says, whole."""
    if len(glob) > LONGEST:
        return lambda path: False
    import re2

    try:
        pattern = re2.compile(expression(glob.removeprefix("./"), _NODE))
    except re2.error:
        return lambda path: path == glob
    return lambda path: pattern.fullmatch(path) is not None


def chosen(paths: Iterable[str], patterns: Iterable[str]) -> set[str]:
    """What a list of globs chooses of paths: ``!`` before one takes away, and the last that fits counts.

    Everything is chosen to begin with, as the Serverless Framework has it.
    """
    kept = set(every := tuple(paths))
    for pattern in patterns:
        negative = pattern.startswith("!")
        fit = fits(pattern.removeprefix("!"))
        if negative:
            kept = {path for path in kept if not fit(path)}
        else:
            kept.update(path for path in every if fit(path))
    return kept
