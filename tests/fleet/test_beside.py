"""What a fleet's findings are held against: a baseline of an earlier run, and what is known of dependencies."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stockade.baseline import Baseline, Entry, read, written
from stockade.cli import main
from stockade.cli.fleet.repository import repository
from stockade.control import Fails, Severity
from stockade.errors import UsageError
from stockade.fleet.journal import Journal, Plan
from stockade.fleet.listed import of_folder
from stockade.fleet.tasks import Asked
from stockade.fleet.views import posture
from stockade.report import Report
from stockade.scan import compared
from stockade.store.history import chosen
from stockade.store.parts import Store
from stockade.store.recall import decoded

AT = "2026-02-03T04:05:06Z"
EXAMPLE = Path(__file__).parents[2] / "examples" / "checklist-before"


def kept(folder: Path, asked: Asked) -> Store:
    """The repositories of a folder, read and kept as one run."""
    tasks = tuple(of_folder(folder, "."))
    journal = Journal.begun(folder / ".runs", Plan("0", AT, "fleet", {}, tasks))
    for task in tasks:
        journal.keep(task, repository(task, replace(asked, run=journal.run, folder=str(folder)), None, AT))
    journal.finish()
    return Store(folder / ".runs")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Report]:
    """Two repositories, one of which accepts something, as a run and as the report of it."""
    folder = tmp_path_factory.mktemp("fleet")
    for name in ("pay", "ship"):
        shutil.copytree(EXAMPLE, folder / name / "infra")
    accept = '[[accept]]\ncontrol = "untraced-function"\nreason = "it is only a sample"\n'
    (folder / "pay" / "stockade.toml").write_text(accept)
    store = kept(folder, Asked("", "fleet", "audit"))
    return store, decoded(chosen(store, "latest")[1])


def test_what_a_baseline_knows_does_not_count_and_is_told(fleet: tuple[Store, Report]) -> None:
    store, report = fleet
    plain, held = posture(store, "latest"), posture(store, "latest", read(written(report), "before.json"))
    assert sum(plain.failing.values()) > 0 and plain.accepted > 0 and plain.baseline is None
    assert not any(held.failing.values()) and held.worst() is None and held.controls == ()
    assert held.accepted == plain.accepted, "what an owner accepts is not in a baseline"
    assert held.undecided == 0
    assert held.known == sum(plain.failing.values()) + plain.undecided
    assert held.baseline is not None and (held.baseline.findings, held.baseline.gone) == (held.known, 0)


@pytest.mark.parametrize("seed", range(8))
def test_a_run_is_held_against_a_baseline_as_a_scan_is(fleet: tuple[Store, Report], seed: int) -> None:
    """Half of the findings, some worse or milder then, and some that are gone: SQL says what Python says."""
    store, report = fleet
    entries: dict[str, Entry] = {}
    for place, one in enumerate(report.findings):
        match (place * 7 + seed) % 8:
            case 0 | 1 | 2:
                severity = one.severity
            case 3:
                severity = Severity.LOW
            case 4:
                severity = Severity.CRITICAL
            case _:
                continue
        verdict = ("fails", "undecided")[(place + seed) % 5 == 0]
        entries[one.fingerprint] = Entry(one.control, report.inputs[one.input].root, verdict, severity)
    entries["gone"] = Entry("public-invoke", "pay/infra", "fails", Severity.HIGH)
    entries["not read"] = Entry("public-invoke", "other/infra", "fails", Severity.HIGH)
    baseline = Baseline("before.json", AT, entries)

    held = posture(store, "latest", baseline)
    findings = [compared(one, baseline) for one in report.findings]
    failing = [one for one in findings if isinstance(one.outcome, Fails) and one.suppressed is None]
    assert held.failing == {
        severity: sum(one.severity is severity for one in failing) for severity in held.failing
    }
    assert held.undecided == sum(
        not isinstance(one.outcome, Fails) and one.suppressed is None for one in findings
    )
    known = sum(
        now.suppressed is not None and before.suppressed is None
        for now, before in zip(findings, report.findings, strict=True)
    )
    assert held.known == known
    assert held.baseline is not None and held.baseline.gone == 1, "nobody looked at the other repository"


def test_dependencies_are_held_against_what_is_known(tmp_path: Path) -> None:
    project, main_tf = tmp_path / "pay", 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
    (project / "built").mkdir(parents=True)
    (project / "main.tf").write_text(main_tf)
    (project / "built" / "uv.lock").write_text(
        'version = 1\n[[package]]\nname = "stale-parser"\nversion = "1.4.0"\nsource = { registry = "r" }\n'
    )
    (project / "stockade.toml").write_text('[packages]\nf = "built"\n')
    found = {"VulnerabilityID": "CVE-2026-5", "PkgName": "stale-parser", "InstalledVersion": "1.4.0"}
    trivy = {"SchemaVersion": 2, "Results": [{"Type": "uv", "Vulnerabilities": [{**found, "Severity": "LOW"}]}]}
    report = tmp_path / "trivy.json"
    report.write_text(json.dumps(trivy))
    asked = Asked("", "fleet", "audit", ("vulnerable-dependency",))

    def said(asked: Asked) -> list[tuple[str, str]]:
        store = kept(tmp_path, asked)
        return store.select("SELECT verdict, message FROM findings WHERE run = (SELECT max(run) FROM runs)")

    ((verdict, message),) = said(asked)
    assert (verdict, "no advisories were given" in message) == ("undecided", True)
    ((verdict, message),) = said(replace(asked, advisories=((str(report), "trivy.json"),)))
    assert (verdict, "CVE-2026-5" in message) == ("fails", True)


def test_the_command_writes_a_baseline_and_holds_the_next_run_against_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "all" / "pay" / "infra")
    monkeypatch.chdir(tmp_path)
    scan = ["fleet", "scan", "all", "--store", "runs", "--workers", "1", "--control", "deprecated-runtime"]
    assert main([*scan, "--write-baseline", "before.json"]) == 1
    capsys.readouterr()
    assert main([*scan, "--baseline", "before.json", "--also", "json=now.json"]) == 0
    assert "In the baseline" in capsys.readouterr().out
    now = json.loads(Path("now.json").read_text())
    assert {one["suppression"]["kind"] for one in now["findings"]} == {"baseline"}
    assert now["baseline"]["path"] == "before.json"

    for option, file in (("--baseline", "missing.json"), ("--advisories", "before.json")):
        assert main([*scan, option, file]) == 2
        assert file in capsys.readouterr().err


def test_a_run_is_gone_on_with_only_by_the_same_advisories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stockade.cli.fleet.run import begun, resumed
    from tests.fleet.runs import outside_at

    (tmp_path / "all" / "pay").mkdir(parents=True)
    report = tmp_path / "trivy.json"
    report.write_text(json.dumps({"SchemaVersion": 2, "Results": []}))
    outside = outside_at(tmp_path)
    names = ("organization", "accounts", "role", "external_id", "profile", "share", "noise", "config", "series")
    nothing = dict.fromkeys((*names, "fail_on"))
    said = {
        **nothing,
        "allow_gaps": None,
        "baseline": None,
        "regions": (),
        "controls": (),
        "packages": False,
        "folder": Path("all"),
        "advisories": (Path("trivy.json"),),
    }
    run = begun(outside, tmp_path / "runs", said)
    again = {**said, "folder": None, "advisories": (), "resume": run.journal.run}
    assert resumed(outside, tmp_path / "runs", again).asked == run.asked
    report.write_text(json.dumps({"SchemaVersion": 2, "Results": [], "CreatedAt": "later"}))
    with pytest.raises(UsageError, match="the advisories have changed"):
        resumed(outside, tmp_path / "runs", again)
