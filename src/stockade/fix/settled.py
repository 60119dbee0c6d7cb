"""Changes in which what a policy says of its deployment stays said.

A control does not know the account, the region or the partition that only a deployment decides, and leaves a
hole for each. Where the element that it replaces names one (``arn:aws:logs:eu-west-1:*:*``) the new ARN
names it too: anything else would be no part of it, and less plain to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from stockade.control import Change, Rewrite
from stockade.errors import FixError
from stockade.fix.rehearse import value_at
from stockade.json_text import document
from stockade.read.resource import Reading
from stockade.value import Hole, Known, Text, elements_of, parts_of, text_of

_SEGMENTS: Final = {"partition": 1, "region": 3, "account": 4}


def settled(changes: tuple[Change, ...], reading: Reading | None) -> tuple[Change, ...]:
    """The changes, with what the replaced elements name in place of holes."""
    return tuple(_settled(one, reading) if isinstance(one, Rewrite) and reading else one for one in changes)


def _settled(change: Rewrite, reading: Reading) -> Rewrite:
    if change.element not in ("Resource", "NotResource") or change.value is None:
        return change
    named = _named(change, reading)
    return replace(change, value=_filled(change.value, named)) if named else change


def _named(change: Rewrite, reading: Reading) -> dict[str, str]:
    """What the ARNs of the element name, all of them alike."""
    arns = [
        one.split(":", 5) for one in _texts(change, reading) if one.startswith("arn:") and one.count(":") > 4
    ]
    out: dict[str, str] = {}
    for name, index in _SEGMENTS.items():
        said = {one[index] for one in arns}
        if len(said) == 1 and (only := next(iter(said))) and not set(only) & set("*?$"):
            out[name] = only
    return out


def _texts(change: Rewrite, reading: Reading) -> Iterator[str]:
    resource = next((one for one in reading.resources if one.address == change.address), None)
    if resource is None or change.statement is None:
        return
    try:
        read = document(value_at(resource, change.attribute))
    except FixError:
        return
    if not isinstance(read, Known) or not isinstance(read.value, Mapping):
        return
    key = next((name for name in read.value if name.lower() == "statement"), None)
    written = read.value[key] if key else None
    listed = elements_of(written) if written is not None else None
    statements = ((written,) if listed is None else listed) if written is not None else ()
    if change.statement >= len(statements):
        return
    statement = statements[change.statement]
    if not isinstance(statement, Known) or not isinstance(statement.value, Mapping):
        return
    value = next(
        (one for name, one in statement.value.items() if name.lower() == str(change.element).lower()), None
    )
    if value is None:
        return
    inner = elements_of(value)
    for one in (value,) if inner is None else inner:
        parts = parts_of(one)
        if parts and isinstance(parts[0], str):
            yield "".join(part if isinstance(part, str) else "*" for part in parts)


def _filled(value: Any, named: Mapping[str, str]) -> Any:
    match value:
        case Text(parts):
            return text_of(*(named.get(one.name, one) if isinstance(one, Hole) else one for one in parts))
        case tuple() | list():
            return type(value)(_filled(one, named) for one in value)
        case _:
            return value
