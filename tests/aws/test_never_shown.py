"""Nothing that is a secret leaves a live scan, wherever its owner wrote it: not in a report, not in a log."""

from __future__ import annotations

import inspect
import io
import logging
from importlib import import_module
from pathlib import Path

import pytest
from rich.console import Console

from stockade import show
from stockade.controls import load
from stockade.report import Report
from tests.aws.endpoint import running
from tests.aws.planted import Secrets, planted
from tests.aws.scanning import report

FORMS = tuple(sorted(path.stem for path in Path(show.__path__[0]).glob("*.py")))


@pytest.fixture(scope="module")
def found() -> tuple[Report, Secrets, str]:
    """What is reported of an account full of secrets, and what the scan wrote into its logs meanwhile."""
    account, secrets = planted()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logger = logging.getLogger("stockade")
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        with running(account) as endpoint:
            made = report(endpoint)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return made, secrets, written.getvalue()


def texts(of: Report) -> dict[str, str]:
    """The report in every form that it can be shown in by itself."""
    out: dict[str, str] = {}
    for name in FORMS:
        module = import_module(f"stockade.show.{name}")
        writes = getattr(module, "show", None)
        if writes is None:
            continue
        wanted = [one for one in inspect.signature(writes).parameters.values() if one.default is one.empty]
        handed = {"report": of, "controls": load()}
        if all(one.name in handed for one in wanted):
            written = writes(*(handed[one.name] for one in wanted))
            out[name] = written.decode() if isinstance(written, bytes) else str(written)
    console = Console(file=io.StringIO(), width=200)
    import_module("stockade.show.terminal").show(of, console)
    assert isinstance(console.file, io.StringIO)
    out["terminal"] = console.file.getvalue()
    return out


def test_no_form_of_the_report_shows_a_secret(found: tuple[Report, Secrets, str]) -> None:
    made, secrets, _ = found
    written = texts(made)
    assert {"gitlab", "json", "junit", "markdown", "sarif", "table", "terminal"} <= set(written)
    assert len(secrets.where) > 30
    for name, text in written.items():
        assert "function:leaky" in text or name not in ("json", "terminal"), name
        assert [where for secret, where in secrets.where.items() if secret in text] == [], name


def test_the_secret_is_found_all_the_same(found: tuple[Report, Secrets, str]) -> None:
    made, _, _ = found
    told = [
        one.message for one in made.findings if one.control == "plaintext-secret" and "leaky" in one.address
    ]
    assert [one for one in told if "KEY" in one] and [one for one in told if "URL" in one]


def test_no_log_holds_a_secret(found: tuple[Report, Secrets, str]) -> None:
    _, secrets, log = found
    assert [where for secret, where in secrets.where.items() if secret in log] == []
