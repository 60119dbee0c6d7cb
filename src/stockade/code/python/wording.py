"""Texts that a program puts together, as far as they are known: f-strings, sums, and ``%``."""

from __future__ import annotations

import ast
from itertools import product
from typing import Final

from stockade.code.python.judgement import is_text
from stockade.code.python.machine import Machine
from stockade.code.python.protocols import worded
from stockade.code.python.told import pieces, text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    SEPARATE,
    Abstract,
    Arguments,
    Array,
    Data,
    External,
    Frame,
    Made,
    Many,
    Opaque,
    Site,
    is_none,
    join,
    options,
)
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref

_FORMAT: Final = lazy_regex(r"%(?:\((\w+)\))?[#0\- +]*[\d*]*(?:\.[\d*]+)?([sdirxXfFgGeEca%])")


def spelled(machine: Machine, parts: list[tuple[Abstract, Site]], site: Site) -> Abstract:
    """The text of these values one after another: each of the few that it may be."""
    several: list[list[tuple[str | Ref | Hole, ...]]] = []
    count = 1
    for whole, place in parts:
        value = worded(machine, place, whole)
        left = [one for one in options(value) if not is_none(one)] if isinstance(value, Many) else [value]
        known = all(isinstance(one, Data) and isinstance(one.value, Known) for one in left)
        if not left or (len(left) > 1 and (not known or count * len(left) > SEPARATE)):
            left = [value]
        count *= len(left)
        several.append([pieces(one, place) for one in left])
    return join(
        *(text_value([piece for part in chosen for piece in part], site) for chosen in product(*several))
    )


def is_path(value: Abstract) -> bool:
    """Whether something is a path of ``pathlib``, by itself or below another."""
    if isinstance(value, External | Made):
        return value.path.startswith("pathlib.")
    return isinstance(value, Data) and is_text(value)


def percent(machine: Machine, form: str, value: Abstract, site: Site, node: ast.expr, frame: Frame) -> Abstract:
    """``form % value``"""
    if isinstance(value, Array):
        given = iter(value.items)
        nodes = iter(node.elts if isinstance(node, ast.Tuple) else [])
    else:
        given = iter([value])
        nodes = iter([node])
    found: list[tuple[Abstract, Site]] = []
    at = 0
    for match in _FORMAT.finditer(form):
        found.append((Data(Known(form[at : match.start()], site.origin)), site))
        at = match.end()
        if match.group(2) == "%":
            found.append((Data(Known("%", site.origin)), site))
            continue
        place = frame.module.site(next(nodes, node))
        if match.group(1):
            one = machine.item(place, value, Data(Known(match.group(1), site.origin)))
        else:
            one = next(given, NOTHING_KNOWN)
        found.append((one if match.group(2) in "sdi" else Opaque(place), place))
    found.append((Data(Known(form[at:], site.origin)), site))
    return spelled(machine, found, site)


_TEMPLATE: Final = lazy_regex(r"\$(?:(\$)|([_a-zA-Z]\w*)|\{([_a-zA-Z]\w*)\})")


def templated(machine: Machine, form: str, arguments: Arguments, site: Site) -> Abstract:
    """``string.Template(form).substitute(mapping, name=value)``"""
    found: list[tuple[Abstract, Site]] = []
    at = 0
    for number, match in enumerate(_TEMPLATE.finditer(form)):
        found.append((Data(Known(form[at : match.start()], site.origin)), site))
        at = match.end()
        name = match.group(2) or match.group(3)
        if name is None:
            found.append((Data(Known("$", site.origin)), site))
            continue
        place = Site(site.source, site.start + number, site.end)
        one = arguments.keywords.get(name)
        if one is None and arguments.positional:
            one = machine.item(place, arguments.positional[0], Data(Known(name, site.origin)))
        found.append((one or NOTHING_KNOWN, place))
    found.append((Data(Known(form[at:], site.origin)), site))
    return spelled(machine, found, site)
