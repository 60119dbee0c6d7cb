"""The globs by which tools choose what they pack, as regular expressions that cannot be made to hang.

One language serves them all: ``*`` and ``?`` stay within a name, ``**`` goes through directories, ``{a,b}``
are alternatives, ``[ab]`` a class. What a tool does differently is said by whoever calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from stockade.memory import remembered

LONGEST = 2_000
"""Characters of one glob; a longer one fits nothing."""


@remembered(4096)
def fits(glob: str) -> Callable[[str], bool]:
    """Whether a path is what a glob says, whole."""
    if len(glob) > LONGEST:
        return lambda path: False
    import re2

    try:
        pattern = re2.compile(_expression(glob.removeprefix("./")))
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


def _expression(glob: str) -> str:
    out: list[str] = []
    depth = 0
    at = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            run = at
            while run < len(glob) and glob[run] == "*":
                run += 1
            starts = at == 1 or glob[at - 2] in "/{,"
            if run > at and starts and run < len(glob) and glob[run] == "/":
                out.append("(?:[^/]+/)*")
                at = run + 1
            elif run > at and starts:
                out.append(".*")
                at = run
            else:
                out.append("[^/]*")
                at = run
        elif char == "?":
            out.append("[^/]")
        elif char == "[" and (end := glob.find("]", at + 1)) > 0:
            inner = glob[at:end]
            negated = inner[:1] in "^!"
            inner = inner[1:] if negated else inner
            out.append("[" + "^/" * negated + re.sub(r"([\[\]\\^&~])", r"\\\1", inner) + "]")
            at = end + 1
        elif char == "{" and "}" in glob[at:]:
            out.append("(?:")
            depth += 1
        elif char == "}" and depth:
            out.append(")")
            depth -= 1
        elif char == "," and depth:
            out.append("|")
        else:
            if char == "\\" and at < len(glob):
                char = glob[at]
                at += 1
            out.append(re.escape(char))
    return "".join(out) + ")" * depth
