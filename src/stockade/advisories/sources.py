"""Several places where advisories are from as one: each is asked, and what they say is merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from stockade.advisories.osv import merged
from stockade.advisories.versions import KEYS
from stockade.model.dependency import Component
from stockade.model.vulnerability import Source, Vulnerability


def opened(directory: Path | None, reports: Iterable[tuple[Path, str]]) -> tuple[list[Source], dict[str, str]]:
    """The store in a directory, if there is one, and reports, each with the name it is shown by.

    With them comes for each source, by its name, which day it is of, or which file. Raises ``UsageError`` for a
    report that cannot be read.
    """
    sources: list[Source] = []
    dates: dict[str, str] = {}
    if directory is not None and directory.is_dir():
        from stockade.advisories.store import Store

        store = Store(directory)
        found = store.dates()
        if found:
            sources.append(store)
            dates |= {f"advisories {ecosystem}": day for ecosystem, day in found.items()}
    for path, shown in reports:
        from stockade.advisories.reports import read

        report = read(path, shown)
        sources.append(report)
        dates[f"advisories {report.tool}"] = shown
    return sources, dates


class Together:
    """The first is not believed more than the last: what any of them says counts."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def covers(self, ecosystem: str) -> bool:
        return any(one.covers(ecosystem) for one in self._sources)

    def of(self, component: Component) -> Sequence[Vulnerability]:
        found = [said for one in self._sources for said in one.of(component)]
        return merged(found, KEYS.get(component.ecosystem)) if found else ()

    def fixing(self, component: Component) -> str:
        """The least version that is known to have none of what this one has."""
        fixes = [one.fixed for one in self.of(component)]
        order = KEYS.get(component.ecosystem)
        if not fixes or not all(fixes) or order is None:
            return ""
        try:
            return max(fixes, key=order)
        except ValueError:
            return ""

    def failed(self) -> str:
        return next((why for one in self._sources if (why := one.failed())), "")
