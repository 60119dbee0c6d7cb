"""Advisories say which versions they are about; several about one vulnerability are one."""

from __future__ import annotations

import json
import random
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stockade.advisories.api import Service
from stockade.advisories.cvss import base_score, word
from stockade.advisories.macrovectors import STEPS
from stockade.advisories.osv import affects, merged, parse
from stockade.advisories.reports import Listed, Scanned, read, recognised
from stockade.advisories.sources import Together
from stockade.advisories.store import Store, documents, write
from stockade.advisories.versions import KEYS
from stockade.errors import UsageError
from stockade.model.dependency import Component, Evidence
from stockade.model.vulnerability import Vulnerability
from stockade.value import Default

CASES = Path(__file__).parents[1] / "cases" / "advisories.json"
MADE_UP: list[dict[str, Any]] = json.loads(CASES.read_text())


def component(ecosystem: str, name: str, version: str) -> Component:
    return Component(ecosystem, name, version, Evidence.LOCKED, "lock", Default("a test"))


def affected(events: list[Mapping[str, str]], version: str, versions: tuple[str, ...] = ()) -> tuple[bool, str]:
    document = {
        "id": "X",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "a"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}] if events else [],
                "versions": list(versions),
            }
        ],
    }
    return affects(parse(document).affected[0], version)


SEVERAL = [{"introduced": "0"}, {"fixed": "1.4"}, {"introduced": "2.0"}, {"fixed": "2.2"}]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.1", (True, "1.4")),
        ("1.4rc1", (True, "1.4")),
        ("1.4", (False, "")),
        ("1.9", (False, "")),
        ("2.0", (True, "2.2")),
        ("2.2", (False, "")),
        ("nonsense", (False, "")),
    ],
)
def test_ranges(version: str, expected: tuple[bool, str]) -> None:
    assert affected(SEVERAL, version) == expected  # type: ignore[arg-type]


def test_a_range_with_a_last_version_has_that_one() -> None:
    events = [{"introduced": "1"}, {"last_affected": "1.5"}]
    assert [affected(events, one)[0] for one in ("0.9", "1", "1.5", "1.5.1")] == [False, True, True, False]  # type: ignore[arg-type]


def test_a_range_without_an_end_goes_on() -> None:
    assert affected([{"introduced": "1"}], "99") == (True, "")


def test_listed_versions_count_beside_ranges() -> None:
    assert affected(SEVERAL, "1.6", ("1.6",)) == (True, "2.2")  # type: ignore[arg-type]
    assert affected([], "1.0.0", ("1.0",))[0]
    assert not affected([], "1.1", ("1.0",))[0]


def vulnerability(name: str, *aliases: str, score: float | None = None, fixed: str = "") -> Vulnerability:
    return Vulnerability(name, aliases, "", score, word(score) if score is not None else "", fixed, "test")


