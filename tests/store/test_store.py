"""Kept runs: whole or not there, whatever happens to the processes that keep them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from stockade.cli.formats import FROM_REPORT, Beside, of_account
from stockade.cli.outside import Outside
from stockade.control import Fails
from stockade.errors import StoreError, UsageError
from stockade.report import Report
from stockade.show import json as shown
from stockade.show import terminal
from stockade.show.hub import Hub
from stockade.store import history
from stockade.store.parts import Store
from stockade.store.recall import decoded
from stockade.store.tables import COLUMNS
from tests.show.sample import CONTROLS, many, small


def _again(store: Path, name: str = "latest") -> Report:
    return decoded(history.chosen(Store(store), name)[1])


@pytest.mark.parametrize("report", [small(), many(), replace(small(), functions=(), findings=(), gaps=())])
def test_a_kept_run_is_the_same_document(report: Report, tmp_path: Path) -> None:
    Store(tmp_path / "s").keep(report, "here")
    assert shown.show(_again(tmp_path / "s")) == shown.show(report)


def _on_terminal(report: Report) -> str:
    out = io.StringIO()
    terminal.show(report, Outside(Path(), {"COLUMNS": "100"}).console(out, "never"))
    return out.getvalue()


def test_a_kept_run_is_told_on_a_terminal_without_the_text_of_files(tmp_path: Path) -> None:
    report = many()
    Store(tmp_path).keep(report, "here")
    now, then = _on_terminal(report).splitlines(), _on_terminal(_again(tmp_path)).splitlines()
    excerpts = [line for line in now if line not in then]
    ours = [line for line in then if not any(one.startswith(line) for one in now)]
    assert [line for line in ours if " --> " not in line and "│" not in line] == []
    assert excerpts and len(then) < len(now)


def test_sentences_that_several_functions_share_are_kept(tmp_path: Path) -> None:
    report = small()
    failing = [replace(one, functions=("a", "b")) for one in report.findings if isinstance(one.outcome, Fails)]
    told = replace(failing[0], outcome=replace(failing[0].outcome, together="{n} functions are open"))  # type: ignore[arg-type]
    Store(tmp_path).keep(replace(report, findings=(told,)), "here")
    assert "2 functions are open" in _on_terminal(_again(tmp_path))


def test_runs_of_one_second_are_told_apart(tmp_path: Path) -> None:
    store = Store(tmp_path)
    names = [store.keep(small(), "here") for _ in range(11)]
    assert len(set(names)) == 11
    assert [one.run for one in history.runs(Store(tmp_path))] == names


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    store = tmp_path / "s"
    run = Store(store).keep(small(), "here")
    paths = [store / "v1", *(store / "v1" / run).iterdir()]
    assert [path for path in paths if path.stat().st_mode & 0o077] == []


# -------------------------------------------------------------------------- processes, and their end


_KEEPING = """
import sys
from pathlib import Path
from stockade.store.parts import Store
from tests.show.sample import small
store, report, number = Store(Path(sys.argv[1])), small(), int(sys.argv[2])
print("ready", flush=True)
while number:
    print(store.keep(report, sys.argv[3]), flush=True)
    number -= 1
"""


def _process(directory: Path, number: int, series: str) -> subprocess.Popen[str]:
    """A process that keeps so many runs, without end if it is less than none."""
    return subprocess.Popen(
        [sys.executable, "-c", _KEEPING, str(directory), str(number), series],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_several_processes_keep_at_once_and_lose_nothing(tmp_path: Path) -> None:
    several = [_process(tmp_path, 8, name) for name in "abc"]
    seen = 0
    while any(one.poll() is None for one in several):  # who reads meanwhile sees whole runs, ever more of them
        store = Store(tmp_path)
        listed = history.runs(store)
        assert len(listed) >= seen and not store.unread
        assert all(one.functions == 2 for one in listed)
        seen = len(listed)
    assert [one.returncode for one in several] == [0, 0, 0]
    listed = history.runs(Store(tmp_path))
    assert len({one.run for one in listed}) == len(listed) == 24
    assert sorted(one.series for one in listed) == [*"a" * 8, *"b" * 8, *"c" * 8]


def test_a_killed_process_leaves_whole_runs_and_nothing_else_that_is_read(tmp_path: Path) -> None:
    told: set[str] = set()
    waits = (0.0, 0.007, 0.019)
    for wait in waits:
        process = _process(tmp_path, -1, "here")
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(2)]
        assert lines[0] == "ready"
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().split()
        process.wait()
        told |= set(lines[1:])
    store = Store(tmp_path)
    listed = history.runs(store)
    assert store.unread == []
    assert told <= {one.run for one in listed}, "what was said to be kept is there"
    assert len(listed) <= len(told) + len(waits), "and of each process at most one that it had no time to tell"
    ((findings, runs),) = store.select("SELECT count(*), count(DISTINCT run) FROM findings")
    assert findings == runs * (len(small().findings) + len(small().quiet)) and runs == len(listed)
    assert all(_again(tmp_path, one.run) for one in listed[-2:])


def test_what_a_killed_run_left_is_cleared_away_a_day_later(tmp_path: Path) -> None:
    left, fresh = tmp_path / "v1" / ".unfinished-a", tmp_path / "v1" / ".unfinished-b"
    for one in (left, fresh):
        one.mkdir(parents=True)
    os.utime(left, (1, 1))
    Store(tmp_path).keep(small(), "here")
    assert not left.exists() and fresh.exists()


def test_a_part_that_is_damaged_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second, third = (store.keep(small(), "here") for _ in range(3))
    (tmp_path / "v1" / first / "findings.parquet").write_bytes(b"PAR1 nonsense")
    (tmp_path / "v1" / second / "gaps.parquet").unlink()
    after = Store(tmp_path)
    assert [one.run for one in history.runs(after)] == [third]
    assert [one.split("`")[1] for one in after.unread] == [first, second]
    assert history.history(Store(tmp_path), "here").unread == tuple(after.unread)


def test_a_directory_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        Store(tmp_path / "file").keep(small(), "here")
    assert Store(tmp_path / "nothing").select("SELECT * FROM runs") == []


_FULL = """
import resource, sys
from pathlib import Path
from stockade.errors import StoreError
from stockade.store.parts import Store
from tests.show.sample import small
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    Store(Path(sys.argv[1])).keep(small(), "here")
except StoreError as error:
    print(error.message, error.help)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no bound on the size of files")
