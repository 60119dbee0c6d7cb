"""Reports of other scanners as advisories: Trivy, Grype, Snyk, osv-scanner and pip-audit, in their JSON.

What a report says of a package in a version is taken as it is: that scanner has matched it. What a report does
not mention is not known to be right, unless it lists what it looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from stockade.advisories.cvss import rated, word
from stockade.advisories.osv import merged, normal, parse, vulnerability
from stockade.advisories.store import hits, told
from stockade.advisories.versions import KEYS
from stockade.errors import UsageError
from stockade.model.dependency import Component, Evidence
from stockade.model.vulnerability import Vulnerability
from stockade.value import Default

LARGEST: Final = 200_000_000

_BY_TYPE: Final = {
    **dict.fromkeys(("python-pkg", "pip", "poetry", "pipenv", "uv", "python", "pypi", "pdm"), "PyPI"),
    **dict.fromkeys(("node-pkg", "npm", "yarn", "pnpm", "javascript"), "npm"),
    **dict.fromkeys(("jar", "pom", "gradle", "maven", "java-archive", "sbt"), "Maven"),
    **dict.fromkeys(("gobinary", "gomod", "go-module", "golang", "golangdep", "gomodules", "go"), "Go"),
    **dict.fromkeys(("bundler", "gemspec", "gem", "rubygems"), "RubyGems"),
    **dict.fromkeys(("nuget", "dotnet-core", "dotnet-deps", "dotnet"), "NuGet"),
    **dict.fromkeys(("cargo", "rustbinary", "rust-crate"), "crates.io"),
}
"""What scanners call the kind of a package, or of the file that tells of it -> OSV's name of the ecosystem."""

Hit = tuple[str, str, str, Vulnerability]
"""Ecosystem, name, version, and what is said of it."""


class Scanned:
    """What one report says. ``tool`` made it; ``ecosystems`` are those it speaks of."""

    def __init__(self, tool: str, found: Sequence[Hit]) -> None:
        self.tool = tool
        self.ecosystems = {one[0] for one in found}
        self._by_key: dict[tuple[str, str, str], list[Vulnerability]] = {}
        for ecosystem, name, version, said in found:
            key = ecosystem, normal(ecosystem, name), version.removeprefix("v")
            self._by_key.setdefault(key, []).append(said)

    def covers(self, ecosystem: str) -> bool:
        return ecosystem in self.ecosystems

    def of(self, component: Component) -> Sequence[Vulnerability]:
        name, version = normal(component.ecosystem, component.name), component.version.removeprefix("v")
        said = self._by_key.get((component.ecosystem, name, version), ())
        return merged(said, KEYS.get(component.ecosystem)) if said else ()

    def failed(self) -> str:
        return ""


class Listed:
    """Advisories in OSV's form out of one file or directory, kept in memory."""

    tool: Final = "OSV"

    def __init__(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self._by_name: dict[tuple[str, str], list[Any]] = {}
        for document in documents:
            advisory = parse(document)
            for one in advisory.affected:
                listed = self._by_name.setdefault((one.ecosystem, one.name), [])
                if advisory not in listed:
                    listed.append(advisory)
        self.ecosystems = {ecosystem for ecosystem, _ in self._by_name}

    def covers(self, ecosystem: str) -> bool:
        return ecosystem in self.ecosystems

    def of(self, component: Component) -> Sequence[Vulnerability]:
        known = self._by_name.get((component.ecosystem, normal(component.ecosystem, component.name)), ())
        found = [
            vulnerability(one, hit.fixed, "OSV", hit.within)
            for one in known
            if (hit := hits(one, component)) is not None
        ]
        return merged(found, KEYS.get(component.ecosystem)) if found else ()

    def failed(self) -> str:
        return ""


def read(path: Path, shown: str) -> Scanned | Listed:
    """A report, or advisories, in a file. Raises ``UsageError`` for what is neither."""
    if path.is_dir():
        from stockade.advisories.store import documents

        return Listed(list(documents(path)))
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"`{shown}` has more than {LARGEST:,} bytes")
        document = json.loads(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise UsageError(f"`{shown}` cannot be read: {reason}") from None
    except (ValueError, RecursionError):
        from stockade.advisories.store import documents

        listed = list(documents(path))
        if listed:
            return Listed(listed)
        raise UsageError(f"`{shown}` is not JSON", help=_HELP) from None
    return recognised(document, shown)


_HELP: Final = (
    "it takes the JSON of Trivy, Grype, Snyk, osv-scanner and pip-audit, and advisories in OSV's form"
)


def recognised(document: Any, shown: str) -> Scanned | Listed:
    """A report by its shape. Raises ``UsageError`` for one that is not known."""
    try:
        if isinstance(document, dict):
            if "affected" in document and "id" in document:
                return Listed([document])
            if isinstance(document.get("Results"), list) or "SchemaVersion" in document:
                return Scanned("Trivy", list(_trivy(document)))
            if isinstance(document.get("matches"), list):
                return Scanned("Grype", list(_grype(document)))
            if isinstance(document.get("results"), list):
                return Scanned("osv-scanner", list(_osv_scanner(document)))
            if isinstance(document.get("dependencies"), list):
                return Scanned("pip-audit", list(_pip_audit(document["dependencies"])))
            if isinstance(document.get("vulnerabilities"), list) and "packageManager" in document:
                return Scanned("Snyk", list(_snyk([document])))
        if isinstance(document, list) and document and all(isinstance(one, dict) for one in document):
            if all("affected" in one and "id" in one for one in document):
                return Listed(document)
            if any("packageManager" in one for one in document):
                return Scanned("Snyk", list(_snyk(document)))
            if any("vulns" in one for one in document):
                return Scanned("pip-audit", list(_pip_audit(document)))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"`{shown}` is broken: {type(error).__name__} at {error}", help=_HELP) from None
    raise UsageError(f"`{shown}` is no report that is known", help=_HELP)