def test_names_of_one_vulnerability_are_one_whatever_their_order() -> None:
    found = [
        vulnerability("PYSEC-1", "CVE-1", fixed="1.2"),
        vulnerability("GHSA-2", "CVE-2"),
        vulnerability("GHSA-1", "CVE-1", score=9.8, fixed="1.3"),
        vulnerability("OTHER-1", "GHSA-1"),
    ]
    for order in (found, found[::-1]):
        first, second = merged(order, KEYS["PyPI"])
        assert (first.id, set(first.aliases)) == ("CVE-1", {"PYSEC-1", "GHSA-1", "OTHER-1"})
        assert (first.severity, first.fixed) == ("critical", "1.3")
        assert second.id == "CVE-2"


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N", 2.2),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("CVSS:3.1/AV:N", None),
        ("CVSS:4.0/AV:N", None),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
    ],
)
def test_scores(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


def test_our_scores_of_version_3_are_the_librarys() -> None:
    from itertools import product

    from cvss import CVSS3

    for av, ac, pr, ui, s, c, i, a in product("NALP", "LH", "NLH", "NR", "UC", "HN", "LN", "HL"):
        vector = f"CVSS:3.1/AV:{av}/AC:{ac}/PR:{pr}/UI:{ui}/S:{s}/C:{c}/I:{i}/A:{a}"
        assert base_score(vector) == float(CVSS3(vector).base_score), vector


@pytest.mark.parametrize(
    ("vector", "score"),
    [  # from FIRST's document of examples for version 4, https://www.first.org/cvss/v4.0/examples
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3),
        ("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 10.0),
    ],
)
def test_the_examples_of_version_4(vector: str, score: float) -> None:
    assert base_score(vector) == score


def test_our_scores_of_version_4_are_the_librarys() -> None:
    from cvss import CVSS4

    chance = random.Random(4)
    base = {name: values.replace("S", "") for name, values in STEPS.items() if name[1] != "R" or name == "PR"}
    more = {
        "E": "XAPU",
        "CR": "XHML",
        "IR": "XHML",
        "AR": "XHML",
        "MAV": "XNALP",
        "MVC": "XHLN",
        "MSA": "XSHLN",
    }
    for number in range(2_000):
        parts = [f"{name}:{chance.choice(values)}" for name, values in base.items()]
        if number % 2:
            parts += [
                f"{name}:{chance.choice(values)}" for name, values in more.items() if chance.random() < 0.5
            ]
        vector = "/".join(("CVSS:4.0", *parts))
        assert base_score(vector) == float(CVSS4(vector).base_score), vector


@pytest.mark.parametrize(
    "vector",
    [
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N",
        "CVSS:4.0/AV:N/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:Z",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:/VI:H/VA:H/SC:N/SI:N/SA:N",
        "CVSS:4.1/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    ],
)
def test_what_is_no_vector_of_version_4_has_no_score(vector: str) -> None:
    assert base_score(vector) is None


# --------------------------------------------------------------------------------------------- store


def test_a_store_answers_as_the_advisories_in_it(tmp_path: Path) -> None:
    made = write(tmp_path, MADE_UP, "2026-11-01", "a test")
    assert made["PyPI"] == (2, 1)  # the withdrawn one is left out
    store, listed = Store(tmp_path), Listed(MADE_UP)
    assert store.dates() == {"PyPI": "2026-11-01", "npm": "2026-11-01", "Maven": "2026-11-01"}
    asked = [
        component("PyPI", "Stale.Parser", "1.4.0"),
        component("PyPI", "stale-parser", "1.5.2"),
        component("PyPI", "calm-logger", "1.0"),
        component("npm", "left-behind", "2.0.0-alpha"),
        component("npm", "left-behind", "1.9.4"),
        component("npm", "lambda-helpr", "1.0.1"),
        component("Maven", "com.example:quiet-log", "2.14.1"),
        component("Go", "example.com/x", "1.0.0"),
    ]
    answers = [[one.id for one in store.of(each)] for each in asked]
    assert answers == [
        ["CVE-2026-90001"],
        [],
        [],
        ["CVE-2026-90003"],
        [],
        ["MAL-2026-9"],
        ["CVE-2026-90005"],
        [],
    ]
    assert answers == [[one.id for one in listed.of(each)] for each in asked]
    assert [store.covers(one) for one in ("PyPI", "npm", "Go")] == [True, True, False]


def test_a_store_is_made_from_a_zip_a_directory_and_a_file_alike(tmp_path: Path) -> None:
    zipped = tmp_path / "all.zip"
    with zipfile.ZipFile(zipped, "w") as out:
        for one in MADE_UP:
            out.writestr(f"{one['id']}.json", json.dumps(one))
        out.writestr("broken.json", "{")
        out.writestr("README.md", "none")
    folder = tmp_path / "folder"
    folder.mkdir()
    for one in MADE_UP:
        (folder / f"{one['id']}.yaml").write_text(json.dumps(one))  # JSON is YAML too
    (folder / "broken.yaml").write_text("a: [")
    ids = {one["id"] for one in MADE_UP}
    for source in (zipped, folder, CASES):
        assert {one["id"] for one in documents(source)} == ids


def test_versions_that_no_range_has_are_kept(tmp_path: Path) -> None:
    one = {
        "id": "X-1",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "a"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2"}, {"fixed": "3"}]}],
                "versions": ["1.0", "2.0", "2.1"],
            }
        ],
    }
    write(tmp_path, [one], "2026-11-01", "a test")
    (kept,) = Store(tmp_path).about("PyPI", "a")
    assert kept.affected[0].versions == {"1.0"}
    assert Store(tmp_path).of(component("PyPI", "a", "1.0"))


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PyPI.advisories").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(UsageError, match="no store"):
        Store(tmp_path).covers("PyPI")
    sqlite3.connect(tmp_path / "npm.advisories").close()
    with pytest.raises(UsageError, match="no store"):
        Store(tmp_path).covers("npm")


