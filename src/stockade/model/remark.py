"""What an owner wrote to Stockade beside the code: a comment, and what of the code it is about."""

from __future__ import annotations

from stockade.records import dataclass
from stockade.source import Span


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that begins with ``stockade:``. ``text`` is what follows, on one line.

    ``span`` is the comment itself, ``scope`` what it is about: the line it stands on or directly
    above, with all of the block, argument or expression that begins there; in JSON the object that
    holds it. The scope of a comment that stands above nothing is empty.

    A comment by which the owner silences a check of Checkov's, tfsec's or Trivy's is one too: ``check`` is that
    check's ID, ``text`` the reason, empty where there is none, and the scope the block it is about.
    """

    text: str
    span: Span
    scope: Span
    check: str = ""
