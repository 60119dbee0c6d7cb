"""Matching to AWS's letter: globs, actions and ARNs, over text of which a part may not be known.

In a pattern ``*`` stands for any text, the empty one included, and ``?`` for one character; the
text that a pattern is held against has no wildcards, its ``*`` is a star.

A hole stands for one text that is not known. What is assumed of it: holes of one name are the same
text everywhere, and the text has no wildcards of its own, as nobody names a bucket ``*`` (a wildcard
that comes in through a variable is the one thing that is missed). It may be empty, and it may be
long. Answers are three-valued and never contradict what any filling of the holes would give:
``None`` says that it depends on them, or that finding out would take a search.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from stockade.iam import glob as patterns
from stockade.iam.automaton import accepts, possibly
from stockade.iam.glob import glob, plain
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.value import Hole

Shape: TypeAlias = patterns.Shape


def matches(pattern: Shape, text: Shape) -> bool | None:
    """Whether a pattern matches a text, whatever its holes stand for. Linear in the length of both."""
    if len(pattern) <= 1 and len(text) <= 1:
        only, subject = (pattern or ("",))[0], (text or ("",))[0]
        if isinstance(only, str) and isinstance(subject, str):
            return glob_matches(only, subject)
    if is_wildcard_only(pattern):
        return True
    # With every hole as a letter of its own a match holds for every filling: a star takes in whatever the
    # hole becomes, and the same hole on both sides is the same text. A `?` never takes one.
    wanted, found = glob(pattern), plain(text)
    if accepts(wanted, found):
        return True
    return None if possibly(wanted, found) else False


def surely(pattern: Shape, text: Shape) -> bool:
    """Whether a pattern matches a text whatever its holes stand for, and nothing of whether it may."""
    first, subject = pattern[0] if pattern else "", text[0] if text else ""
    if isinstance(first, str) and not (subject if isinstance(subject, str) else "").startswith(_lead(first)):
        # No letter that is written takes a hole, which is what a text that ends here goes on with.
        return False
    if len(pattern) <= 1 and len(text) <= 1 and isinstance(first, str) and isinstance(subject, str):
        return glob_matches(first, subject)
    return is_wildcard_only(pattern) or accepts(glob(pattern), plain(text))


def _lead(piece: str) -> str:
    """What is written of a pattern before its first wildcard."""
    return _WILDCARD.split(piece, maxsplit=1)[0]


_WILDCARD: Final = lazy_regex(r"[*?]")


def glob_matches(pattern: str, text: str) -> bool:
    """Whether a pattern without holes matches a text without holes; case counts."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    if "?" in pattern:
        return accepts(glob(pattern), plain(text))
    first, *middle, last = pattern.split("*")
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    # The leftmost place for every piece leaves the most room for those after it.
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


@remembered(1 << 14)
def action_matches(pattern: str, action: str) -> bool:
    """Whether an ``Action`` element's pattern covers an action, both with their service prefix.

    Actions are compared without case. A bare ``*`` is every action of every service.
    """
    return glob_matches(pattern.lower(), action.lower())


def is_wildcard_only(shape: Shape) -> bool:
    """Whether a pattern says nothing: stars and nothing else."""
    return len(shape) == 1 and isinstance(shape[0], str) and shape[0] != "" and not shape[0].strip("*")


def has_wildcard(shape: Shape) -> bool:
    """Whether a pattern has a ``*`` or a ``?`` in its known text."""
    return any(isinstance(piece, str) and ("*" in piece or "?" in piece) for piece in shape)


_VARIABLE: Final = lazy_regex(r"\$\{([^{}$]*)\}|\$\{([*?$])\}")


def with_variables(shape: Shape, version: str | None) -> Shape:
    """A pattern with its policy variables (``${aws:username}``) as holes, named as the variable.

    Only version 2012-10-17 has variables; in an older one the text means itself. An unknown version
    (``None``) is read as the new one. What a variable stands for has no wildcards: IAM takes a star
    in it as a star. ``${*}``, ``${?}`` and ``${$}``, which escape one character, become holes too:
    less is then known than could be, and nothing wrong.
    """
    if version is not None and version != "2012-10-17":
        return shape
    out: list[str | Hole] = []
    for piece in shape:
        if isinstance(piece, Hole) or "${" not in piece:
            out.append(piece)
            continue
        at = 0
        for found in _VARIABLE.finditer(piece):
            if found.start() > at:
                out.append(piece[at : found.start()])
            key, _, _ = (found[1] or found[2] or "").partition(",")
            out.append(Hole(key.strip()))
            at = found.end()
        if at < len(piece):
            out.append(piece[at:])
    return tuple(out)


@remembered(1 << 14)
def arn_parts(shape: Shape) -> tuple[Shape, Shape, Shape, Shape, Shape, Shape] | None:
    """An ARN's six segments (``arn``, partition, service, region, account, resource), each a shape.

    ``None`` where the text is not known to be one: it does not start with ``arn:``, or has too few
    known colons. A hole is taken to stand inside its segment: nobody builds an ARN from a variable
    that itself holds a colon and leaves the others written out.
    """
    if not shape or not isinstance(shape[0], str) or not shape[0].startswith("arn:"):
        return None
    segments: list[list[str | Hole]] = [[]]
    for piece in shape:
        if isinstance(piece, Hole) or len(segments) == 6:
            segments[-1].append(piece)
            continue
        first, *more = piece.split(":", 6 - len(segments))
        if first:
            segments[-1].append(first)
        segments += ([text] if text else [] for text in more)
    if len(segments) < 6:
        return None
    arn, partition, service, region, account, resource = map(tuple, segments)
    return arn, partition, service, region, account, resource
