"""OSV's service: asked in batches, its answers kept, and only where a user says so.

``POST /v1/querybatch`` gives the names of advisories for many packages at once, ``GET /v1/vulns/{id}`` one of
them. What is sent are package URLs, versions in them, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from stockade.advisories.osv import Advisory, merged, parse, vulnerability
from stockade.advisories.store import hits
from stockade.advisories.versions import KEYS
from stockade.model.dependency import Component
from stockade.model.vulnerability import Vulnerability

ADDRESS: Final = "https://api.osv.dev"
BATCH: Final = 500

Fetch = Callable[[str, bytes | None], bytes]
"""An address and what to post, ``None`` to get it -> the answer. Raises ``OSError`` where there is none."""


class Service:
    """The service behind ``fetch``. Documents are kept in ``cache``, one file each, for a later scan."""

    def __init__(self, fetch: Fetch, cache: Path | None = None) -> None:
        self._fetch = fetch
        self._cache = cache
        self._asked: dict[str, list[str]] = {}
        self._documents: dict[str, Advisory] = {}
        self._failed = ""

    def covers(self, ecosystem: str) -> bool:
        return ecosystem in KEYS

    def failed(self) -> str:
        return self._failed

    def prepare(self, components: Iterable[Component]) -> None:
        """Ask of many at once; what is asked later one by one is then known."""
        wanted = {one.purl: one for one in components if one.version and one.purl not in self._asked}
        purls = sorted(wanted)
        for start in range(0, len(purls), BATCH):
            batch = purls[start : start + BATCH]
            body = json.dumps({"queries": [{"package": {"purl": purl}} for purl in batch]}).encode()
            answer = self._ask(f"{ADDRESS}/v1/querybatch", body)
            results = answer.get("results") if answer else None
            if not isinstance(results, list) or len(results) != len(batch):
                self._failed = self._failed or "the service of OSV gave no answer that can be read"
                continue
            for purl, one in zip(batch, results, strict=True):
                named = one.get("vulns") if isinstance(one, dict) else None
                self._asked[purl] = [str(each["id"]) for each in named or () if "id" in each]

    def of(self, component: Component) -> Sequence[Vulnerability]:
        if component.purl not in self._asked:
            self.prepare((component,))
        found = []
        for name in self._asked.get(component.purl, ()):
            advisory = self._document(name)
            if advisory is not None and not advisory.withdrawn:
                found.append(vulnerability(advisory, hits(advisory, component) or "", "OSV"))
        return merged(found, KEYS.get(component.ecosystem)) if found else ()

    def _document(self, name: str) -> Advisory | None:
        if name not in self._documents:
            kept = self._cache / f"{quote(name, safe='')}.json" if self._cache else None
            found: Mapping[str, Any] | None = None
            if kept is not None and kept.is_file():
                found = _decoded(kept.read_bytes())
            if not found:
                found = self._ask(f"{ADDRESS}/v1/vulns/{quote(name, safe='')}", None)
                if found and kept is not None:
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(json.dumps(found).encode())
            if not found:
                return None
            try:
                self._documents[name] = parse(found)
            except ValueError:
                self._failed = f"OSV's answer about `{name}` is no advisory"
                return None
        return self._documents[name]

    def _ask(self, address: str, body: bytes | None) -> Mapping[str, Any]:
        try:
            return _decoded(self._fetch(address, body)) or {}
        except OSError as error:
            self._failed = f"the service of OSV was not reached: {str(error).lower() or type(error).__name__}"
            return {}


def _decoded(data: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
