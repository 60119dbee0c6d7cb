"""Needs and policies as JSON's values: the contract of ``stockade policy --format json``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from stockade.model.need import Certainty, Needed, Open, Reason
from stockade.needs.said import in_json
from stockade.needs.texts import Sheet
from stockade.source import Span
from stockade.value import Fetched, Known, Origin, Text, places

SCHEMA: Final = "stockade.policy/1"
_ORDER: Final = (Certainty.CERTAIN, Certainty.LIKELY, Certainty.UNKNOWN)


def functions(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """What is known of some functions."""
    return [_function(sheet) for sheet in sheets]


def _function(sheet: Sheet) -> dict[str, Any]:
    learned = sheet.learned
    source = learned.source
    return {
        "address": sheet.address,
        "name": sheet.name,
        "source": {
            "path": source.value if isinstance(source, Known) else None,
            "reason": None if isinstance(source, Known) else source.reason,
            "built": learned.built or None,
        },
        "complete": sheet.is_whole,
        "needs": list(_needs(learned.needed)),
        "unresolved": [_open(one) for one in learned.open],
        "aside": [_reason(one) for one in learned.aside],
        "notes": [*sheet.policy.notes, *sheet.told, *(one.said for one in learned.notes)],
        "policy": {
            "Version": "2012-10-17",
            "Statement": [json_of(one.tree) for one in sheet.policy.statements],
        },
    }


def _needs(needs: Iterable[Needed]) -> Iterable[dict[str, Any]]:
    """By action and certainty, with all resources of these."""
    groups: dict[tuple[str, Certainty], list[Needed]] = {}
    for one in needs:
        groups.setdefault((one.action, one.certainty), []).append(one)
    for (action, certainty), group in sorted(
        groups.items(), key=lambda one: (one[0][0], _ORDER.index(one[0][1]))
    ):
        reasons = dict.fromkeys(reason for one in group for reason in one.reasons)
        conditions = [
            {"operator": test.operator, "key": test.key, "values": [in_json(one) for one in test.values]}
            for test in dict.fromkeys(test for one in group for test in one.tests)
        ]
        yield {
            "action": action,
            "resources": list(dict.fromkeys(in_json(one.resource) for one in group)),
            "certainty": certainty.value,
            "from": sorted({one.found for one in group}),
            **({"conditions": conditions} if conditions else {}),
            "evidence": [_reason(one) for one in reasons],
        }


def _reason(one: Reason) -> dict[str, Any]:
    out: dict[str, Any] = {"message": one.said, **_place(one.origin)}
    if one.way:
        out["way"] = [_span(span) for span in one.way]
    return out


def _open(one: Open) -> dict[str, Any]:
    return {
        "what": one.what,
        "reason": one.reason,
        "service": one.service or None,
        "actions": list(one.actions),
        "open": one.where,
        **_place(one.origin),
    }


def _place(origin: Origin) -> dict[str, Any]:
    found = next(places(origin), None)
    if found is not None and found.span.path:
        return _span(found.span)
    if isinstance(origin, Fetched):
        return {"path": None, "line": None, "account": origin.account, "region": origin.region, "at": origin.at}
    return {"path": None, "line": None}


def _span(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line}


def json_of(tree: Any) -> Any:
    """A statement as ``json.dumps`` takes it."""
    match tree:
        case dict():
            return {key: json_of(one) for key, one in tree.items()}
        case list() | tuple():
            return [json_of(one) for one in tree]
        case Text():
            return in_json(tree)
        case _:
            return tree
