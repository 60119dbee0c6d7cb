"""The command line, from its arguments to its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

import stockade.controls
import stockade.read.inputs
from stockade import __version__
from stockade.checklist import Item
from stockade.cli import main
from stockade.cli.app import COMMANDS, app
from stockade.cli.progress import ProgressLine
from stockade.cli.scan import status
from stockade.control import Control, Crashed, Fails, Holds, Noise, Severity, Undecided, Verdict
from stockade.model.function import Function
from stockade.model.world import Gap, World
from stockade.read.files import Tree
from stockade.read.inputs import Found, Input, Options, Place
from stockade.report import Suppression, SuppressionKind
from stockade.source import Source, Span
from stockade.value import Known, Unknown, Written
from tests.show.sample import small

SOURCE = Source("infra/main.tf", b'resource "aws_lambda_function" "f" {\n}\n')
ORIGIN = Written(Span(SOURCE, 0, len(SOURCE.data)))
FUNCTION = Function(
    address="aws_lambda_function.f",
    origin=ORIGIN,
    name=Known("fn", ORIGIN),
    role=Unknown("made elsewhere", ORIGIN),
)
GAP = Gap("module `vpc`", "it is in a registry", ORIGIN)


def answering(answer: Callable[[], Verdict], name: str = "bad-thing") -> Control[Any]:
    page = "Something is bad.\n\nIt should be *good*."
    return Control(
        name,
        page,
        Function,
        Severity.MEDIUM,
        Noise.REGULAR,
        Item.TRACING,
        "0.1.0",
        ("https://docs.aws.amazon.com/lambda/",),
        lambda subject, world: answer(),
    )


class Kind:
    """A kind of input whose readings nobody may keep."""

    name, alone = "terraform", True

    def sources(self, root: Path) -> tuple[Path, ...]:
        return ()


class Arranged(Found):
    """One input, of which a test says what is read."""

    def __init__(self, look: Callable[[], Input]) -> None:
        kind: Any = Kind()
        super().__init__([Place(kind, Path("infra").resolve(), Tree(Path()))], Options(Path(), {}, (), {}))
        self._look = look

    def read(self, place: Place) -> Input:
        return self._look()


@pytest.fixture
def scanning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Arrange what a scan finds, whatever the path."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763892000")
    monkeypatch.chdir(tmp_path)

    def arrange(*controls: Control[Any], world: World) -> None:
        found = Arranged(lambda: Input("terraform", "infra", 3, world))
        monkeypatch.setattr(stockade.read.inputs, "find", lambda *_: found)
        monkeypatch.setattr(stockade.controls, "load", lambda: controls)
        monkeypatch.setattr("stockade.cli.names.names", lambda: tuple(one.name for one in controls))

    return arrange


WORLD = World(functions=(FUNCTION,))
BAD = answering(lambda: Fails("it is bad", ORIGIN))
GOOD = answering(lambda: Holds(ORIGIN))
OPEN = answering(lambda: Undecided(Unknown("who knows", ORIGIN)))


def crash() -> Verdict:
    raise ZeroDivisionError("oh")


# ------------------------------------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("control", "world", "options", "expected"),
    [
        (GOOD, WORLD, (), 0),
        (OPEN, WORLD, (), 0),
        (BAD, WORLD, (), 1),
        (BAD, WORLD, ("--fail-on", "medium"), 1),
        (BAD, WORLD, ("--fail-on", "high"), 0),
        (BAD, WORLD, ("--fail-on", "never"), 0),
        (GOOD, replace(WORLD, gaps=(GAP,)), (), 3),
        (GOOD, replace(WORLD, gaps=(GAP,)), ("--allow-gaps",), 0),
        (BAD, replace(WORLD, gaps=(GAP,)), (), 1),
        (BAD, replace(WORLD, gaps=(GAP,)), ("--fail-on", "critical"), 3),
        (answering(crash), WORLD, (), 3),
        (answering(crash), WORLD, ("--allow-gaps",), 0),
    ],
)
def test_exit_status(
    scanning: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    control: Control[Any],
    world: World,
    options: tuple[str, ...],
    expected: int,
) -> None:
    scanning(control, world=world)
    assert main(["scan", *options]) == expected
    assert "fn" in capsys.readouterr().out


def test_what_the_owner_accepts_stops_no_build() -> None:
    report = small()
    accepted = replace(
        report,
        gaps=(),
        findings=tuple(
            replace(one, suppressed=Suppression(SuppressionKind.COMMENT, "we know"))
            for one in report.findings
            if not isinstance(one.outcome, Crashed)
        ),
    )
    assert status(accepted, "low", False) == 0
    assert status(report, "low", False) == 1


# ------------------------------------------------------------------------------------------- output


def test_json_goes_to_stdout_or_to_a_file(
    scanning: Callable[..., None], capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    scanning(BAD, world=WORLD)
    assert main(["scan", "--format", "json"]) == 1
    printed = capsysbinary.readouterr()
    report = json.loads(printed.out)
    assert printed.err == b""
    assert report["at"] == "2025-11-23T10:00:00Z"
    assert report["tool"]["data"].keys() >= {"iam", "managed-policies"}
    assert main(["scan", "--format", "json", "--output", "report.json"]) == 1
    assert (tmp_path / "report.json").read_bytes() == printed.out
    assert capsysbinary.readouterr().out == b""


def test_a_file_gets_no_colour_unless_it_is_asked_for(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scanning(BAD, world=WORLD)
    main(["scan", "--output", "plain.txt"])
    main(["scan", "--output", "coloured.txt", "--color", "always"])
    assert "\x1b" not in (tmp_path / "plain.txt").read_text("utf-8")
    assert "\x1b[" in (tmp_path / "coloured.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("environment", "option", "coloured"),
    [
        ({}, "auto", False),
        ({}, "always", True),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour(
    scanning: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    option: str,
    coloured: bool,
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    scanning(BAD, world=WORLD)
    main(["scan", "--color", option])
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_only_named_controls_are_asked(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    other = answering(lambda: Fails("it is worse", ORIGIN), "worse-thing")
    scanning(BAD, other, world=WORLD)
    assert main(["scan", "--control", "worse-thing", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [one["control"] for one in report["findings"]] == ["worse-thing"]


def test_options_reach_the_reader(scanning: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    scanning(GOOD, world=WORLD)
    seen: list[Any] = []

    def find(paths: Any, options: Any) -> Found:
        seen.append((paths, options))
        return Arranged(lambda: Input("terraform", "infra", 3, WORLD))

    monkeypatch.setattr(stockade.read.inputs, "find", find)
    monkeypatch.setenv("TF_VAR_region", "eu-west-1")
    main(["scan", "a", "b", "--var", "stage=prod=1", "--var", "empty=", "--var-file", "x.tfvars"])
    paths, options = seen[0]
    assert list(paths) == [Path("a"), Path("b")]
    assert options.variables == {"stage": "prod=1", "empty": ""}
    assert options.variable_files == (Path("x.tfvars"),)
    assert options.environment["TF_VAR_region"] == "eu-west-1"
    main(["scan"])
    assert list(seen[1][0]) == [Path()]


# ------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (("scan", "nope"), "`nope` does not exist", "give a file"),
        (("scan", "."), "there is nothing to scan in `.`", "`.tf` or `.tf.json`"),
        (("scan", "--var", "stage"), "`stage` gives no variable a value", "write `--var name=value`"),
        (("scan", "--var", "=x"), "`=x` gives no variable a value", "write `--var name=value`"),
        (("scan", "--var-file", "x.tfvars"), "`x.tfvars` does not exist", "`.tfvars`"),
        (("scan", "--control", "bad-thign"), "no control is called `bad-thign`", "did you mean `bad-thing`?"),
        (("scan", "--control", "zzz"), "no control is called `zzz`", "`stockade explain` lists them"),
        (("explain", "bad-thign"), "no control is called `bad-thign`", "did you mean `bad-thing`?"),
        (("scna",), "no such command `scna`", "did you mean `scan`?"),
        (("qqq",), "no such command `qqq`", "`stockade --help` lists them"),
        (("--verison",), "no such option `--verison`", "did you mean `--version`?"),
        (("scan", "--otput"), "no such option `--otput`", "did you mean `--output`?"),
        (("scan", "--noize"), "no such option `--noize`", "did you mean `--no-fixes` or `--noise`"),
        (("scan", "--noise", "loud"), "invalid value for `--noise`: `loud` is not one of", "--help"),
        (("scan", "--fail-on", "LOW"), "invalid value for `--fail-on`", "--help"),
        (("scan", "--var"), "option `--var` requires an argument", "--help"),
        (("scan", "\x1b[2Jx"), r"`\x1b[2Jx` does not exist", "give a file"),
    ],
)
def test_errors_name_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
    help: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stockade.cli.names.names", lambda: ("bad-thing",))
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert first.startswith(f"error: {message}")
    assert not first.endswith(".")
    assert second.startswith("help: ")
    assert help in second


def test_a_file_that_cannot_be_written(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(GOOD, world=WORLD)
    assert main(["scan", "--output", "no/such/place"]) == 2
    assert capsys.readouterr().err == "error: `no/such/place` cannot be written: no such file or directory\n"


@pytest.mark.parametrize("epoch", ["soon", "9" * 30, ""])
def test_a_clock_that_is_none(
    scanning: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    epoch: str,
) -> None:
    scanning(GOOD, world=WORLD)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert main(["scan"]) == 2
    assert capsys.readouterr().err.startswith(f"error: SOURCE_DATE_EPOCH is `{epoch}`, not a time")


def test_without_a_command_the_help_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Usage: stockade")


def test_an_interruption_is_quiet(
    scanning: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(GOOD, world=WORLD)

    def interrupted() -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(stockade.read.inputs, "find", lambda *_: Arranged(interrupted))
    assert main(["scan"]) == 130
    assert capsys.readouterr().err.strip() == ""


def test_a_defect_is_one_line(
    scanning: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(GOOD, world=WORLD)

    def broken() -> Any:
        raise RecursionError("too deep")

    monkeypatch.setattr(stockade.read.inputs, "find", lambda *_: Arranged(broken))
    assert main(["scan"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("error: stockade itself failed: RecursionError: too deep at test_command.py:")
    assert "report it" in second


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "stockade", *arguments], capture_output=True, timeout=60, check=False, **options
    )


def test_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        process = subprocess.run(
            [sys.executable, "-m", "stockade", "explain"],
            stdout=closed,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (process.returncode, process.stderr) == (141, b"")


def test_errors_have_no_colour_where_nobody_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stream = Terminal()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["scan", "nope"])
    assert "\x1b[" in stream.getvalue()
    stream.truncate(0)
    monkeypatch.setenv("NO_COLOR", "1")
    main(["scan", "nope"])
    assert "\x1b[" not in stream.getvalue()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(
            "".join(
                f'resource "aws_lambda_function" "f{n}" {{\n  function_name = "f{n}"\n  role = var.role\n}}\n'
                for n in range(5)
            )
        )
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1763892000"}
    for shape in ("json", "terminal"):
        arguments = ("scan", str(tmp_path), "--format", shape)
        printed = {
            run(*arguments, env=environment | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")
        }
        assert len(printed) == 1
        assert printed != {b""}


# --------------------------------------------------------------------------------------------- help


def test_help_is_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 44
    assert [line for line in lines if len(line) > 80] == []
    text = "\n".join(lines)
    assert "Examples:" in text
    assert "Exit status:" in text
    assert "_STOCKADE_COMPLETE=bash_source" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"Usage: stockade {name}" in capsys.readouterr().out
    found = app.get_command(click.Context(app), name)
    assert found is not None and found.get_short_help_str(80).endswith(".")


def _all_commands(group: click.Group, above: click.Context) -> Iterator[tuple[click.Context, click.Command]]:
    for name in group.list_commands(above):
        one = group.get_command(above, name)
        assert one is not None
        here = click.Context(one, info_name=name, parent=above, terminal_width=80)
        yield here, one
        if isinstance(one, click.Group):
            yield from _all_commands(one, here)


def test_every_page_of_help_fits_a_narrow_terminal_and_says_what_each_option_is_for() -> None:
    pages = list(_all_commands(app, click.Context(app, info_name="stockade", terminal_width=80)))
    assert len(pages) > 20
    long = [line for context, one in pages for line in one.get_help(context).splitlines() if len(line) > 80]
    assert long == []
    options = [option for _, one in pages for option in one.params if isinstance(option, click.Option)]
    assert [one.opts for one in options if not (one.help or "").rstrip().endswith((".", "]"))] == []


def test_many_options_stand_under_headings_and_each_once() -> None:
    for context, one in _all_commands(app, click.Context(app, info_name="stockade", terminal_width=80)):
        lines = one.get_help(context).splitlines()
        told = [word for line in lines if line.startswith("  --") and (word := line.split()[0]) != "--help"]
        long = (option.opts[-1] for option in one.params if isinstance(option, click.Option))
        assert sorted(told) == sorted(name for name in long if name.startswith("--")), context.command_path
        if len(told) > 8:
            assert (
                lines.index("What is asked:") < lines.index("What is written:") < lines.index("Other options:")
            )


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"stockade {__version__}\n"


def _modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    return set(process.stderr.decode().split())


def test_help_imports_nothing_heavy() -> None:
    modules = _modules_after("from stockade.cli import main\nassert main(['--help']) == 0")
    assert "click" in modules
    heavy = {"rich", "yaml", "re2", "stockade.control", "stockade.scan", "stockade.model", "stockade.read"}
    assert not modules & heavy


def test_help_imports_of_ours_what_it_lists_and_this() -> None:
    """Whatever comes is paid for by every command: it is named here, or imported when something runs."""
    modules = _modules_after("from stockade.cli import main\nassert main(['--help']) == 0")
    ours = {one for one in modules if one.partition(".")[0] == "stockade"}
    assert {one for one in ours if not one.startswith("stockade.cli")} == {
        "stockade",
        "stockade.controls",
        "stockade.errors",
        "stockade.new",
        "stockade.new.project",
        "stockade.patterns",
        "stockade.records",
        "stockade.show",
        "stockade.show.escape",
    }
    running = {"kept", "live", "needed", "pieces", "pool", "progress", "revision", "scanned", "worker"}
    assert not {f"stockade.cli.{one}" for one in running} & ours


def test_a_scan_whose_answer_is_kept_imports_of_ours_what_looks_it_up_and_this(tmp_path: Path) -> None:
    """It is most of what a small repository's second scan costs."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    options = ["--cache", str(tmp_path / "cache"), "--fail-on", "never", "--allow-gaps"]
    code = f"from stockade.cli import main\nassert main({['scan', str(project), *options]!r}) == 0"
    assert "stockade.read.terraform.reader" in _modules_after(code)
    modules = _modules_after(code)
    ours = {one for one in modules if one.partition(".")[0] == "stockade"}
    assert {one for one in ours if not one.startswith(("stockade.cli", "stockade.cache"))} == {
        "stockade",
        "stockade.accept",
        "stockade.configuration",
        "stockade.control",
        "stockade.controls",
        "stockade.errors",
        "stockade.globs",
        "stockade.iam",
        "stockade.iam.automaton",
        "stockade.iam.glob",
        "stockade.iam.match",
        "stockade.memory",
        "stockade.model",
        "stockade.model.choices",
        "stockade.model.remark",
        "stockade.patterns",
        "stockade.read",
        "stockade.read.budget",
        "stockade.read.files",
        "stockade.read.looked",
        "stockade.read.repository",
        "stockade.records",
        "stockade.report",
        "stockade.secrets",
        "stockade.secrets.confidence",
        "stockade.show",
        "stockade.show.escape",
        "stockade.show.hub",
        "stockade.source",
        "stockade.value",
    }
    assert not modules & {"rich", "yaml", "re2", "duckdb", "tree_sitter", "jinja2"}


