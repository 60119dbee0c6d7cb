"""What somebody may have meant by a name that does not exist: the names that are spelt alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.patterns import lazy_regex

_ALIKE: Final = 0.75
_TELLING: Final = 5  # shorter openings are those of too many names
_LONGEST: Final = 100  # no name of AWS's is longer, and comparing costs the product of two lengths


def nearest(name: str, candidates: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to ``most`` of the candidates that are like a name, likeliest first; case does not count.

    Like are two names that share three quarters of their letters in order, one that begins with the
    whole of the other (``Invoke``, ``InvokeFunction``), and the same words in another order (``ObjectGet``,
    ``get_object``). Candidates of equal likeness come in alphabetical order.
    """
    if len(name) > _LONGEST:
        return ()
    # Here, for only a name that does not exist should cost the import.
    from difflib import SequenceMatcher

    lower, words = name.lower(), _words(name)
    matcher = SequenceMatcher(None, "", lower, autojunk=False)
    found: list[tuple[float, str]] = []
    for candidate in candidates:
        if words == _words(candidate):
            found.append((-2.0, candidate))
            continue
        if len(lower) >= _TELLING and candidate.lower().startswith(lower):
            found.append((-1.0, candidate))
            continue
        matcher.set_seq1(candidate.lower())
        if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
            if (ratio := matcher.ratio()) >= _ALIKE:
                found.append((-ratio, candidate))
    return tuple(candidate for _, candidate in sorted(found)[:most])


_WORD: Final = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def _words(name: str) -> list[str]:
    return sorted(word.lower() for word in _WORD.findall(name))
