"""One way to write a secret without a name before it, and the pieces that such expressions are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from stockade.records import dataclass

TELLING: Final = (
    rb"passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key"
    rb"|signing[_-]?key|encryption[_-]?key|auth[_-]?key|credential|dsn|connection[_-]?string|webhook"
    rb"|(?:subscription|account|licen[cs]e|master|server|admin)[_-]?key|conn[_-]?str"
    rb"|database[_-]?url|redis[_-]?url|mongo[_-]?ur[il]|[_-]key|jwt[_-]?key|salt|pepper|authorization|pass"
)
"""What is in the name of a literal that may be a secret."""

NAME: Final = rb"([\w.:-]{0,60}(?i:" + TELLING + rb")[\w.-]{0,40})"
VALUE: Final = rb"([^\s'\"<>]{4,400})"


@dataclass(frozen=True)
class Way:
    """``name`` is what is meant where the expression's first group is the value, empty where it is the name."""

    words: tuple[bytes, ...]
    expression: bytes
    name: str = ""
    loose: bool = True
    sure: bool = False


OPEN: Final = rb"(?:[bruBRU@]{0,2}|\[\]byte\(|Buffer\.from\()['\"`]"
"""The quote that opens a literal, perhaps of bytes."""
TEXT: Final = rb"([^'\"`\n]{4,400})['\"`]"
UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
USER: Final = rb"['\"][^'\"\n]{1,80}['\"],\s{0,20}['\"]"
"""A user's name as a literal, and the quote of what follows."""


def any_of(words: Iterable[bytes]) -> Any:
    """RE2's set of words: ``Match(data)`` gives the indices of those that are in a file, or ``None``.

    One pass finds all of them, where a search for each would cost more than what is done with the answer.
    """
    import re2

    out = re2.Set.SearchSet()
    for word in words:
        out.Add(re.escape(word))
    out.Compile()
    return out