def test_a_scan_of_terraform_imports_no_other_reader(tmp_path: Path) -> None:
    """Each costs a tenth of a second: what tells a kind of input is apart from what reads it."""
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    (tmp_path / "notes.yml").write_text("service: it is none\n")
    (tmp_path / "other.json").write_text("{}\n")
    arguments = ["scan", str(tmp_path), "--format", "json", "--fail-on", "never", "--allow-gaps"]
    modules = _modules_after(f"from stockade.cli import main\nassert main({arguments!r}) == 0")
    assert "stockade.read.terraform.reader" in modules
    others = {f"stockade.read.{kind}.reader" for kind in ("cloudformation", "plan", "serverless")}
    languages = {f"stockade.code.{one}" for one in ("python", "javascript", "go", "java")}
    rest = {"yaml", "samtranslator", "tree_sitter", "stockade.fix", "stockade.advisories"}
    assert not modules & (others | languages | rest)


def test_json_needs_no_rich(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n')
    arguments = ["scan", str(tmp_path), "--format", "json", "--fail-on", "never", "--allow-gaps"]
    modules = _modules_after(f"from stockade.cli import main\nassert main({arguments!r}) == 0")
    assert "stockade.scan" in modules
    assert "rich" not in modules


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_shells_can_complete(shell: str, word: str) -> None:
    process = run(env={**os.environ, "_STOCKADE_COMPLETE": f"{shell}_source"})
    if shell == "bash" and b"Bash is not" in process.stderr:
        pytest.skip("there is no bash here")
    assert process.returncode == 0
    assert word in process.stdout.decode()


# ------------------------------------------------------------------------------------------ explain


def test_explain_lists_the_controls_by_row(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(BAD, world=WORLD)
    assert main(["explain"]) == 0
    text = capsys.readouterr().out
    assert "X-Ray active tracing\n    bad-thing  Something is bad\n" in text
    assert all(item.title in text for item in Item)
    assert "not decided yet by this version" in text


def test_explain_prints_a_page_as_it_is_written(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(BAD, world=WORLD)
    assert main(["explain", "bad-thing"]) == 0
    assert capsys.readouterr().out == (
        "# bad-thing\n\n"
        "Severity medium, row “X-Ray active tracing” of Observability, noise regular, since 0.1.0.\n\n"
        "Something is bad.\n\nIt should be *good*.\n\n"
        "## References\n\n- https://docs.aws.amazon.com/lambda/\n"
    )


def test_explain_renders_a_page_on_a_terminal(
    scanning: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    scanning(BAD, world=WORLD)
    assert main(["explain", "bad-thing", "--color", "always"]) == 0
    text = capsys.readouterr().out
    assert "\x1b[" in text
    assert "*good*" not in text


# ----------------------------------------------------------------------------------------- progress


class Terminal(StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Patience:
    """Stands for the timer: time passes when a test says so."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        assert seconds == 1.0
        self.action, self.started, self.cancelled, self.daemon = action, False, False, False
        Patience.last = self

    last: Patience

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.cancelled = True

    def pass_by(self) -> None:
        if self.started and not self.cancelled:
            self.action()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setattr("stockade.cli.progress.Timer", Patience)
    return lambda: Patience.last.pass_by()


def test_progress_shows_after_a_second_and_leaves_nothing(patience: Callable[[], None]) -> None:
    stream = Terminal()
    line = ProgressLine(stream, 60)
    line(1, 4, "infra/a")
    assert stream.getvalue() == ""
    patience()
    assert stream.getvalue() == "\r\x1b[K[=====               ] 1 of 4  infra/a"
    line(2, 4, "infra/\x1b[31mb")
    assert stream.getvalue().endswith("\r\x1b[K[==========          ] 2 of 4  infra/\\x1b[31mb")
    line.clear()
    assert stream.getvalue().endswith("\r\x1b[K")
    length = len(stream.getvalue())
    line.clear()
    patience()
    assert len(stream.getvalue()) == length


def test_short_work_shows_nothing(patience: Callable[[], None]) -> None:
    stream = Terminal()
    line = ProgressLine(stream, 60)
    line(1, 1, "")
    line.clear()
    patience()
    assert stream.getvalue() == ""


def test_progress_is_cut_to_the_terminal(patience: Callable[[], None]) -> None:
    stream = Terminal()
    line = ProgressLine(stream, 40)
    line(0, 1, "a/very/long/path" * 10)
    patience()
    assert len(stream.getvalue().removeprefix("\r\x1b[K")) == 39


def test_progress_never_shows_in_a_pipe(patience: Callable[[], None]) -> None:
    stream = StringIO()
    line = ProgressLine(stream, 60)
    line(1, 4, "infra")
    patience()
    line.clear()
    assert stream.getvalue() == ""


def test_progress_is_cleared_when_a_scan_ends(
    scanning: Callable[..., None], monkeypatch: pytest.MonkeyPatch, patience: Callable[[], None]
) -> None:
    stream = Terminal()

    def slow() -> Any:
        patience()
        raise KeyboardInterrupt

    scanning(GOOD, world=WORLD)
    monkeypatch.setattr(stockade.read.inputs, "find", lambda *_: Arranged(slow))
    monkeypatch.setattr(sys, "stderr", stream)
    assert main(["scan"]) == 130
    assert "0 of 1  infra" in stream.getvalue()
    assert stream.getvalue().rstrip("\n").endswith("\r\x1b[K")
