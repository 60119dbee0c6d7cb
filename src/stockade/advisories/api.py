"""OSV's service: asked in batches, its answers kept, and only where a user says so.

``POST /v1/querybatch`` gives the names of advisories for many packages at once, ``GET /v1/vulns/{id}`` one of
them. What is sent are package URLs, versions in them, and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from stockade.advisories.osv import Advisory, merged, parse
from stockade.advisories.store import told
from stockade.advisories.versions import KEYS
from stockade.model.dependency import Component
from stockade.model.vulnerability import Vulnerability

ADDRESS: Final = "https://api.osv.dev"
BATCH: Final = 500
"""Packages in one question; the service takes a thousand."""

_TRIES: Final = 4
_LONGEST_WAIT: Final = 30.0
_MOST_PAGES: Final = 50
_TO_THE_SECOND: Final = len("2026-11-27T07:00:00")
_BUSY: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""What HTTP says of a service that may answer a moment later."""

Fetch = Callable[[str, bytes | None], bytes]
"""An address and what to post, ``None`` to get it -> the answer. Raises ``OSError`` where there is none;

one that the service gave itself has its number as ``code`` and perhaps its ``headers``, as urllib's has.
"""


class Service:
    """The service behind ``fetch``. Documents are kept in ``cache``, one file each, for a later scan.

    ``wait`` sleeps for some seconds before a busy service is asked again.
    """

    def __init__(
        self,
        fetch: Fetch,
        cache: Path | None = None,
        wait: Callable[[float], None] = lambda seconds: None,
        address: str = ADDRESS,
    ) -> None:
        self._fetch = fetch
        self._cache = cache
        self._wait = wait
        self._address = address
        self._asked: dict[str, dict[str, str]] = {}
        self._given_up: set[str] = set()
        self._documents: dict[str, Advisory] = {}
        self._failed = ""
        self._gone = False

    def covers(self, ecosystem: str) -> bool:
        return ecosystem in KEYS

    def failed(self) -> str:
        return self._failed

    def prepare(self, components: Iterable[Component]) -> None:
        """Ask of many at once; what is asked later one by one is then known."""
        wanted = {one.purl for one in components if one.version}
        purls = sorted(wanted - self._asked.keys() - self._given_up)
        for start in range(0, len(purls), BATCH):
            self._batch(purls[start : start + BATCH])

    def _batch(self, purls: Sequence[str]) -> None:
        """Ask about some packages, page after page, until all is said of each of them."""
        found: dict[str, dict[str, str]] = {purl: {} for purl in purls}
        pages = dict.fromkeys(purls, "")
        for _ in range(_MOST_PAGES):
            queries = [
                {"package": {"purl": purl}, **({"page_token": token} if token else {})}
                for purl, token in pages.items()
            ]
            try:
                answer = self._ask("/v1/querybatch", json.dumps({"queries": queries}).encode())
            except _Refused as refused:
                if len(purls) > 1:  # one of them is none that the service knows how to read
                    for half in (purls[: len(purls) // 2], purls[len(purls) // 2 :]):
                        self._batch(half)
                    return
                self._give_up(purls, f"the service of OSV does not take `{purls[0]}`: {refused}")
                return
            results = answer.get("results") if answer else None
            if not isinstance(results, list) or len(results) != len(pages):
                self._give_up(purls, "the service of OSV gave no answer that can be read")
                return
            following: dict[str, str] = {}
            for purl, one in zip(pages, results, strict=True):
                named = (one.get("vulns") or []) if isinstance(one, dict) else None
                if not isinstance(named, list):
                    self._give_up(purls, "the service of OSV gave no answer that can be read")
                    return
                for each in named:
                    if isinstance(each, dict) and isinstance(each.get("id"), str):
                        found[purl][each["id"]] = str(each.get("modified") or "")
                following_token = one.get("next_page_token")
                if isinstance(following_token, str) and following_token:
                    following[purl] = following_token
            if not following:
                self._asked |= found
                return
            pages = following
        self._give_up(purls, f"the service of OSV gave more than {_MOST_PAGES} pages")

    def _give_up(self, purls: Iterable[str], why: str) -> None:
        self._given_up.update(purls)
        self._failed = self._failed or why

    def of(self, component: Component) -> Sequence[Vulnerability]:
        if component.purl not in self._asked:
            self.prepare((component,))
        found = []
        for name, modified in self._asked.get(component.purl, {}).items():
            advisory = self._document(name, modified)
            if advisory is not None and not advisory.withdrawn:
                said = told(advisory, component, "OSV")
                found += [said] if said is not None else []
        return merged(found, KEYS.get(component.ecosystem)) if found else ()

    def _document(self, name: str, modified: str) -> Advisory | None:
        """An advisory, as it was kept unless the service says that it was changed since."""
        if name not in self._documents:
            kept = self._cache / f"{quote(name, safe='')}.json" if self._cache else None
            found: Mapping[str, Any] | None = None
            if kept is not None and kept.is_file():
                found = _decoded(kept.read_bytes())
                if (
                    found
                    and modified
                    and str(found.get("modified") or "")[:_TO_THE_SECOND] != modified[:_TO_THE_SECOND]
                ):
                    found = None
            fresh = not found
            if not found:
                try:
                    found = self._ask(f"/v1/vulns/{quote(name, safe='')}", None)
                except _Refused as refused:
                    self._failed = self._failed or f"the service of OSV does not give `{name}`: {refused}"
                    return None
            try:
                advisory = parse(found or {})
            except ValueError:
                self._failed = self._failed or f"OSV's answer about `{name}` is no advisory"
                return None
            if advisory.id != name or not isinstance(found.get("affected"), list):
                self._failed = self._failed or f"OSV's answer about `{name}` is no advisory"
                return None
            if fresh and kept is not None:
                _keep(kept, found)
            self._documents[name] = advisory
        return self._documents[name]

    def _ask(self, path: str, body: bytes | None) -> Mapping[str, Any]:
        """What the service answers; empty for nothing that can be read, which is then told by ``failed``.

        Raises ``_Refused`` where the service says that the question is wrong.
        """
        if self._gone:
            return {}
        for attempt in range(1, _TRIES + 1):
            try:
                return _decoded(self._fetch(self._address + path, body)) or {}
            except OSError as error:
                code = getattr(error, "code", None)
                if isinstance(code, int) and 400 <= code < 500 and code not in _BUSY:
                    raise _Refused(f"HTTP status {code}") from None
                if code in _BUSY and attempt < _TRIES:
                    self._wait(_pause(error, attempt))
                    continue
                self._gone = True  # whoever does not answer four times is not asked for each package again
                said = f"HTTP status {code}" if code else str(error).lower() or type(error).__name__
                self._failed = self._failed or f"the service of OSV was not reached: {said}"
                return {}
        return {}


class _Refused(Exception):
    """The service says that a question is wrong."""


def _pause(error: OSError, attempt: int) -> float:
    """Seconds before the next attempt: what the service asks for, or one, two, four."""
    headers = getattr(error, "headers", None)
    asked = headers.get("Retry-After") if headers is not None else None
    try:
        seconds = float(asked) if asked else float(2 ** (attempt - 1))
    except ValueError:
        seconds = float(2 ** (attempt - 1))  # a date, which takes a clock to understand
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _keep(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document so that nobody reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(json.dumps(document).encode())
    beside.replace(path)


def _decoded(data: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
