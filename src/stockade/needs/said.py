"""How the strings of a policy are said where there is neither Terraform nor a template to say them in."""

from __future__ import annotations

from stockade.iam.cover import Piece
from stockade.value import Hole, Ref, Text, text_of


def in_json(piece: Piece) -> str:
    """A string of a policy: references as ``${aws_sqs_queue.jobs.arn}``, any region and account as ``*``."""
    if not isinstance(piece, Text):
        return piece
    return str(text_of(*(_said(part) for part in piece.parts)))


def _said(part: str | Ref | Hole) -> str | Ref | Hole:
    if isinstance(part, Hole):
        if part.name == "partition":
            return "aws"
        if part.name in ("region", "account"):
            return "*"
    return part
