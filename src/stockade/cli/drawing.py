"""Who can reach what, drawn of every input of a scan for the formats that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockade.cli.formats import Beside
    from stockade.configuration import Configuration
    from stockade.read.inputs import Input


def drawing(
    beside: Beside, configuration: Configuration | None
) -> Callable[[Iterator[Input]], Iterator[Input]]:
    """Draws who can reach what of every input, as it goes by."""
    from stockade.paths.chains import paths, pictures

    accounts = configuration.accounts if configuration else frozenset()

    def look(inputs: Iterator[Input]) -> Iterator[Input]:
        for index, one in enumerate(inputs):
            drawn = pictures(index, replace(one.world, accounts=accounts))
            beside.pictures += drawn
            beside.paths += paths(drawn)
            yield one

    return look
