"""The report as an SPDX 2.3 document: every function as a package that contains what it ships."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from stockade.report import Bill, Report
from stockade.show.escape import escape

_NOTHING: Final = "NOASSERTION"


def show(report: Report) -> bytes:
    """The document as JSON; the same report gives the same bytes."""
    packages: dict[str, dict[str, Any]] = {}
    relations: list[dict[str, str]] = []
    for bill in report.bills:
        function = _id("function", f"{bill.input}:{bill.address}")
        packages[function] = _function(bill, function)
        relations.append(_related("SPDXRef-DOCUMENT", "DESCRIBES", function))
        for one in sorted(bill.components, key=lambda one: (one.purl, one.wanted)):
            library = _id("package", f"{one.purl} {one.wanted}")
            packages.setdefault(library, _library(one, library))
            relations.append(_related(function, "CONTAINS" if _is_there(one) else "DEPENDS_ON", library))
    title = ", ".join(one.path for one in report.inputs) or "nothing"
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": escape(title),
        "creationInfo": {
            "created": report.at,
            "creators": [f"Tool: stockade-{report.version}"],
            "comment": ", ".join(f"{name} {day}" for name, day in sorted(report.data.items())) or _NOTHING,
        },
        "packages": [packages[name] for name in sorted(packages)],
        "relationships": relations,
    }
    digest = sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]
    document["documentNamespace"] = f"https://spdx.org/spdxdocs/stockade-{digest}"
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _id(kind: str, text: str) -> str:
    return f"SPDXRef-{kind}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _related(one: str, how: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}


def _is_there(one: Any) -> bool:
    return bool(one.evidence.value == "installed")


def _function(bill: Bill, name: str) -> dict[str, Any]:
    out = _package(name, escape(bill.name), "")
    out["comment"] = escape(f"AWS Lambda function {bill.address}")
    if bill.reason:
        out["comment"] += escape(f"; not all that ships is known: {bill.reason}")
    return out


def _library(one: Any, name: str) -> dict[str, Any]:
    out = _package(name, one.name, one.version)
    out["licenseDeclared"] = _NOTHING
    out["comment"] = escape(
        f"told by {one.path} ({one.evidence.value}{f', {one.wanted}' if one.wanted else ''})"
    )
    out["externalRefs"] = [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": one.purl}
    ]
    return out


def _package(name: str, title: str, version: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "SPDXID": name,
        "name": title,
        "downloadLocation": _NOTHING,
        "filesAnalyzed": False,
        "licenseConcluded": _NOTHING,
        "copyrightText": _NOTHING,
    }
    if version:
        out["versionInfo"] = version
    return out
