"""Advisories in OSV's form: which versions of which package they are about, and how bad it is.

The form is described at https://ossf.github.io/osv-schema/. A version is affected where it is listed, or lies
in a range of the ecosystem's own order; ranges of git commits say nothing of versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from stockade.advisories.cvss import rated, word
from stockade.advisories.versions import KEYS, Key
from stockade.model.vulnerability import Vulnerability
from stockade.records import dataclass

ZERO: Final = "0"
"""What OSV calls the version before all others."""


@dataclass(frozen=True, slots=True)
class Range:
    """Versions from ``introduced`` on, up to ``fixed`` without it or ``last`` with it; empty for no end."""

    introduced: str
    fixed: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """What an advisory says of one package."""

    ecosystem: str
    name: str
    ranges: tuple[Range, ...]
    versions: frozenset[str]
    within: tuple[str, ...] = ()
    elsewhere: bool = False
    """Whether it is about systems or processors only that Lambda does not have."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One document, as far as it matters here."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    affected: tuple[Affected, ...]
    vectors: tuple[tuple[str, str], ...] = ()
    severity: str = ""
    withdrawn: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def parse(document: Mapping[str, Any]) -> Advisory:
    """An advisory of a document. Raises ``ValueError`` for one that is none."""
    name = document.get("id")
    if not isinstance(name, str) or not name:
        raise ValueError("an advisory has no `id`")
    specific = document.get("database_specific")
    said = specific.get("severity") if isinstance(specific, Mapping) else None
    related = _texts(document.get("aliases")) + _texts(document.get("upstream"))
    return Advisory(
        id=name,
        aliases=tuple(dict.fromkeys(related)),
        summary=_summary(document),
        affected=tuple(_affected(document)),
        vectors=tuple(_vectors(document)),
        severity=said.lower() if isinstance(said, str) else "",
        withdrawn=bool(document.get("withdrawn")),
        extra=specific if isinstance(specific, Mapping) else {},
    )


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _summary(document: Mapping[str, Any]) -> str:
    text = document.get("summary") or document.get("details") or ""
    first = str(text).strip().partition("\n")[0].strip().lstrip("# ")
    return first if len(first) <= 110 else first[:109].rstrip() + "…"


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else iter(())


