"""Which family of runtimes a function is of, whatever somebody wrote there."""

from __future__ import annotations

import pytest

from stockade.model.function import Function
from stockade.model.shipped import family_of
from stockade.value import Default, Known, Unknown, Value

ORIGIN = Default("a test")


@pytest.mark.parametrize(
    ("runtime", "family"),
    [
        (Known("python3.13", ORIGIN), "python"),
        (Known("nodejs22.x", ORIGIN), "nodejs"),
        (Known("provided.al2023", ORIGIN), "provided"),
        (Known("PYTHON3.8", ORIGIN), None),
        (Known("Éa", ORIGIN), None),
        (Known("", ORIGIN), None),
        (Known(None, ORIGIN), None),
        (Unknown("not known", ORIGIN), None),
    ],
)
def test_family(runtime: Value[str | None], family: str | None) -> None:
    one = Function(
        address="f", origin=ORIGIN, name=Known("f", ORIGIN), role=Known("r", ORIGIN), runtime=runtime
    )
    assert family_of(one) == family
