"""OSV's service, as a server on loopback: as its documentation has it, and as servers are on bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from stockade.advisories.api import Service
from stockade.cli.advisories import fetch
from stockade.model.dependency import Component, Evidence
from stockade.value import Default

Answer = tuple[int, dict[str, str], bytes]
Behaviour = Callable[[str, Any], Answer]


def component(name: str, version: str = "1.0.0") -> Component:
    return Component("npm", name, version, Evidence.LOCKED, "lock", Default("a test"))


def document(name: str, modified: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    package = {"ecosystem": "npm", "name": "left"}
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]
    affected = [{"package": package, "ranges": ranges}]
    return {"id": name, "modified": modified, "summary": f"Says {name}", "affected": affected}


def said(value: Any) -> Answer:
    return 200, {}, json.dumps(value).encode()


@contextmanager
def served(behave: Behaviour) -> Iterator[tuple[str, list[str]]]:
    """A server, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, body: Any) -> None:
            asked.append(self.path)
            status, headers, data = behave(self.path, body)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(data))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self._answer(None)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def purls(body: Any) -> list[str]:
    return [one["package"]["purl"] for one in body["queries"]]


def test_more_pages_are_asked_for_until_there_are_no_more() -> None:
    def behave(path: str, body: Any) -> Answer:
        if body is None:
            return said(document(path.rpartition("/")[2]))
        results: list[dict[str, Any]] = []
        for query in body["queries"]:
            page = query.get("page_token", "")
            if query["package"]["purl"] != "pkg:npm/left@1.0.0":
                results.append({})
            elif not page:
                results.append({"vulns": [{"id": "GHSA-1"}], "next_page_token": "p2"})
            elif page == "p2":
                results.append({"next_page_token": "p3"})
            else:
                results.append({"vulns": [{"id": "GHSA-2"}]})
        return said({"results": results})

    with served(behave) as (address, asked):
        service = Service(fetch, address=address)
        service.prepare([component("left"), component("right")])
        assert sorted(one.id for one in service.of(component("left"))) == ["GHSA-1", "GHSA-2"]
        assert service.of(component("right")) == ()
        assert service.failed() == ""
        assert asked.count("/v1/querybatch") == 3


def test_a_page_that_leads_to_itself_comes_to_an_end() -> None:
    def behave(path: str, body: Any) -> Answer:
        token = body["queries"][0].get("page_token", "0")
        return said({"results": [{"next_page_token": str(int(token) + 1)}]})

    with served(behave) as (address, asked):
        service = Service(fetch, address=address)
        assert service.of(component("left")) == ()
        assert "pages" in service.failed()
        assert len(asked) < 100


def test_many_packages_are_asked_about_in_several_batches() -> None:
    sizes: list[int] = []

    def behave(path: str, body: Any) -> Answer:
        sizes.append(len(body["queries"]))
        return said({"results": [{} for _ in body["queries"]]})

    with served(behave) as (address, _):
        service = Service(fetch, address=address)
        service.prepare([component(f"p{number}") for number in range(1_203)])
        assert service.of(component("p7")) == ()
        assert service.failed() == ""
    assert max(sizes) <= 1_000
    assert sum(sizes) == 1_203


def test_one_package_that_the_service_refuses_does_not_hide_the_others() -> None:
    def behave(path: str, body: Any) -> Answer:
        if body is None:
            return said(document(path.rpartition("/")[2]))
        if any("broken" in one for one in purls(body)):
            return 400, {}, b'{"code": 3, "message": "Invalid Package URL"}'
        return said(
            {"results": [{"vulns": [{"id": "GHSA-1"}]} if "left" in one else {} for one in purls(body)]}
        )

    with served(behave) as (address, _):
        service = Service(fetch, address=address)
        service.prepare([component(name) for name in ("a", "broken", "left", "z")])
        assert [one.id for one in service.of(component("left"))] == ["GHSA-1"]
        assert "`pkg:npm/broken@1.0.0`" in service.failed()
        assert "400" in service.failed()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again_after_a_while(status: int) -> None:
    answers = [(status, {"Retry-After": "7"} if status == 429 else {}, b"busy")] * 2
    waited: list[float] = []

    def behave(path: str, body: Any) -> Answer:
        return answers.pop() if answers else said({"results": [{}]})

    with served(behave) as (address, asked):
        service = Service(fetch, None, waited.append, address)
        assert service.of(component("left")) == ()
        assert service.failed() == ""
        assert len(asked) == 3
    assert waited == ([7.0, 7.0] if status == 429 else [1.0, 2.0])


def test_a_service_that_stays_busy_is_told_and_not_asked_for_each_package() -> None:
    with served(lambda path, body: (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"")) as (
        address,
        asked,
    ):
        service = Service(fetch, address=address)
        service.prepare([component(f"p{number}") for number in range(1_200)])
        assert all(service.of(component(f"p{number}")) == () for number in range(1_200))
        assert "503" in service.failed()
        assert len(asked) < 10


WHOLE = json.dumps({"results": [{"vulns": [{"id": "GHSA-1"}]}]}).encode()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, {"Content-Length": str(len(WHOLE))}, WHOLE[:20]), "cut short"),
        ((200, {}, WHOLE[:20]), "can be read"),
        ((200, {}, b"<html>maintenance</html>"), "can be read"),
        ((200, {}, b'{"results": [{"vulns": "GHSA-1"}]}'), "can be read"),
        ((200, {}, b'{"results": [null]}'), "can be read"),
        ((200, {}, b'{"results": [{}, {}]}'), "can be read"),
        ((200, {}, b"[" * 100_000), "can be read"),
        ((403, {}, b"no"), "403"),
    ],
)
def test_an_answer_that_cannot_be_read_is_never_no_vulnerability(answer: Answer, why: str) -> None:
    with served(lambda path, body: answer) as (address, _):
        service = Service(fetch, address=address)
        assert service.of(component("left")) == ()
        assert why in service.failed()


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b"{}"),
        (200, {}, b"{}"),
        (200, {}, json.dumps(document("GHSA-2")).encode()),
        (200, {}, json.dumps({"id": "GHSA-1"}).encode()),
    ],
)
def test_an_advisory_that_is_named_and_cannot_be_had_is_told(tmp_path: Path, answer: Answer) -> None:
    def behave(path: str, body: Any) -> Answer:
        return answer if body is None else (200, {}, WHOLE)

    with served(behave) as (address, _):
        service = Service(fetch, tmp_path, address=address)
        assert service.of(component("left")) == ()
        assert "GHSA-1" in service.failed()
        assert list(tmp_path.iterdir()) == []  # and it is not taken for one the next time


def test_what_is_kept_is_asked_for_again_once_it_was_changed(tmp_path: Path) -> None:
    day = ["2026-01-01T00:00:00Z"]

    def behave(path: str, body: Any) -> Answer:
        if body is None:
            return said(document("GHSA-1", day[0]))
        return said({"results": [{"vulns": [{"id": "GHSA-1", "modified": day[0]}]}]})

    with served(behave) as (address, asked):
        for expected in (1, 1, 2):
            if expected == 2:
                day[0] = "2026-02-01T00:00:00Z"
            assert len(Service(fetch, tmp_path, address=address).of(component("left"))) == 1
            assert asked.count("/v1/vulns/GHSA-1") == expected
