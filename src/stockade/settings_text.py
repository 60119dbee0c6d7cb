"""JSON as tools read their settings: with comments, and with commas after the last member."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from stockade.patterns import lazy_regex

_EXTRA: Final = lazy_regex(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


def settings(data: bytes) -> dict[str, Any]:
    """The object that a file of settings holds; an empty one where it holds something else, or is broken."""
    text = data.decode("utf-8-sig", "replace")
    try:
        read = json.loads(_EXTRA.sub(lambda found: found[1] or "", text))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
