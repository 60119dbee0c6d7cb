"""What an owner wrote to Stockade beside the code: a comment, and what of the code it is about."""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import Span

SPEAKS: Final = lazy_regex(r"stockade(?:[ \t]*+:|(?=[ \t]++accept\b))\s*+(.*)", re.DOTALL)
"""A comment to us, without its mark."""

SILENCES: Final = lazy_regex(r"checkov:skip=\s*+(\w++)[\s:]*+(.*)", re.DOTALL)
"""A comment that silences a check of Checkov's: the check, and the reason."""


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
