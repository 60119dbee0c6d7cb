"""Whether a variable of the root module stands for a value, by how that is written: who deploys sets it there.

This moves a finding to another noise level, never away: what is set in the end is not known here.
"""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex
from stockade.value import Origin, Written, places

_CONDITION: Final = lazy_regex(rb"=\s*!?\s*var\.([\w-]+)\s*\?[^?\n]*$")
_DECLARED: Final = lazy_regex(rb"^variable[ \t]+\"?([\w-]+)\"?[ \t]*\{", re.MULTILINE)
_LINE: Final = 400
"""How far before a value its condition is looked for."""


def is_of_root(name: bytes, place: Written) -> bool:
    """Whether a variable that is read at a place is one of the root module, handed on from module to module."""
    for call in reversed(place.via):
        handed = rb"^[ \t]*" + re.escape(name) + rb"[ \t]*=[ \t]*var\.([\w-]+)[ \t\r]*(?:[#/].*)?$"
        block = call.source.data[call.start :].partition(b"\n}")[0]
        found = re.search(handed, block, re.MULTILINE)
        if found is None:
            return False
        name = found[1]
    return True


def switch_of(origin: Origin) -> str:
    """The root module's variable on which a value hangs as a whole, ``var.alarms``; empty where there is none.

    It is the variable's default, or one branch of ``var.alarms ? … : …``.
    """
    place = next(places(origin), None)
    if place is None:
        return ""
    data, start = place.span.source.data, place.span.start
    found = _CONDITION.search(data[max(start - _LINE, 0) : start])
    if found is not None:
        return f"var.{found[1].decode()}" if is_of_root(found[1], place) else ""
    if place.via:
        return ""
    declared = None
    for declared in _DECLARED.finditer(data, 0, start):
        pass
    if declared is None or b"\n}" in data[declared.end() : start]:
        return ""
    return f"var.{declared[1].decode()}"
