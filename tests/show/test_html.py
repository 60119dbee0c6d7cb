"""The page in a real browser: what people do with it, in both themes, narrow and wide, and under attack."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockade.control import Severity
from stockade.controls import load
from stockade.paths.graph import End, Hop, Picture, Proof, Way, Zone
from stockade.paths.graph import Path as Route
from stockade.report import Report
from stockade.show import html
from tests.show.sample import CONTROLS as KNOWN
from tests.show.sample import finding, many, small
from tests.show.test_formats import EVIL, hostile, known, told

CONTROLS = load()


def picture(report: Report, number: int = 0, ways: int = 2) -> Picture:
    """A picture of one of the report's functions, with so many ways on either side."""
    one = report.functions[number]
    into = tuple(
        Way(
            End("internet", f"caller {n}"),
            "function URL",
            Proof.WITNESSED,
            "anyone can call `it`",
            100 - n,
            zone=Zone.INTERNET,
        )
        for n in range(ways)
    )
    out = tuple(
        Way(
            End("s3", f"bucket-{n}"),
            "s3:GetObject",
            Proof.UNDECIDED if n == 1 else Proof.WITNESSED,
            "the role may",
            50,
        )
        for n in range(ways)
    )
    return Picture(one.input, one.address, one.name, (("role", "r"),), into, out, ("`x` was not read",), 1)


def route(drawn: Picture) -> Route:
    hops = tuple(Hop(drawn.address, drawn.name, way) for way in (drawn.ways_in[0], drawn.ways_out[0]))
    return Route(drawn.input, hops, 80)


TREND = ({"at": "2026-10-01T00:00:00Z", "failing": 9}, {"at": "2026-11-01T00:00:00Z", "failing": 4})


def page(report: Report, ways: int = 2) -> bytes:
    drawn = picture(report, ways=ways)
    return html.show(report, CONTROLS, told(report), [drawn], [route(drawn)], TREND)


# ------------------------------------------------------------------------------------------ the bytes