def _said(
    source: str,
    name: str,
    aliases: Sequence[str],
    summary: str,
    severity: str,
    fixed: str,
    vectors: Sequence[tuple[str, str]] = (),
    score: float | None = None,
    epss: float | None = None,
    exploited: bool = False,
) -> Vulnerability:
    computed, vector = rated(vectors)
    number = computed if computed is not None else score
    names = list(dict.fromkeys((name, *aliases)))
    best = next((one for one in names if one.startswith("CVE-")), name)
    severity = {"moderate": "medium", "negligible": "low", "unknown": ""}.get(
        severity.lower(), severity.lower()
    )
    return Vulnerability(
        id=best,
        aliases=tuple(one for one in names if one != best),
        summary=summary.strip().partition("\n")[0][:200],
        score=number,
        severity=severity or (word(number) if number is not None else ""),
        fixed=fixed,
        source=source,
        vector=vector,
        epss=epss,
        exploited=exploited,
    )


def _trivy(document: Mapping[str, Any]) -> Iterator[Hit]:
    for result in document.get("Results") or ():
        ecosystem = _BY_TYPE.get(str(result.get("Type", "")))
        if ecosystem is None:
            continue
        for one in result.get("Vulnerabilities") or ():
            rating = (one.get("CVSS") or {}).values()
            vectors = [("CVSS_V3", each["V3Vector"]) for each in rating if each.get("V3Vector")]
            said = _said(
                "Trivy",
                one["VulnerabilityID"],
                one.get("VendorIDs") or (),
                one.get("Title") or one.get("Description") or "",
                one.get("Severity") or "",
                _first(one.get("FixedVersion") or "", one["InstalledVersion"], ecosystem),
                vectors,
            )
            yield ecosystem, one["PkgName"], one["InstalledVersion"], said


def _grype(document: Mapping[str, Any]) -> Iterator[Hit]:
    for match in document["matches"]:
        artifact, one = match["artifact"], match["vulnerability"]
        ecosystem = _BY_TYPE.get(str(artifact.get("type", "")))
        if ecosystem is None:
            continue
        name = artifact["name"]
        purl = str(artifact.get("purl", ""))
        if ecosystem == "Maven" and purl.startswith("pkg:maven/"):
            name = purl.removeprefix("pkg:maven/").partition("@")[0].replace("/", ":")
        fixes = ", ".join((one.get("fix") or {}).get("versions") or ())
        related = [each.get("id", "") for each in match.get("relatedVulnerabilities") or ()]
        rating = [each for each in one.get("cvss") or () if each.get("vector")]
        vectors = [(f"CVSS_V{str(each.get('version', '3'))[:1]}", each["vector"]) for each in rating]
        chances = [each.get("epss") for each in one.get("epss") or ()]
        said = _said(
            "Grype",
            one["id"],
            related,
            one.get("description") or "",
            one.get("severity") or "",
            _first(fixes, artifact["version"], ecosystem),
            vectors,
            epss=next((float(each) for each in chances if each is not None), None),
            exploited=bool(one.get("knownExploited")),
        )
        yield ecosystem, name, artifact["version"], said


def _snyk(projects: Sequence[Mapping[str, Any]]) -> Iterator[Hit]:
    for project in projects:
        ecosystem = _BY_TYPE.get(str(project.get("packageManager", "")))
        for one in project.get("vulnerabilities") or ():
            if ecosystem is None or one.get("type") == "license":
                continue
            named = (one.get("identifiers") or {}).get("CVE") or ()
            score = one.get("cvssScore")
            said = _said(
                "Snyk",
                one["id"],
                named,
                one.get("title") or "",
                one.get("severity") or "",
                _first(", ".join(one.get("fixedIn") or ()), one["version"], ecosystem),
                [("CVSS_V3", one["CVSSv3"])] if one.get("CVSSv3") else (),
                float(score) if isinstance(score, int | float) else None,
            )
            yield ecosystem, one.get("packageName") or one["moduleName"], one["version"], said


def _osv_scanner(document: Mapping[str, Any]) -> Iterator[Hit]:
    for result in document["results"]:
        for entry in result.get("packages") or ():
            package = entry["package"]
            ecosystem = str(package.get("ecosystem", "")).partition(":")[0]
            for one in entry.get("vulnerabilities") or ():
                advisory = parse(one)
                component = Component(
                    ecosystem,
                    package["name"],
                    package["version"],
                    Evidence.LOCKED,
                    "",
                    Default("a report says so"),
                )
                if (said := told(advisory, component, "osv-scanner")) is not None:
                    yield ecosystem, package["name"], package["version"], said


def _pip_audit(dependencies: Sequence[Mapping[str, Any]]) -> Iterator[Hit]:
    for package in dependencies:
        for one in package.get("vulns") or ():
            fixes = _first(", ".join(one.get("fix_versions") or ()), package["version"], "PyPI")
            said = _said(
                "pip-audit", one["id"], one.get("aliases") or (), one.get("description") or "", "", fixes
            )
            yield "PyPI", package["name"], package["version"], said


def _first(fixes: str, version: str, ecosystem: str) -> str:
    """The least of several fixing versions that is above the one in use."""
    order = KEYS[ecosystem]
    above = []
    for one in fixes.split(","):
        try:
            if one.strip() and order(one.strip()) > order(version):
                above.append((order(one.strip()), one.strip()))
        except ValueError:
            continue
    return min(above)[1] if above else fixes.partition(",")[0].strip()
