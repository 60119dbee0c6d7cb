"""The report as a CycloneDX bill of materials: functions, what they ship, and its known vulnerabilities.

One document holds all functions of a scan. Each is a component of its own, with what it ships as its
dependencies. Written here rather than by the reference library, which takes a fifth of a second to import; the
tests hold it to that library's strict validation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from stockade.report import Bill, Report
from stockade.show.escape import escape

VERSION: Final = "1.6"
_FROM: Final = {
    "CVE": ("NVD", "https://nvd.nist.gov/vuln/detail/"),
    "GHSA": ("GitHub", "https://github.com/advisories/"),
}
_OSV: Final = ("OSV", "https://osv.dev/vulnerability/")
_METHODS: Final = {"CVSS:4": "CVSSv4", "CVSS:3.1": "CVSSv31", "CVSS:3": "CVSSv3"}
_SEVERITIES: Final = frozenset(("critical", "high", "medium", "low", "none"))


def show(report: Report) -> bytes:
    """The document as JSON; the same report gives the same bytes."""
    document = _document(report)
    text = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{UUID(bytes=sha256(text.encode()).digest()[:16], version=4)}"
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _document(report: Report) -> dict[str, Any]:
    libraries: dict[str, dict[str, Any]] = {}
    for bill in report.bills:
        for one in bill.components:
            if one.version:
                libraries.setdefault(one.purl, _library(one))
    title = ", ".join(one.path for one in report.inputs) or "nothing"
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "version": 1,
        "metadata": {
            "timestamp": report.at,
            "tools": {"components": [{"type": "application", "name": "stockade", "version": report.version}]},
            "component": {"type": "application", "name": escape(title), "bom-ref": "scan"},
            "properties": [
                {"name": f"stockade:data:{name}", "value": day} for name, day in sorted(report.data.items())
            ],
        },
        "components": [
            *(_function(bill) for bill in report.bills),
            *(libraries[purl] for purl in sorted(libraries)),
        ],
        "dependencies": [
            {"ref": "scan", "dependsOn": [_ref(bill) for bill in report.bills]},
            *({"ref": _ref(bill), "dependsOn": _shipped(bill)} for bill in report.bills),
        ],
        "compositions": [
            {"aggregate": "complete" if bill.complete else "incomplete", "assemblies": [_ref(bill)]}
            for bill in report.bills
        ],
        "vulnerabilities": list(_vulnerabilities(report.bills)),
    }


def _ref(bill: Bill) -> str:
    return f"function:{bill.input}:{bill.address}"


def _shipped(bill: Bill) -> list[str]:
    return sorted({one.purl for one in bill.components if one.version})


def _function(bill: Bill) -> dict[str, Any]:
    loose = sorted({one.purl for one in bill.components if not one.version})
    properties = [{"name": "stockade:address", "value": escape(bill.address)}]
    properties += [{"name": "stockade:no-exact-version", "value": purl} for purl in loose]
    if bill.reason:
        properties.append({"name": "stockade:not-known", "value": escape(bill.reason)})
    return {"type": "application", "bom-ref": _ref(bill), "name": escape(bill.name), "properties": properties}


def _library(one: Any) -> dict[str, Any]:
    group, _, name = one.name.rpartition(":") if ":" in one.name else one.name.rpartition("/")
    out = {"type": "library", "bom-ref": one.purl, "name": name, "version": one.version, "purl": one.purl}
    if group:
        out["group"] = group
    if one.licence:
        out["licenses"] = [{"license": {"name": escape(one.licence)}}]
    out["properties"] = [
        {"name": "stockade:evidence", "value": one.evidence.value},
        {"name": "stockade:told-by", "value": escape(one.path)},
    ]
    return out


def _vulnerabilities(bills: Iterable[Bill]) -> Iterable[dict[str, Any]]:
    found: dict[str, tuple[Any, set[str], set[str]]] = {}
    for bill in bills:
        for purl, known in bill.vulnerabilities.items():
            for one in known:
                entry = found.setdefault(one.id, (one, set(), set()))
                entry[1].add(purl)
                if one.fixed:
                    entry[2].add(one.fixed)
    for name in sorted(found):
        one, purls, fixes = found[name]
        yield {
            "bom-ref": f"vulnerability:{name}",
            "id": name,
            "source": _source(name),
            "references": [{"id": alias, "source": _source(alias)} for alias in one.aliases],
            "ratings": [_rating(one)],
            "description": escape(one.summary),
            **({"recommendation": f"update to {', '.join(sorted(fixes))}"} if fixes else {}),
            "affects": [{"ref": purl} for purl in sorted(purls)],
            "properties": [
                *([{"name": "stockade:epss", "value": f"{one.epss:g}"}] if one.epss is not None else []),
                *([{"name": "stockade:known-exploited", "value": "true"}] if one.exploited else []),
            ],
        }


def _source(name: str) -> dict[str, str]:
    title, address = _FROM.get(name.partition("-")[0], _OSV)
    return {"name": title, "url": f"{address}{name}"}


def _rating(one: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"severity": one.severity if one.severity in _SEVERITIES else "unknown"}
    if one.score is not None:
        out["score"] = one.score
    method = next((word for start, word in _METHODS.items() if one.vector.startswith(start)), "")
    if method:
        out |= {"method": method, "vector": one.vector}
    return out
