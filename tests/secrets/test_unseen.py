"""The sets that were written before the search was run on them: how well they are told apart by now."""

from __future__ import annotations

from stockade.model.shipped import takes_values_unquoted
from stockade.secrets.classify import Confidence, classify
from stockade.secrets.search import secrets_in
from tests.secrets import corpus


def test_pairs_that_nobody_had_seen() -> None:
    pairs = corpus.load(corpus.UNSEEN)
    told = [(pair, classify(pair.name, pair.value)) for pair in pairs]
    says = [(pair, one is not None and one.confidence > Confidence.PLACEHOLDER) for pair, one in told]
    wrong = [f"{pair.name}={pair.value[:60]}" for pair, said in says if said and not pair.secret]
    missed = [f"{pair.name}={pair.value[:60]}" for pair, said in says if pair.secret and not said]
    assert len(pairs) > 1_000
    _at_least(sum(pair.secret and said for pair, said in says), wrong, missed, precision=0.98, recall=0.98)


def test_lines_that_nobody_had_seen() -> None:
    files = corpus.lines()
    right, wrong, missed = 0, [], []
    for one in files:
        places = [
            (each.start, each.end)
            for each in secrets_in((one.text + "\n").encode(), unquoted=takes_values_unquoted(one.path))
        ]
        for start, end in one.secrets:
            found = any(start < other[1] and other[0] < end for other in places)
            right += found
            missed += [] if found else [one.text[:90]]
        wrong += [
            one.text[:90]
            for start, end in places
            if not any(start < other[1] and other[0] < end for other in one.secrets)
        ]
    assert len(files) > 1_200
    _at_least(right, wrong, missed, precision=0.99, recall=0.89)


def _at_least(right: int, wrong: list[str], missed: list[str], *, precision: float, recall: float) -> None:
    found = right / (right + len(wrong)), right / (right + len(missed))
    assert found[0] >= precision, f"precision {found[0]:.3f}; {wrong=}"
    assert found[1] >= recall, f"recall {found[1]:.3f}; {missed=}"