@pytest.mark.parametrize("bytes", [0, 3000])
def test_a_disk_that_takes_no_more_is_said_so_and_leaves_nothing(tmp_path: Path, bytes: int) -> None:
    """The bound is the process's own; a full disk answers at the same calls."""
    kept = Store(tmp_path).keep(small(), "here")
    told = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path), str(bytes)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    assert told.stdout == (
        f"this run cannot be kept in `{tmp_path}`: file too large `--store PATH` keeps runs elsewhere\n"
    )
    assert [one.name for one in (tmp_path / "v1").iterdir()] == [kept]
    assert _again(tmp_path).functions


def test_what_is_no_directory_of_runs_is_told(tmp_path: Path) -> None:
    (tmp_path / "v1").write_text("")
    store = Store(tmp_path)
    assert store.select("SELECT * FROM runs") == []
    assert store.unread == ["`v1`: not a directory"]


def test_nothing_is_drawn_into_our_output(tmp_path: Path) -> None:
    """After two seconds DuckDB would draw how far it is, in the middle of a report."""
    ((drawn,),) = Store(tmp_path).select("SELECT current_setting('enable_progress_bar')")
    assert drawn is False


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    Store(tmp_path).keep(small(), "here")
    with pytest.raises(UsageError, match="no run `2020` is kept"):
        history.chosen(Store(tmp_path), "2020")
    assert history.chosen(Store(tmp_path), "2026")[0].run == "20261123T100000Z", (
        "the beginning of its name does"
    )


# ---------------------------------------------------------------------------------------- versions


_STEPS: Mapping[int, Mapping[str, str]] = MappingProxyType(
    {
        1: {"findings": "SELECT * EXCLUDE (line), NULL::VARCHAR AS note FROM {rows}"},
        # `line` went, `note` came: first empty, a version later a text.
        2: {"findings": "SELECT * REPLACE (coalesce(note, 'of ' || control) AS note) FROM {rows}"},
    }
)


def test_older_parts_are_read_through_the_steps_and_never_rewritten(tmp_path: Path) -> None:
    Store(tmp_path).keep(small(), "here")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    later = Store(tmp_path, 3, _STEPS)
    later.keep(small(), "here")  # in today's columns: a part of version 3 that has none of them yet
    found = later.select(
        "SELECT count(*), count(note) FROM findings WHERE run NOT IN (SELECT run FROM runs LIMIT 0)"
    )
    assert found[0][0] == 2 * len(small().findings) and found[0][1] == len(small().findings)
    assert len(history.runs(Store(tmp_path, 3, _STEPS))) == 2
    assert {path: path.read_bytes() for path in before} == before
    earlier = Store(tmp_path)
    assert len(history.runs(earlier)) == 1
    assert "a newer version of Stockade kept it" in earlier.unread[0], "told, not passed over"


def test_a_table_that_older_parts_do_not_have_is_empty_of_them(tmp_path: Path) -> None:
    Store(tmp_path).keep(small(), "here")
    (part,) = (tmp_path / "v1").iterdir()
    (part / "gaps.parquet").unlink()
    assert Store(tmp_path, 2, {}).select("SELECT * FROM gaps") == []
    assert len(Store(tmp_path, 2, {}).select("SELECT * FROM runs")) == 1


# ----------------------------------------------------------------------------------------- secrets


def test_no_text_of_a_file_is_kept(tmp_path: Path) -> None:
    """The sample has secrets in what is scanned; a kept run has names, messages and places."""
    Store(tmp_path).keep(small(), "here")
    store = Store(tmp_path)
    kept = json.dumps([store.select(f"SELECT * FROM {table}") for table in COLUMNS])
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))
    for secret in ("live-4eC39HqLyjWDarjtT1z", "correct horse battery"):
        assert secret not in kept and secret.encode() not in raw
    assert "STRIPE_KEY" in kept


@pytest.mark.parametrize("name", FROM_REPORT)
def test_a_kept_run_is_the_same_in_every_format_for_machines(name: str, tmp_path: Path) -> None:
    form = of_account(name, Hub("111122223333", "eu-west-1"))
    assert form is not None
    report = replace(small(), asked=tuple(CONTROLS))
    Store(tmp_path).keep(report, "here")
    assert form.write(_again(tmp_path), Beside()) == form.write(report, Beside())
