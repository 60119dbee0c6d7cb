"""Places for the ARNs of resources that a statement should name, and for the actions it should allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stockade.control import BLANK
from stockade.iam.breadth import covers_all, covers_everything, scopes
from stockade.iam.catalog import Action, Catalog
from stockade.iam.policy import Statement
from stockade.patterns import lazy_regex
from stockade.value import Hole, Text, Unknown, Value, parts_of, text_of

_PLACEHOLDER: Final = lazy_regex(r"\$\{(\w+)\}")
_WORDS: Final = {"SecretId": "secret's name, with -* after it"}
_SURROUNDINGS: Final = {"Partition": "partition", "Region": "region", "Account": "account"}
_MOST: Final = 4
"""More kinds of resources than that in one statement are to be told apart by a person."""


def places(stated: Statement) -> Text | tuple[Text, ...] | None:
    """A ``Resource`` of ARNs in the reference's formats, with blanks for the names of what is meant.

    What the statement names already stays. ``None`` where an action cannot be scoped, or to too many things.
    """
    formats = _formats(stated)
    if not formats or len(formats) > _MOST:
        return None
    chosen = (one for one in stated.resources or () if not _is_wide(one, formats))
    found = tuple(dict.fromkeys((*(text_of(*parts_of(one)) for one in chosen), *map(_place, formats))))
    return found[0] if len(found) == 1 else found


def _is_wide(resource: Value[str], formats: Iterable[str]) -> bool:
    return bool(covers_everything(resource)) or any(covers_all(resource, one) for one in formats)


def _place(arn_format: str) -> Text:
    pieces: list[str | Hole] = []
    at = 0
    for found in _PLACEHOLDER.finditer(arn_format):
        pieces.append(arn_format[at : found.start()])
        known = _SURROUNDINGS.get(found[1])
        words = _WORDS.get(found[1]) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found[1]).lower()
        pieces.append(Hole(known) if known else Hole(f"{BLANK}the {words}"))
        at = found.end()
    return text_of(*pieces, arn_format[at:])


def _formats(stated: Statement) -> list[str] | None:
    """The formats of what each action of a statement can be scoped to; ``None`` where one cannot be."""
    catalog = Catalog.load()
    out: dict[str, None] = {}
    for pattern in stated.actions or ():
        if isinstance(pattern, Unknown):
            return None
        actions = catalog.expand(pattern.value)
        if not actions:
            return None
        for action in actions:
            if not (types := scopes(action)):
                return None
            out[_format(action, types[0])] = None
    return list(out)


def _format(action: Action, kind: str) -> str:
    service = Catalog.load().service(action.service)
    return service.resource_types[kind] if service else ""


def blank_actions(prefix: str) -> Text:
    """A place for actions of a service."""
    return text_of(f"{prefix}:", Hole(f"{BLANK}an action that the code calls"))
