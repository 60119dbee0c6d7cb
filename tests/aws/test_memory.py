"""What one more function of a live account takes: the values of its answers with their places, and no more."""

from __future__ import annotations

import gc
import tracemalloc

from benchmarks.live_account import NUMBER, many
from stockade.read.build import build
from tests.aws.endpoint import Endpoint, apart
from tests.aws.scanning import clients, reading

FEW, MORE = 10, 40
KEPT = 100_000
"""Bytes that are kept of one function, its role and its log group: some eight documents of half a kilobyte, and
some hundred and fifty values, each of which knows its place."""
PEAK = 150_000
"""Bytes at most while it is read: beside these the answers themselves, until they have become documents."""


def _traced(endpoint: Endpoint) -> tuple[int, int]:
    """Bytes that are kept of an account, and the most there were."""
    made = clients(endpoint, NUMBER)
    gc.collect()
    tracemalloc.start()
    try:
        whole = reading(endpoint, made=made)
        world = build(whole)
        del made
        gc.collect()
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        assert whole.gaps == () and world.functions


def test_memory_grows_by_what_one_function_says() -> None:
    found = []
    for size in (FEW, FEW, MORE):  # the first time what is imported is counted too
        with apart(many(size)) as endpoint:
            found.append(_traced(endpoint))
    kept, peak = ((more - few) / (MORE - FEW) for few, more in zip(*found[1:], strict=True))
    assert 10_000 < kept < KEPT, "something is kept, and not much"
    assert peak < PEAK
