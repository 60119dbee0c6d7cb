"""What is looked for before a pattern is asked is in everything that the pattern takes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from stockade.secrets import shapes


def _taken(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts that a pattern takes as a whole."""
    return st.from_regex(re.compile(pattern.pattern, pattern.flags), fullmatch=True)


@given(_taken(shapes._REFERENCE))
def test_every_reference_is_one(text: str) -> None:
    assert shapes.is_reference(text)


@given(_taken(shapes._PUBLIC_KEY), st.text(max_size=5))
def test_every_public_key_is_one(text: str, around: str) -> None:
    assert shapes.is_public_key(f"{around}{text}{around}")


@given(st.text(alphabet="abcABC019_- ,;=+", max_size=20))
def test_a_word_is_no_reference(text: str) -> None:
    assert not shapes.is_reference(text)
