"""Libraries whose classes call AWS by being inherited from, where no call says so: mappers to tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stockade.code.facts import Source, Unfollowed
from stockade.code.files import Files
from stockade.patterns import lazy_regex
from stockade.source import Span
from stockade.value import Written

_MAPPERS: Final = {b"bloop": "dynamodb", b"dynamorm": "dynamodb", b"pynamodb": "dynamodb"}
_IMPORT: Final = lazy_regex(rb"^[ \t]*(?:from|import)[ \t]+(" + b"|".join(_MAPPERS) + rb")\b", re.MULTILINE)


def inherited(source: Source, files: Files) -> Iterator[Unfollowed]:
    """What such libraries may call, where what was read imports one and nothing tells of it."""
    told = " ".join(one.what for one in source.unfollowed)
    followed = set(source.files)
    for path, read in files.opened():
        if not path.endswith(".py") or not followed & {path, read.path}:
            continue
        for found in _IMPORT.finditer(read.data):
            name = found[1].decode()
            if name not in told:
                told = f"{told} {name}"
                place = Written(Span(read, found.start(1), found.end(1)))
                reason = "its classes call the tables that they stand for"
                yield Unfollowed(what=f"`{name}`", reason=reason, origin=place, service=_MAPPERS[found[1]])
