"""Nothing that is a secret leaves a live scan, wherever its owner wrote it: not in a report, not in a log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from stockade.analyzer.answers import ask
from stockade.analyzer.beside import beside
from stockade.analyzer.questions import questions
from stockade.cli import mending
from stockade.cli.formats import FORMATS, FROM_REPORT, Beside, of_account
from stockade.control import Fix, Noise, Rewrite, Safety
from stockade.controls import load
from stockade.drift.compare import drift
from stockade.drift.sides import sides
from stockade.errors import FixError
from stockade.fix.live.commands import Commands, shown
from stockade.fix.live.proved import proved
from stockade.patched import Outcome
from stockade.paths.chains import paths, pictures
from stockade.read.account.answer import Place
from stockade.read.account.client import Account as Known
from stockade.read.account.client import Client
from stockade.read.account.pace import Pace
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.report import Report
from stockade.scan import scan
from stockade.show import drift as shown_drift
from stockade.show import fixes, terminal
from stockade.show import history as shown_history
from stockade.show import paths as shown_paths
from stockade.show.hub import Hub
from stockade.store.history import chosen, history
from stockade.store.parts import Store
from stockade.store.recall import decoded
from tests.aws.analyzer import analyzer, finding
from tests.aws.endpoint import running
from tests.aws.planted import Secrets, planted
from tests.aws.scanning import AT, clients, reading

PLACE = Place("111122223333", "us-east-1", "aws", AT)


@dataclass(frozen=True, slots=True)
class Found:
    """What is reported of an account full of secrets, and what was read; ``other`` has others in it."""

    report: Report
    secrets: Secrets
    log: str
    source: Input
    other: Input


def given(made: Reading) -> Input:
    return Input(made.kind, made.path, len(made.resources), build(made), made.path, reading=made)


def judged(some: Sequence[Input]) -> Report:
    return scan(some, load(), at=AT, noise=Noise.AUDIT)


@pytest.fixture(scope="module")
def found() -> Found:
    account, secrets = planted()
    analyzer(
        account.region(),
        codes={"leaky": (secrets("code of a validation"), "ERROR")},
        public=False,
        granted=False,
    )
    details = {"isPublic": True, "condition": {"aws:SourceIp": secrets("condition of a finding")}}
    details["principal"] = {"AWS": secrets("principal of a finding")}
    arn = account.region().arn("lambda", "function:leaky")
    finding(account.region(), arn, "ExternalAccess", {"externalAccessDetails": details})
    again, _ = planted()
    for one in (
        *again.region().book.answer_of("lambda:ListFunctions"),
        again.region().book.answer_of("lambda:GetFunction", FunctionName="leaky")["Configuration"],
    ):
        if one["FunctionName"] == "leaky":
            one["Environment"] = {
                "Variables": {"KEY": secrets("variable that is another"), "NEW": secrets("new variable")}
            }
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logger = logging.getLogger("stockade")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        with running(account) as endpoint:
            source = given(reading(endpoint))
            assert source.reading is not None
            writer = Commands(source.reading, PLACE)
            report = scan(
                [source], load(), at=AT, noise=Noise.AUDIT, mends=lambda _: lambda fix: shown(writer, fix)
            )
            client = Client(
                Known(
                    clients(endpoint, PLACE.account), Pace(1000, lambda: 0.0, lambda _: None), lambda *_: None
                ),
                PLACE,
            )
            report = beside(report, {0: ask(client, questions(source.world, PLACE, True), report, 0)}, {})
        with running(again) as endpoint:
            other = given(reading(endpoint))
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert report.analyzer is not None and report.analyzer.differs
    return Found(report, secrets, written.getvalue(), source, other)


def texts(of: Report) -> dict[str, str]:
    """The report in every format that there is, and on a terminal."""
    beside, hub = Beside(), Hub()
    out = {name: of_account(name, hub, live=True) for name in FORMATS}
    written = {name: form.write(of, beside).decode() for name, form in out.items() if form is not None}
    console = Console(file=io.StringIO(), width=200)
    terminal.show(of, console)
    assert isinstance(console.file, io.StringIO)
    return {**written, "terminal": console.file.getvalue()}


def leaks(secrets: Secrets, text: str) -> list[str]:
    """Where the secrets were planted that a text holds."""
    return [where for secret, where in secrets.where.items() if secret in text]


def test_no_form_of_the_report_shows_a_secret(found: Found) -> None:
    written = texts(found.report)
    assert set(written) == {*FORMATS, "terminal"}
    assert len(found.secrets.where) > 50
    failed = [one.reason for one in found.report.gaps if "`InvalidParameterValueException`" in one.reason]
    assert len(failed) == 2, "what AWS says of an error is told, without what it repeats"
    for name, text in written.items():
        assert "leaky" in text or name in ("cyclonedx", "spdx"), name  # it ships nothing
        assert leaks(found.secrets, text) == [], name


def test_no_command_and_no_terraform_shows_a_secret(found: Found) -> None:
    """Those of a scan stand in its report; these are what `fix` says, and why not of the rest."""
    mended = proved([(found.source, PLACE)], lambda some: judged(some), Safety.BREAKING)
    patch = mended.patch
    assert {one.outcome for one in patch.told} >= {Outcome.MADE, Outcome.PERSON}
    console = Console(file=io.StringIO(), width=200)
    fixes.live(patch, console)
    assert isinstance(console.file, io.StringIO)
    lines = "\n".join((*mending.lines(patch), *mending.configuration(mended)))
    assert "aws lambda" in lines and "leaky" in lines
    document = json.dumps(fixes.document(patch, {}, written=False))
    for text in (lines, document, console.file.getvalue()):
        assert leaks(found.secrets, text) == []


def test_a_command_that_would_show_a_secret_is_not_said(found: Found) -> None:
    """The policy of the role has some in it, and is given whole by what changes it."""
    assert found.source.reading is not None
    writer = Commands(found.source.reading, PLACE)
    change = Rewrite(
        f"arn:aws:iam::{PLACE.account}:role/leaky-role", "inline_policies[0].document", 1, "Action", "s3:*"
    )
    with pytest.raises(FixError, match="there is a key"):
        writer.commands(writer.said(Fix("t", Safety.REVIEW, (change,))))


def test_nothing_that_is_kept_holds_a_secret(found: Found, tmp_path: Path) -> None:
    """The store, its files unpacked, and all that is told of it again."""
    kept = Store(tmp_path)
    run = kept.keep(found.report, "live")
    kept.keep(found.report, "live")
    files = sorted(tmp_path.rglob("*.parquet"))
    assert len(files) > 5
    with duckdb.connect() as connection:
        read = [connection.execute(f"SELECT * FROM read_parquet('{file}')").fetchall() for file in files]
    raw = json.dumps(read, default=str)
    assert "leaky" in raw and leaks(found.secrets, raw) == []
    assert leaks(found.secrets, b"".join(one.read_bytes() for one in files).decode("latin-1")) == []
    again = decoded(chosen(kept, run)[1])
    told = shown_history.as_json(history(kept, "live")).decode()
    console = Console(file=io.StringIO(), width=200)
    terminal.show(again, console)
    shown_history.show(history(kept, "live"), console)
    assert isinstance(console.file, io.StringIO)
    for text in (told, console.file.getvalue(), *(form for form in _from_report(again))):
        assert leaks(found.secrets, text) == []


def _from_report(report: Report) -> Iterator[str]:
    for name in FROM_REPORT:
        form = of_account(name, Hub(), live=True)
        if form is not None:
            yield form.write(report, Beside()).decode()


def test_no_path_and_no_drift_shows_a_secret(found: Found) -> None:
    drawn = pictures(0, found.source.world)
    ways = paths(drawn)
    console = Console(file=io.StringIO(), width=200)
    shown_paths.show(drawn, ways, console)
    read = [(found.source.kind, found.source.path)]
    written = [
        shown_paths.as_json(drawn, ways, read, "0", AT),
        shown_paths.dot(drawn),
        shown_paths.mermaid(drawn),
    ]
    labels = "written", "live"
    one, other = [found.source.world], [found.other.world]
    for left, right in ((one, other), (other, one)):
        pair = sides(left, right, labels, ("", ""), ({}, {}))
        both = drift(*pair, at=AT, paths=(["a"], ["b"]))
        assert both.differences
        shown_drift.show(both, console, labels)
        written.append(shown_drift.as_json(both))
    assert isinstance(console.file, io.StringIO)
    told = console.file.getvalue() + "".join(one.decode() for one in written)
    assert "leaky" in told and "KEY" in told
    assert leaks(found.secrets, told) == []


def test_the_secret_is_found_all_the_same(found: Found) -> None:
    told = [
        one.message
        for one in found.report.findings
        if one.control == "plaintext-secret" and "leaky" in one.address
    ]
    assert [one for one in told if "KEY" in one] and [one for one in told if "URL" in one]


def test_no_log_holds_a_secret(found: Found) -> None:
    assert leaks(found.secrets, found.log) == []
