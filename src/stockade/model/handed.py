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
    """Whether a variable that is read at a place is one of the root module, handed on from module to module.

    ``name`` is what follows ``var.``: a variable, or a member of one (``image.tag``).
    """
    for call in reversed(place.via):
        block = call.source.data[call.start :].partition(b"\n}")[0]
        head, _, rest = name.partition(b".")
        if whole := _handed(head, block):
            name = whole + (b"." + rest if rest else b"")
        elif rest and (member := _handed(rest.rpartition(b".")[2], block)):
            name = member
        else:
            return False
    return True


def _handed(name: bytes, block: bytes) -> bytes | None:
    """The variable that a module call hands on as one of its arguments, or as a member of one."""
    written = rb"^[ \t]*" + re.escape(name) + rb"[ \t]*=[ \t]*var\.([\w.-]+)[ \t\r]*(?:[#/].*)?$"
    found = re.search(written, block, re.MULTILINE)
    return found[1] if found else None


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
    *_, declared = (None, *_DECLARED.finditer(data, 0, start))
    if declared is None or b"\n}" in data[declared.end() : start]:
        return ""
    return f"var.{declared[1].decode()}"