# ------------------------------------------------------------------------------------------ reports

TRIVY = {
    "SchemaVersion": 2,
    "Results": [
        {
            "Target": "requirements.txt",
            "Class": "lang-pkgs",
            "Type": "pip",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2026-1",
                    "VendorIDs": ["GHSA-1"],
                    "PkgName": "Some.Thing",
                    "InstalledVersion": "1.0",
                    "FixedVersion": "0.9.5, 1.2, 2.0",
                    "Severity": "HIGH",
                    "Title": "It fails",
                    "CVSS": {"ghsa": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
                }
            ],
        },
        {"Target": "alpine", "Class": "os-pkgs", "Type": "alpine", "Vulnerabilities": [{"PkgName": "musl"}]},
    ],
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {
                "id": "GHSA-1",
                "severity": "High",
                "description": "It fails",
                "fix": {"versions": ["1.2"], "state": "fixed"},
                "cvss": [{"version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "epss": [{"cve": "CVE-2026-1", "epss": 0.5}],
                "knownExploited": [{"cve": "CVE-2026-1"}],
            },
            "relatedVulnerabilities": [{"id": "CVE-2026-1"}],
            "artifact": {
                "name": "some-thing",
                "version": "1.0",
                "type": "python",
                "purl": "pkg:pypi/some-thing@1.0",
            },
        }
    ]
}
SNYK = {
    "packageManager": "pip",
    "vulnerabilities": [
        {
            "id": "SNYK-PYTHON-1",
            "identifiers": {"CVE": ["CVE-2026-1"], "GHSA": ["GHSA-1"]},
            "title": "It fails",
            "severity": "critical",
            "packageName": "some-thing",
            "version": "1.0",
            "fixedIn": ["1.2"],
            "cvssScore": 9.8,
            "CVSSv3": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        }
    ],
}
OSV_SCANNER = {
    "results": [
        {
            "packages": [
                {
                    "package": {"name": "some-thing", "version": "1.0", "ecosystem": "PyPI"},
                    "vulnerabilities": [
                        {
                            "id": "GHSA-1",
                            "aliases": ["CVE-2026-1"],
                            "summary": "It fails",
                            "severity": [
                                {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}
                            ],
                            "affected": [
                                {
                                    "package": {"name": "some-thing", "ecosystem": "PyPI"},
                                    "ranges": [
                                        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}
                                    ],
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    ]
}
PIP_AUDIT = {
    "dependencies": [
        {
            "name": "some-thing",
            "version": "1.0",
            "vulns": [
                {"id": "PYSEC-1", "fix_versions": ["1.2"], "aliases": ["CVE-2026-1"], "description": "It fails"}
            ],
        },
        {"name": "other", "version": "2.0", "vulns": []},
    ]
}


@pytest.mark.parametrize(
    ("tool", "document"),
    [
        ("Trivy", TRIVY),
        ("Grype", GRYPE),
        ("Snyk", SNYK),
        ("Snyk", [SNYK, SNYK]),
        ("osv-scanner", OSV_SCANNER),
        ("pip-audit", PIP_AUDIT),
    ],
)
def test_reports_of_other_scanners_are_taken(tool: str, document: Any) -> None:
    found = recognised(document, "report.json")
    assert isinstance(found, Scanned)
    assert found.tool == tool
    (said,) = found.of(component("PyPI", "some-thing", "1.0"))
    assert (said.id, said.fixed, said.summary, said.source) == ("CVE-2026-1", "1.2", "It fails", tool)
    assert said.score == (None if tool == "pip-audit" else 9.8)
    assert not found.of(component("PyPI", "some-thing", "1.1"))
    assert found.covers("PyPI")
    assert not found.covers("npm")


def test_grype_knows_what_is_exploited() -> None:
    (said,) = recognised(GRYPE, "g.json").of(component("PyPI", "some-thing", "1.0"))
    assert said.exploited
    assert said.epss == 0.5


def test_several_reports_say_one_thing_once() -> None:
    every = [recognised(one, "x") for one in (TRIVY, GRYPE, SNYK, OSV_SCANNER, PIP_AUDIT)]
    both = Together(every)
    (said,) = both.of(component("PyPI", "some-thing", "1.0"))
    assert said.id == "CVE-2026-1"
    assert {"GHSA-1", "PYSEC-1", "SNYK-PYTHON-1"} <= set(said.aliases)
    assert both.fixing(component("PyPI", "some-thing", "1.0")) == "1.2"
    assert both.fixing(component("PyPI", "some-thing", "1.2")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "3",
        "nothing",
        '{"matches": [{}]}',
        '{"Results": [{"Type": "pip", "Vulnerabilities": [{}]}]}',
    ],
)
def test_what_is_no_report_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read(path, "r.json")
    assert "Trivy" in (refused.value.help or "")


# ------------------------------------------------------------------------------------------ service


def test_the_service_is_asked_in_one_batch_and_its_documents_are_kept(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(address: str, body: bytes | None) -> bytes:
        asked.append(address)
        if body is not None:
            purls = [one["package"]["purl"] for one in json.loads(body)["queries"]]
            hits = {"pkg:npm/left-behind@2.0.0": [{"id": "GHSA-dddd-eeee-ffff"}]}
            return json.dumps(
                {"results": [{"vulns": hits[one]} if one in hits else {} for one in purls]}
            ).encode()
        return json.dumps(next(one for one in MADE_UP if address.endswith(one["id"]))).encode()

    every = [component("npm", "left-behind", "2.0.0"), component("npm", "quiet", "1.0.0")]
    for _ in range(2):
        service = Service(fetch, tmp_path)
        service.prepare(every)
        assert [[one.id for one in service.of(each)] for each in every] == [["CVE-2026-90003"], []]
        assert service.of(every[0])[0].fixed == "2.3.1"
        assert service.failed() == ""
    assert [one.rpartition("/")[2] for one in asked] == ["querybatch", "GHSA-dddd-eeee-ffff", "querybatch"]


def test_a_service_that_fails_says_so() -> None:
    def fetch(address: str, body: bytes | None) -> bytes:
        raise OSError("no route to host")

    service = Service(fetch)
    assert service.of(component("npm", "a", "1.0.0")) == ()
    assert "no route to host" in service.failed()
    assert "answer" in _failing(b"[]") + _failing(b'{"results": []}')


def _failing(answer: bytes) -> str:
    service = Service(lambda address, body: answer)
    service.of(component("npm", "a", "1.0.0"))
    return service.failed()


def go(*imports: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "GO-2026-90001",
        "affected": [
            {
                "package": {"ecosystem": "Go", "name": "acme.io/net"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}],
                "ecosystem_specific": {"imports": list(imports)},
            }
        ],
    }


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ((), ()),
        (({"path": "acme.io/net"},), ()),
        (({"path": "acme.io/net/http2", "symbols": ["Serve"]},), ("acme.io/net/http2",)),
        (({"path": "acme.io/net/a"}, {"path": "acme.io/net/b", "goos": ["windows"]}), ("acme.io/net/a",)),
        (({"path": "acme.io/net/a", "goos": ["linux", "windows"]},), ("acme.io/net/a",)),
        (({"path": "acme.io/net/a", "goos": ["windows"]},), None),
        (({"path": "acme.io/net/a", "goarch": ["386", "arm"]},), None),
        (({"path": "acme.io/net/a", "goarch": ["amd64"]},), ("acme.io/net/a",)),
    ],
)
def test_what_go_says_of_other_systems_does_not_count(
    tmp_path: Path, imports: tuple[Mapping[str, Any], ...], expected: tuple[str, ...] | None
) -> None:
    write(tmp_path, [go(*imports)], "2026-11-01", "a test")
    found = Store(tmp_path).of(component("Go", "acme.io/net", "1.1.0"))
    assert [one.within for one in found] == ([] if expected is None else [expected])
    assert [one.fixed for one in found] == ([] if expected is None else ["1.2.0"])
