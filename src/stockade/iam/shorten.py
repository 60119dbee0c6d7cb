"""Actions written with wildcards that cover those actions and, of all that AWS has today, no other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from stockade.iam.catalog import Catalog, Service
from stockade.iam.written import Listed, Plain
from stockade.patterns import lazy_regex

_WORD: Final = lazy_regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def shortened(plain: Plain) -> Plain:
    """The statement with a wildcard for all actions that begin with the same words, where it has them all."""
    catalog = Catalog.load()
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    out: list[str] = []
    for value in plain.actions.values:
        action = catalog.action(str(value))
        if action is None:
            out.append(str(value))
        else:
            wanted[action.service].add(action.name)
    for prefix, names in wanted.items():
        service = catalog.service(prefix)
        out += (f"{prefix}:{one}" for one in (_patterns(service, names) if service else sorted(names)))
    return replace(plain, actions=Listed(tuple(sorted(out))))


def _patterns(service: Service, names: set[str]) -> list[str]:
    left, out = set(names), []
    for opening in sorted({one for name in names for one in _openings(name)}, key=lambda one: (len(one), one)):
        covered = {action.name for action in service.expand(f"{opening}*")}
        # Of one action alone the name says more, and more surely.
        if len(covered) > 1 and covered <= left:
            out.append(f"{opening}*")
            left -= covered
    return sorted(out) + sorted(left)


def _openings(name: str) -> list[str]:
    """The beginnings of a name that end with a word, the empty one first."""
    return ["", *(name[: found.end()] for found in _WORD.finditer(name))]