def _vectors(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    places = [document, *_objects(document.get("affected"))]
    for place in places:
        for one in _objects(place.get("severity")):
            kind, score = one.get("type"), one.get("score")
            if isinstance(kind, str) and isinstance(score, str):
                yield kind, score


def _affected(document: Mapping[str, Any]) -> Iterator[Affected]:
    for one in _objects(document.get("affected")):
        package = one.get("package")
        if not isinstance(package, Mapping):
            continue
        ecosystem, name = str(package.get("ecosystem", "")).partition(":")[0], str(package.get("name", ""))
        ranges = tuple(found for each in _objects(one.get("ranges")) for found in _ranges(each))
        listed, parts = frozenset(_texts(one.get("versions"))), list(_imports(one))
        elsewhere = bool(parts) and not any(map(_runs_on_lambda, parts))
        paths = [str(part.get("path", "")) for part in parts if _runs_on_lambda(part)]
        within = tuple(dict.fromkeys(paths)) if name not in paths else ()
        yield Affected(ecosystem, normal(ecosystem, name), ranges, listed, within, elsewhere)


def _imports(affected: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The packages of a module that Go's database says are concerned, with the systems that they are on."""
    specific = affected.get("ecosystem_specific")
    return _objects(specific.get("imports") if isinstance(specific, Mapping) else None)


def _runs_on_lambda(part: Mapping[str, Any]) -> bool:
    systems, processors = _texts(part.get("goos")), _texts(part.get("goarch"))
    return (not systems or "linux" in systems) and (
        not processors or not {"amd64", "arm64"}.isdisjoint(processors)
    )


def normal(ecosystem: str, name: str) -> str:
    """A package's name as its ecosystem compares it."""
    if ecosystem == "PyPI":
        import re

        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if ecosystem == "NuGet" else name


def _ranges(written: Mapping[str, Any]) -> Iterator[Range]:
    """The events of a range, which come in their order: each introduction with the end that follows it."""
    if written.get("type") not in ("ECOSYSTEM", "SEMVER"):
        return
    begun: str | None = None
    for event in _objects(written.get("events")):
        if isinstance(start := event.get("introduced"), str):
            if begun is not None:
                yield Range(begun)
            begun = start
        elif isinstance(end := event.get("fixed"), str):
            yield Range(begun if begun is not None else ZERO, fixed=end)
            begun = None
        elif isinstance(end := event.get("last_affected"), str):
            yield Range(begun if begun is not None else ZERO, last=end)
            begun = None
    if begun is not None:
        yield Range(begun)


# ------------------------------------------------------------------------------------------- matching


def affects(one: Affected, version: str) -> tuple[bool, str]:
    """Whether a version is affected, and the least version that is fixed and above it, empty where none is.

    A version that the ecosystem cannot order counts only where it is listed.
    """
    order = KEYS.get(one.ecosystem)
    listed = version in one.versions
    if one.elsewhere:
        return False, ""
    if order is None:
        return listed, ""
    try:
        wanted = order(version)
    except ValueError:
        return listed, ""
    hit = listed or (not listed and _is_listed(one, wanted, order))
    for span in one.ranges:
        if _within(span, wanted, order):
            return True, span.fixed or _next_fix(one, wanted, order)
    return hit, _next_fix(one, wanted, order) if hit else ""


def _is_listed(one: Affected, wanted: Any, order: Key) -> bool:
    """``1.0`` is listed where ``1.0.0`` is, if there are no ranges to say it."""
    if one.ranges:
        return False
    for version in one.versions:
        try:
            if order(version) == wanted:
                return True
        except ValueError:
            continue
    return False


def _within(span: Range, wanted: Any, order: Key) -> bool:
    try:
        if span.introduced != ZERO and wanted < order(span.introduced):
            return False
        if span.fixed:
            return bool(wanted < order(span.fixed))
        return not span.last or bool(wanted <= order(span.last))
    except ValueError:
        return False


def _next_fix(one: Affected, wanted: Any, order: Key) -> str:
    above = []
    for span in one.ranges:
        try:
            if span.fixed and order(span.fixed) > wanted:
                above.append((order(span.fixed), span.fixed))
        except ValueError:
            continue
    return min(above)[1] if above else ""


def vulnerability(advisory: Advisory, fixed: str, source: str, within: tuple[str, ...] = ()) -> Vulnerability:
    """What people are told of an advisory that is about a version."""
    score, vector = rated(advisory.vectors)
    severity = (
        word(score) if score is not None else {"moderate": "medium"}.get(advisory.severity, advisory.severity)
    )
    names = (advisory.id, *advisory.aliases)
    best = next((name for name in names if name.startswith("CVE-")), advisory.id)
    return Vulnerability(
        id=best,
        aliases=tuple(name for name in dict.fromkeys(names) if name != best),
        summary=advisory.summary,
        score=score,
        severity=severity,
        fixed=fixed,
        source=source,
        vector=vector,
        epss=_number(advisory.extra.get("epss")),
        exploited=bool(advisory.extra.get("kev") or advisory.extra.get("known_exploited")),
        malicious=advisory.id.startswith("MAL-"),
        within=within,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, Mapping):
        value = value.get("percentage", value.get("score"))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def merged(found: Sequence[Vulnerability], order: Key | None) -> tuple[Vulnerability, ...]:
    """One for each vulnerability: databases describe the same under names of which they know each other's."""
    groups: list[list[Vulnerability]] = []
    by_name: dict[str, list[Vulnerability]] = {}
    for one in found:
        names = (one.id, *one.aliases)
        group: list[Vulnerability] = [one]
        for name in names:
            known = by_name.get(name)
            if known is not None and known is not group:
                group += [other for other in known if other not in group]
                groups[:] = [other for other in groups if other is not known]
        groups.append(group)
        for member in group:
            for name in (member.id, *member.aliases):
                by_name[name] = group
    return tuple(sorted((_one(group, order) for group in groups), key=_worst_first))


def _worst_first(one: Vulnerability) -> tuple[Any, ...]:
    return (-(one.score if one.score is not None else _ASSUMED.get(one.severity, 0.0)), one.id)


_ASSUMED: Final = {"critical": 9.0, "high": 7.0, "medium": 4.0, "low": 0.1}


def _one(group: list[Vulnerability], order: Key | None) -> Vulnerability:
    first = min(group, key=_worst_first)
    names = list(dict.fromkeys(name for one in group for name in (one.id, *one.aliases)))
    best = next((name for name in sorted(names) if name.startswith("CVE-")), first.id)
    fixes = sorted({one.fixed for one in group if one.fixed}, key=lambda text: _sortable(text, order))
    return Vulnerability(
        id=best,
        aliases=tuple(name for name in names if name != best),
        summary=first.summary or next((one.summary for one in group if one.summary), ""),
        score=first.score,
        severity=first.severity or next((one.severity for one in group if one.severity), ""),
        fixed=fixes[-1] if fixes else "",
        source=" and ".join(dict.fromkeys(one.source for one in group)),
        vector=first.vector,
        epss=next((one.epss for one in group if one.epss is not None), None),
        exploited=any(one.exploited for one in group),
        malicious=any(one.malicious for one in group),
        within=next((one.within for one in group if one.within), ()),
    )


def _sortable(text: str, order: Key | None) -> Any:
    try:
        return (1, order(text)) if order is not None else (0, text)
    except ValueError:
        return (0, 0) if order is not None else (0, text)
