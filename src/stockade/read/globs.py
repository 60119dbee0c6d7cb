"""Globs over paths as regular expressions, in the dialects that tools have of them.

One language serves them all: ``*`` and ``?`` stay within a name, ``**`` goes through directories, ``{a,b}``
are alternatives, ``[ab]`` a class. What a tool does differently is a field of its ``Dialect``.
"""

from __future__ import annotations

import re

from stockade.records import dataclass


class MalformedError(Exception):
    """A glob that its dialect refuses; the message says what it has, as in "has a brace that does not end"."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What tools disagree about.

    ``strict`` ones refuse brackets and braces that do not end, and slashes between braces, which others
    take for themselves. ``negations`` are what a class may begin with to mean all others, ``before`` what
    may stand before a ``**`` that goes through directories, and ``name`` is a name of one of those. In a
    ``whole`` dialect such a ``**`` may be followed by more of a name; else the pattern ends there.
    """

    strict: bool
    negations: str
    before: str
    name: str
    whole: bool


def expression(glob: str, dialect: Dialect) -> str:
    """A glob as a regular expression that is to fit a path whole. Raises ``MalformedError``."""
    out: list[str] = []
    depth = 0
    at = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            piece, at = _stars(glob, at, dialect)
            out.append(piece)
        elif char == "?":
            out.append("[^/]")
        elif char == "[" and (end := _end(glob, at, dialect)) > 0:
            out.append(_class(glob[at:end], dialect))
            at = end + 1
        elif char == "{" and (dialect.strict or "}" in glob[at:]):
            out.append("(?:")
            depth += 1
        elif char == "}" and depth:
            out.append(")")
            depth -= 1
        elif char == "," and depth:
            out.append("|")
        else:
            if char == "/" and depth and dialect.strict:
                raise MalformedError("has a slash between braces")
            if char == "\\" and at < len(glob):
                char = glob[at]
                at += 1
            out.append(re.escape(char))
    if depth and dialect.strict:
        raise MalformedError("has a brace that does not end")
    return "".join(out) + ")" * depth


def _stars(glob: str, at: int, dialect: Dialect) -> tuple[str, int]:
    """What a star stands for with those that follow it, and where the pattern goes on; ``at`` is behind it."""
    run = at
    while run < len(glob) and glob[run] == "*":
        run += 1
    alone = run > at and (at == 1 or glob[at - 2] in dialect.before)
    if alone and run < len(glob) and glob[run] == "/":
        return f"(?:{dialect.name}/)*", run + 1
    return (".*" if alone and (dialect.whole or run == len(glob)) else "[^/]*"), run


def _end(glob: str, at: int, dialect: Dialect) -> int:
    """Where the class ends that begins before ``at``; below zero where it is none."""
    end = glob.find("]", at + 1)
    if end < 0 and dialect.strict:
        raise MalformedError("has a bracket that does not end")
    return end


def _class(inner: str, dialect: Dialect) -> str:
    negated = inner[:1] != "" and inner[:1] in dialect.negations
    inner = inner[1:] if negated else inner
    return "[" + "^/" * negated + re.sub(r"([\[\]\\^&~])", r"\\\1", inner) + "]"
