"""A report as findings in the AWS Security Finding Format, for Security Hub's ``BatchImportFindings``.

Written from AWS's API reference (``AwsSecurityFinding``, with the lengths it states). What fails is
``FAILED``, what could not be decided ``WARNING``, what could not be read ``NOT_AVAILABLE``: none of them reads
as passed. What an owner accepts is ``SUPPRESSED``, with the reason.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from stockade.control import Fails, Undecided
from stockade.report import Finding, GapReport, Report
from stockade.show.hub import Resource, Resources, cut, gaps, partition, place

_VERSION: Final = "2018-10-08"
_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_MOST_RESOURCES: Final = 32


def show(report: Report, account: str | None, region: str | None) -> bytes:
    """The findings as one JSON list, one to a line; AWS takes a hundred of them at a time."""
    whose = _Whose(report, account or "", region or "")
    listed = [*map(whose.finding, report.findings), *map(whose.gap, gaps(report))]
    lines = ",\n".join(f"  {json.dumps(one)}" for one in listed)
    return (f"[\n{lines}\n]\n" if lines else "[]\n").encode("ascii")


class _Whose:
    """Makes the findings of one account and region."""

    def __init__(self, report: Report, account: str, region: str) -> None:
        self._report = report
        self._account = account
        self._region = region
        self._partition = partition(region)
        self._resources = Resources(report, account, region)

    def finding(self, one: Finding) -> dict[str, Any]:
        listed = self._resources.of(one)
        names = ", ".join(resource.name for resource in listed)
        title = f"{one.control}: {names}" if len(names) < 120 else f"{one.control}: {len(listed)} functions"
        out = self._common(one.fingerprint, one.control, title, one.message, listed)
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
        root = self._report.inputs[one.input].root
        identity = sha256("\0".join((root, one.what, one.reason)).encode("utf-8", "replace")).hexdigest()[:16]
        subject = Resource(place(one) or self._report.inputs[one.input].path, one.what, False)
        text = f"{one.what}: {one.reason}"
        out = self._common(identity, "not-read", f"not read: {one.what}", text, [subject])
        out["Severity"] = {"Label": "LOW", "Original": "gap"}
        out["Compliance"] = {"Status": "NOT_AVAILABLE"}
        out["Workflow"] = {"Status": "NEW"}
        if one.help:
            out["Remediation"] = {"Recommendation": {"Text": cut(one.help, 512)}}
        return out

    def _common(
        self, identity: str, generator: str, title: str, description: str, listed: list[Resource]
    ) -> dict[str, Any]:
        product = f"product/{self._account}/default"
        return {
            "SchemaVersion": _VERSION,
            "Id": f"stockade/{self._region}/{self._account}/{identity}",
            "ProductArn": f"arn:{self._partition}:securityhub:{self._region}:{self._account}:{product}",
            "ProductName": "Stockade",
            "CompanyName": "Stockade",
            "GeneratorId": f"stockade/{generator}",
            "AwsAccountId": self._account,
            "Types": [_TYPE],
            "CreatedAt": self._report.at,
            "UpdatedAt": self._report.at,
            "Title": cut(title, 256),
            "Description": cut(description, 1024),
            "Resources": [self._resource(one) for one in listed[:_MOST_RESOURCES]],
            "RecordState": "ACTIVE",
            "ProductFields": {"stockade/version": self._report.version},
        }

    def _resource(self, one: Resource) -> dict[str, Any]:
        return {
            "Type": "AwsLambdaFunction" if one.is_function else "Other",
            "Id": cut(one.uid, 2048),
            "Partition": self._partition,
            "Region": self._region,
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
