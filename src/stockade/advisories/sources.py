"""Several places where advisories are from as one: each is asked, and what they say is merged."""

from __future__ import annotations

from collections.abc import Sequence

from stockade.advisories.osv import merged
from stockade.advisories.versions import KEYS
from stockade.model.dependency import Component
from stockade.model.vulnerability import Source, Vulnerability


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
