"""Lists of patterns as they are written, and made ready: both say the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.iam.automaton import accepts
from stockade.iam.glob import as_resource, glob, plain
from stockade.iam.texts import Texts

readings = st.sampled_from([glob, lambda text: as_resource(glob(text))])
words = st.one_of(
    st.text("aab:*?", max_size=8), st.text("ab:*", max_size=6).map(lambda tail: f"arn:a:b:*:1:{tail}")
)
texts = st.one_of(
    st.text("ab:", max_size=8), st.text("ab:", max_size=6).map(lambda tail: f"arn:a:b:a:1:{tail}")
)


@given(st.lists(words, max_size=5), readings, st.lists(texts, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_globs_match_as_the_patterns_that_are_made_of_them(listed: list[str], read, asked: list[str]) -> None:  # type: ignore[no-untyped-def]
    """However a glob is read, what is seen from its text alone is right."""
    lazy, ready = Texts.of_globs(listed, read), Texts(map(read, listed))
    for text in asked:
        expected = any(accepts(read(one), plain(text)) for one in listed)
        assert lazy.has_known(text) is ready.has_known(text) is expected
    assert set(lazy.patterns) == set(ready.patterns)
    assert lazy.is_plain
    assert ready.is_plain
    assert lazy.globs == tuple(listed)
    assert not ready.globs