def data(made: bytes) -> dict[str, Any]:
    found = re.search(rb'<script type="application/json" id="data">(.*?)</script>', made, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_the_page_asks_nobody_for_anything() -> None:
    made = page(known(small())).decode()
    frame = made.replace(re.search(r'id="data">(.*?)</script>', made, re.DOTALL)[1], "")  # type: ignore[index]
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", frame)
    assert "default-src 'none'" in frame and "unsafe" not in frame
    for name in ("http://", "https://", "import(", "fetch(", "innerHTML", "eval("):
        assert name not in frame.replace("http://www.w3.org/2000/svg", "")


def test_nothing_of_an_enemy_leaves_the_data() -> None:
    report = hostile()
    made = html.show(report, CONTROLS, told(report)).decode()
    assert made.count("</script>") == 2
    assert "alert(1)" not in re.sub(r'id="data">.*?</script>', "", made, flags=re.DOTALL)
    read = data(made.encode())
    assert any("<script>alert(1)" in text for text in read["texts"])


def test_the_same_report_gives_the_same_page() -> None:
    assert page(known(small())) == page(known(small()))


def test_a_page_that_would_be_too_large_goes_without_source(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page(known(many()))
    monkeypatch.setattr(html, "LIMIT", len(whole) - 1)
    less = page(known(many()))
    assert len(less) < len(whole)
    assert data(less)["leftOut"] == ["source"]
    assert len(data(less)["findings"]) == len(data(whole)["findings"])


def test_a_secret_is_not_in_the_page() -> None:
    report = small()
    secrets = [one.raw.strip(b'"') for one in report.concealed]
    assert secrets
    made = page(known(report))
    assert not any(one in made for one in secrets)


# ------------------------------------------------------------------------------------------- a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = os.environ.get("STOCKADE_CHROMIUM")
    if not program:
        pytest.skip("STOCKADE_CHROMIUM names no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Tab:
    """A page that is open, and all that it complained about."""

    def __init__(self, browser: Any, file: Path, width: int = 1600, theme: str = "light") -> None:
        self.complaints: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        self.page.on(
            "console",
            lambda one: self.complaints.append(one.text) if one.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on(
            "request", lambda one: self.complaints.append(one.url) if not one.url.startswith("file:") else None
        )
        self.file = file
        self.go("")

    def go(self, place: str) -> None:
        self.page.goto(f"{self.file.as_uri()}{place}")


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    tabs: list[Tab] = []

    def open_page(made: bytes, **options: Any) -> Tab:
        file = tmp_path / f"report-{len(tabs)}.html"
        file.write_bytes(made)
        tabs.append(Tab(browser, file, **options))
        return tabs[-1]

    yield open_page
    for one in tabs:
        one.page.close()
        assert one.complaints == []


def test_one_opens_it_filters_and_goes_to_a_function(opened: Any) -> None:
    report = known(many())
    tab = opened(page(report)).page
    assert "function" in tab.inner_text("h1")
    total = len(report.functions)
    assert tab.inner_text(".tools .count").startswith(f"{total:,}")
    name = report.functions[-1].name
    tab.fill("input[type=search]", name)
    assert name in tab.inner_text(".grid tbody")
    assert f"q={name}"[:6] in tab.url
    tab.click(".grid tbody th a")
    tab.wait_for_selector(".rows")
    assert tab.inner_text("h1") in {one.name for one in report.functions}
    tab.go_back()
    assert tab.input_value("input[type=search]") == name


def test_what_fails_beyond_the_first_is_counted(opened: Any) -> None:
    report = small()
    where = report.functions[0].address
    place = next(one.evidence[0] for one in report.findings if one.evidence)
    failing = [finding(name, where, (where,), Severity.LOW, f"{name} fails", place) for name in KNOWN]
    every = [replace(failing[0], control=f"control-{number}") for number in range(14 - len(failing))] + failing
    tab = opened(page(replace(report, findings=tuple(every)))).page
    assert tab.inner_text("p.more >> nth=0") == f"{len(every) - 12} more"


def test_a_deep_link_leads_to_the_function(opened: Any) -> None:
    report = known(small())
    tab = opened(page(report))
    one = report.functions[0]
    from urllib.parse import quote

    tab.go(f"#/f/{one.input}/{quote(one.address, safe='')}")
    assert tab.page.inner_text("h1") == one.name
    assert tab.page.locator(".picture g.node").count() == 4
    assert tab.page.locator(".card").count() > 0
    tab.go("#/f/0/nobody")
    assert tab.page.inner_text("h1") == "No such function"


def test_everything_can_be_reached_by_the_keyboard(opened: Any) -> None:
    report = known(small())
    tab = opened(page(report)).page
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.type") == "search"
    tab.keyboard.type(report.functions[0].name[:4])
    for _ in range(20):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('.grid tbody a')"):
            break
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".rows")
    node = tab.locator(".picture g.node").last
    node.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".ways tr.hit").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_it_fits_narrow_and_wide_in_both_themes(opened: Any, theme: str, width: int) -> None:
    report = known(small())
    tab = opened(page(report, ways=60), width=width, theme=theme)
    one = report.functions[0]
    for place in ("", "#/findings", "#/paths", "#/unread", f"#/f/{one.input}/{one.address}"):
        tab.go(place)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.page.evaluate("document.documentElement.dataset.theme") == theme
    assert tab.page.locator(".picture g.node").count() == 48  # the rest is one node on either side
    tab.page.locator(".picture g.node", has_text="more").first.click()
    assert tab.page.locator(".picture g.node").count() == 120
    tab.page.click("#theme")
    assert tab.page.evaluate("document.documentElement.dataset.theme") != theme


def test_a_thousand_functions_are_drawn_a_few_at_a_time(opened: Any) -> None:
    report = known(many())
    times = 1_000 // len(report.functions) + 1
    functions = tuple(
        replace(one, address=f"{one.address}[{n}]", name=f"{one.name}-{n}")
        for n in range(times)
        for one in report.functions
    )
    report = replace(report, functions=functions)
    tab = opened(html.show(report, CONTROLS)).page
    assert tab.locator(".grid tbody tr").count() < 100
    tab.evaluate("document.querySelector('.grid').scrollTop = 1e7")
    tab.locator(".grid tbody", has_text=functions[-1].name).wait_for()
    assert tab.locator(".grid tbody tr").count() < 100


def test_an_enemy_cannot_run_or_draw_anything(opened: Any) -> None:
    report = hostile()
    drawn = replace(picture(report), ways_in=(Way(End(EVIL, EVIL), EVIL, Proof.DECLARED, EVIL, 50),))
    made = html.show(report, CONTROLS, told(report), [drawn], [route(drawn)], TREND)
    tab = opened(made)
    tab.page.on("dialog", lambda one: tab.complaints.append(one.message))
    for place in ("", "#/findings", "#/findings?v=u", "#/paths", "#/unread", "#/control/admin-role"):
        tab.go(place)
        assert tab.page.locator("main script, main img, main iframe, main object").count() == 0
        assert not tab.page.locator("main a:not([href^='#'])").count()
    tab.go("")
    tab.page.click(".grid tbody th a")
    assert tab.page.inner_text("h1")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, theme: str) -> None:
    modules = os.environ.get("STOCKADE_NODE_MODULES")
    script = Path(modules or "") / "axe-core" / "axe.min.js"
    if not modules or not script.is_file():
        pytest.skip("STOCKADE_NODE_MODULES names no node_modules with axe-core")
    report = known(small())
    tab = opened(page(report), theme=theme)
    one = report.functions[0]
    found = []
    for place in ("", "#/findings", "#/paths", "#/unread", f"#/f/{one.input}/{one.address}"):
        tab.go(place)
        tab.page.evaluate(script.read_text())  # past the page's own policy, as a browser's extension would
        said = tab.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [
            (place, each["id"], each["nodes"][0]["target"], each["nodes"][0]["failureSummary"])
            for each in said["violations"]
            if each["impact"] in ("serious", "critical")
        ]
    assert found == []
