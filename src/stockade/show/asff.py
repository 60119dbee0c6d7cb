"""A report as findings in the AWS Security Finding Format, for Security Hub's ``BatchImportFindings``.

Written from AWS's API reference (``AwsSecurityFinding``, with the lengths it states). What fails is
``FAILED``, what could not be decided ``WARNING``, what could not be read ``NOT_AVAILABLE``: none of them reads
as passed. What an owner accepts is ``SUPPRESSED``, with the reason.
"""

from __future__ import annotations

import json
from typing import Any, Final

from stockade.control import Fails, Undecided
from stockade.report import Finding, GapReport, Report
from stockade.show.hub import Hub, Resource, Resources, cut, gaps, partition, place

_VERSION: Final = "2018-10-08"
_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_MOST_RESOURCES: Final = 32


def show(report: Report, hub: Hub) -> bytes:
    """The findings as one JSON list, one to a line; AWS takes a hundred of them at a time."""
    maker = _Maker(report, hub)
    listed = [*map(maker.finding, report.findings), *map(maker.gap, gaps(report))]
    lines = ",\n".join(f"  {json.dumps(one)}" for one in listed)
    return (f"[\n{lines}\n]\n" if lines else "[]\n").encode("ascii")


class _Maker:
    """Makes findings, each of the account and region that it is of."""

    def __init__(self, report: Report, hub: Hub) -> None:
        self._report = report
        self._hubs = [hub.of(report, index) for index in range(len(report.inputs))]
        self._resources = Resources(report)

    def finding(self, one: Finding) -> dict[str, Any]:
        hub = self._hubs[one.input]
        listed = self._resources.of(one, hub)
        names = ", ".join(resource.name for resource in listed)
        title = f"{one.control}: {names}" if len(names) < 120 else f"{one.control}: {len(listed)} functions"
        out = self._common(hub, hub.identity(one.fingerprint), one.control, title, one.message, listed)
        out["Severity"] = {"Label": one.severity.name, "Original": one.severity.name.lower()}
        out["Compliance"] = self._compliance(one)
        out["ProductFields"] |= self._fields(one)
        out["Workflow"] = {"Status": "SUPPRESSED" if one.suppressed else "NEW"}
        if one.suppressed:
            reason = cut(one.suppressed.reason, 512)
            out["Note"] = {"Text": reason, "UpdatedBy": "stockade", "UpdatedAt": self._report.at}
        if text := one.fix.title if one.fix else one.help:
            out["Remediation"] = {"Recommendation": {"Text": cut(text, 512)}}
        return out

    def gap(self, one: GapReport) -> dict[str, Any]:
        hub = self._hubs[one.input]
        identity = hub.identity(self._report.inputs[one.input].root, one.what, one.reason)
        subject = Resource(place(one) or self._report.inputs[one.input].path, one.what, False)
        text = f"{one.what}: {one.reason}"
        out = self._common(hub, identity, "not-read", f"not read: {one.what}", text, [subject])
        out["Severity"] = {"Label": "LOW", "Original": "gap"}
        out["Compliance"] = {"Status": "NOT_AVAILABLE"}
        out["Workflow"] = {"Status": "NEW"}
        if one.help:
            out["Remediation"] = {"Recommendation": {"Text": cut(one.help, 512)}}
        return out

    def _common(
        self, hub: Hub, identity: str, generator: str, title: str, description: str, listed: list[Resource]
    ) -> dict[str, Any]:
        account, region = hub.account or "", hub.region or ""
        fields = {"stockade/version": self._report.version}
        if hub.source:
            fields["stockade/source"] = cut(hub.source, 2048)
        return {
            "SchemaVersion": _VERSION,
            "Id": f"stockade/{region}/{account}/{identity}",
            "ProductArn": f"arn:{partition(region)}:securityhub:{region}:{account}:product/{account}/default",
            "ProductName": "Stockade",
            "CompanyName": "Stockade",
            "GeneratorId": f"stockade/{generator}",
            "AwsAccountId": account,
            "Types": [_TYPE],
            "CreatedAt": self._report.at,
            "UpdatedAt": self._report.at,
            "Title": cut(title, 256),
            "Description": cut(description, 1024),
            "Resources": [self._resource(one, region) for one in listed[:_MOST_RESOURCES]],
            "RecordState": "ACTIVE",
            "ProductFields": fields,
        }

    def _resource(self, one: Resource, region: str) -> dict[str, Any]:
        return {
            "Type": "AwsLambdaFunction" if one.is_function else "Other",
            "Id": cut(one.uid, 2048),
            "Partition": partition(region),
            "Region": region,
        }

    def _compliance(self, one: Finding) -> dict[str, Any]:
        requirements = [cut(f"{one.item.section}: {one.item.title}", 512)]
        match one.outcome:
            case Fails():
                status = "FAILED"
            case Undecided():
                status = "WARNING"
            case _:
                status = "NOT_AVAILABLE"
        return {"Status": status, "RelatedRequirements": requirements}

    def _fields(self, one: Finding) -> dict[str, str]:
        more = len(one.functions) - _MOST_RESOURCES
        found = {
            "stockade/address": one.address,
            "stockade/fingerprint": one.fingerprint,
            "stockade/place": place(one),
            "stockade/doubt": one.doubt,
            "stockade/more-functions": str(more) if more > 0 else "",
        }
        if isinstance(one.outcome, Fails) and (request := one.outcome.shown()):
            found["stockade/witness"] = request.sentence()
        return {name: cut(text, 2048) for name, text in found.items() if text}
