"""Matching to AWS's letter: globs, actions and ARNs, over text of which a part may not be known."""

from __future__ import annotations

from typing import TypeAlias

from stockade.value import Hole

Shape: TypeAlias = tuple[str | Hole, ...]


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
