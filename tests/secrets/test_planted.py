"""Every secret that was planted in source and configuration is found, and nothing else is."""

from __future__ import annotations

import pytest

from stockade.model.shipped import takes_values_unquoted
from stockade.secrets.search import secrets_in
from tests.secrets.corpus import Planted, planted

FILES = planted()


def test_there_are_secrets_in_them() -> None:
    assert sum(len(one.secrets) for one in FILES) > 70


@pytest.mark.parametrize("one", FILES, ids=lambda one: one.path)
def test_what_was_planted_is_found_and_nothing_else(one: Planted) -> None:
    found = secrets_in(one.text.encode(), unquoted=takes_values_unquoted(one.path))
    places = [(each.start, each.end) for each in found]
    missed = [one.text[start:end] for start, end in one.secrets if not _meets((start, end), places)]
    false = [one.text[start:end] for start, end in places if not _meets((start, end), one.secrets)]
    assert (missed, false) == ([], [])


def _meets(place: tuple[int, int], others: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in others)
