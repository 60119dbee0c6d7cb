"""A report as events of the Open Cybersecurity Schema Framework: Compliance Findings (class 2003).

Written from the schema's documentation, version 1.5.0. What fails is ``Fail``, what could not be decided
``Warning``, what could not be read ``Unknown``: none of them reads as passed.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from stockade.control import Fails, Severity, Undecided
from stockade.report import Finding, GapReport, Report
from stockade.show.escape import escape
from stockade.show.hub import Hub, Resource, Resources, cut, gaps, partition, place

VERSION: Final = "1.5.0"
_CLASS, _CATEGORY, _CREATE = 2003, 2, 1
_STANDARD: Final = "AWS Lambda hardening checklist"
_SEVERITIES: Final = {
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_INFORMATIONAL: Final = (1, "Informational")
_LONGEST: Final = 4096


def show(report: Report, hub: Hub) -> bytes:
    """The events as one JSON list, one to a line."""
    maker = _Maker(report, hub)
    listed = _safe([*map(maker.finding, report.findings), *map(maker.gap, gaps(report))])
    lines = ",\n".join(f"  {json.dumps(one)}" for one in listed)
    return (f"[\n{lines}\n]\n" if lines else "[]\n").encode("ascii")


def _safe(value: Any) -> Any:
    """The same, with every text harmless wherever it is shown."""
    if isinstance(value, str):
        return "\n".join(map(escape, value.split("\n")))
    if isinstance(value, dict):
        return {key: _safe(one) for key, one in value.items()}
    return [_safe(one) for one in value] if isinstance(value, list) else value


class _Maker:
    """Makes events, each of the account and region that it is of, as far as anybody said them."""

    def __init__(self, report: Report, hub: Hub) -> None:
        self._report = report
        self._time = int(datetime.fromisoformat(report.at.replace("Z", "+00:00")).timestamp() * 1000)
        self._hubs = [hub.of(report, index) for index in range(len(report.inputs))]
        self._resources = Resources(report)

    def finding(self, one: Finding) -> dict[str, Any]:
        match one.outcome:
            case Fails():
                status = (3, "Fail")
            case Undecided():
                status = (2, "Warning")
            case _:
                status = (0, "Unknown")
        hub = self._hubs[one.input]
        uid = hub.identity(one.fingerprint)
        out = self._common(hub, uid, one.control, one.message, _SEVERITIES[one.severity])
        out["compliance"] = {
            "control": one.control,
            "standards": [_STANDARD],
            "requirements": [f"{one.item.section}: {one.item.title}"],
            "status_id": status[0],
            "status": status[1],
            "status_detail": cut(one.cause or one.message, _LONGEST),
        }
        out["resources"] = [self._resource(resource, hub) for resource in self._resources.of(one, hub)]
        out |= {"status_id": 3, "status": "Suppressed"} if one.suppressed else {"status_id": 1, "status": "New"}
        if one.suppressed:
            out["comment"] = cut(one.suppressed.reason, _LONGEST)
        if text := one.fix.title if one.fix else one.help:
            out["remediation"] = {"desc": cut(text, _LONGEST)}
        out["unmapped"] = {"address": one.address, "place": place(one), "doubt": one.doubt or None}
        if isinstance(one.outcome, Fails) and (request := one.outcome.shown()):
            out["unmapped"]["witness"] = request.sentence()
        return out

    def gap(self, one: GapReport) -> dict[str, Any]:
        path = self._report.inputs[one.input]
        hub = self._hubs[one.input]
        uid = hub.identity(path.root, one.what, one.reason)
        out = self._common(hub, uid, "not-read", f"not read: {one.what}: {one.reason}", _INFORMATIONAL)
        out["compliance"] = {
            "standards": [_STANDARD],
            "status_id": 0,
            "status": "Unknown",
            "status_detail": cut(one.reason, _LONGEST),
        }
        out["resources"] = [self._resource(Resource(place(one) or path.path, one.what, False), hub)]
        out |= {"status_id": 1, "status": "New"}
        if one.help:
            out["remediation"] = {"desc": cut(one.help, _LONGEST)}
        return out

    def _common(
        self, hub: Hub, uid: str, generator: str, message: str, severity: tuple[int, str]
    ) -> dict[str, Any]:
        out: dict[str, Any] = {
            "class_uid": _CLASS,
            "class_name": "Compliance Finding",
            "category_uid": _CATEGORY,
            "category_name": "Findings",
            "activity_id": _CREATE,
            "activity_name": "Create",
            "type_uid": _CLASS * 100 + _CREATE,
            "type_name": "Compliance Finding: Create",
            "time": self._time,
            "severity_id": severity[0],
            "severity": severity[1],
            "message": cut(message, _LONGEST),
            "metadata": {
                "version": VERSION,
                "product": {
                    "name": "Stockade",
                    "vendor_name": "Stockade",
                    "version": self._report.version,
                },
            },
            "finding_info": {
                "uid": uid,
                "title": cut(message, 256),
                "created_time": self._time,
                "analytic": {"uid": generator, "name": generator, "type": "Rule", "type_id": 1},
            },
        }
        if cloud := _cloud(hub):
            out["metadata"]["profiles"] = ["cloud"]
            out["cloud"] = cloud
        return out

    def _resource(self, one: Resource, hub: Hub) -> dict[str, Any]:
        out = {"uid": cut(one.uid, 2048), "name": cut(one.name, 512)}
        if one.is_function:
            out["type"] = "AWS::Lambda::Function"
        if hub.region:  # of the profile `cloud`
            out |= {"region": hub.region, "cloud_partition": partition(hub.region)}
        return out


def _cloud(hub: Hub) -> dict[str, Any]:
    """Where it runs, as far as anybody said it."""
    if not (hub.account or hub.region):
        return {}
    out: dict[str, Any] = {"provider": "AWS"}
    if hub.region:
        out["region"] = hub.region
    if hub.account:
        out["account"] = {"uid": hub.account, "type": "AWS Account", "type_id": 10}
    return out
