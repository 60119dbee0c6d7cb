"""A scan that uses what earlier ones kept, or several processes, writes what any scan would write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stockade.cli.pool
from stockade.cli import main
from stockade.cli.kept import Kept

FUNCTION = """
module "shared" {{
  source = "../shared"
  name   = "{name}"
}}
variable "stage" {{ default = "dev" }}
variable "memory" {{ type = string }}
resource "aws_iam_role" "r" {{
  name               = "{name}-${{var.stage}}"
  assume_role_policy = file("${{path.module}}/trust.json")
}}
data "archive_file" "code" {{
  type        = "zip"
  source_dir  = "src"
  output_path = "code.zip"
}}
resource "aws_lambda_function" "f" {{
  function_name = "{name}-${{var.stage}}"
  role          = aws_iam_role.r.arn
  runtime       = fileexists("old") ? "python3.7" : "python3.12"
  handler       = "app.handler"
  memory_size   = var.memory
  filename      = data.archive_file.code.output_path
  environment {{
    variables = {{ FILES = join(",", fileset(path.module, "src/*")), API_TOKEN = "{token}" }}
  }}
}}
resource "aws_lambda_function_url" "u" {{
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE" # stockade: accept[public-function-url] a webhook
}}
"""

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"


def function(name: str) -> str:
    return FUNCTION.format(name=name, token=TOKEN)


FILES = {
    "shared/main.tf": """
variable "name" {}
resource "aws_cloudwatch_log_group" "logs" {
  name = "/aws/lambda/${var.name}-dev"
}
""",
    "a/main.tf": function("a"),
    "a/trust.json": '{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},'
    ' "Action": "sts:AssumeRole"}}',
    "a/src/app.py": "import boto3\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n",
    "b/main.tf": function("b"),
    "b/trust.json": '{"Statement": []}',
    "b/src/app.py": "def handler(event, context):\n    return 1\n",
    "watch/main.tf": """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name = "a"
  namespace = "AWS/Lambda"
  metric_name = "Errors"
  dimensions = { FunctionName = "a-dev" }
  statistic = "Sum"
  period = 60
  evaluation_periods = 1
  threshold = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"]
}
""",
    "template.yaml": """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Inline:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/inline
      Code:
        ZipFile: |
          TOKEN = "ghp_9876543210abcdefghijABCDEFGHIJ987654"
          def handler(event, context):
              return TOKEN
""",
    "stockade.toml": """
[[accept]]
control = "unreserved-concurrency"
reason = "the account is ours"
path = "a/**"
""",
}

TEXTS = {
    "a/main.tf": [function("a"), function("a").replace("a webhook", "another reason")],
    "shared/main.tf": [FILES["shared/main.tf"], FILES["shared/main.tf"].replace("/aws/lambda", "/other")],
    "watch/main.tf": [FILES["watch/main.tf"], FILES["watch/main.tf"].replace("a-dev", "b-dev"), ""],
    "a/trust.json": [FILES["a/trust.json"], FILES["a/trust.json"].replace("Allow", "Deny"), "{"],
    "b/src/app.py": [FILES["b/src/app.py"], FILES["a/src/app.py"], "def handler(:"],
    "stockade.toml": [FILES["stockade.toml"], FILES["stockade.toml"].replace("a/**", "b/**"), "\n"],
    "template.yaml": [FILES["template.yaml"], "\n" + FILES["template.yaml"], "a: b"],
    # What is not there at first
    "a/terraform.tfvars": ['stage = "prod"\nmemory = "128"\n', 'memory = "256"\n'],
    "b/x.auto.tfvars": ['stage = "test"\n'],
    "a/z_override.tf": ['resource "aws_lambda_function" "f" { runtime = "nodejs16.x" }\n'],
    "a/old": ["\n"],
    "a/src/.env": ["SECRET=1\n"],
    "b/src/requirements.txt": ["requests==2.0.0\n"],
    "c/main.tf": ['resource "aws_lambda_function_url" "u" { authorization_type = "NONE" }\n'],
    "c/nested.yaml": [FILES["template.yaml"]],
    "a/.terraform/environment": ["prod"],
}


def lay(top: Path) -> None:
    (top / ".git").mkdir(parents=True)
    for name, text in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay(tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795770000")
    return tmp_path / "repository"


Scan = Callable[..., "tuple[int, str]"]


@pytest.fixture
def scan(capsys: pytest.CaptureFixture[str]) -> Scan:
    def ask(*arguments: str) -> tuple[int, str]:
        status = main(["scan", *arguments])
        return status, capsys.readouterr().out

    return ask


PLAIN = ("--no-cache", "--jobs", "1")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made of new pieces and answers, and what was used again."""
    made: list[str] = []
    keep, known, replay = Kept.keep, Kept.known, Kept.replay

    def kept(self: Kept, found: Any, seen: Any, *of: str) -> None:
        made.append(f"{of[0]} made")
        keep(self, found, seen, *of)

    def knows(self: Kept, *of: str) -> Any:
        found = known(self, *of)
        made.extend([f"{of[0]} used"] if found is not None else [])
        return found

    def replays(self: Kept, outlet: Any) -> int | None:
        status = replay(self, outlet)
        made.extend(["answer used"] if status is not None else [])
        return status

    monkeypatch.setattr(Kept, "keep", kept)
    monkeypatch.setattr(Kept, "known", knows)
    monkeypatch.setattr(Kept, "replay", replays)
    return made


FORMS = (
    (),
    ("--noise", "audit"),
    *(("--format", name) for name in ("json", "junit", "markdown", "csv", "gitlab", "ocsf")),
    ("--format", "sarif", "--no-fixes", "--noise", "strict"),
    ("--format", "asff", "--hub-account", "111122223333", "--hub-region", "eu-west-1"),
)


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_every_format_is_the_same_of_answers_of_pieces_and_of_processes(
    repository: Path, scan: Scan, counted: list[str], form: tuple[str, ...], tmp_path: Path
) -> None:
    cache = ("--cache", str(tmp_path / "cache"), "--jobs", "1")
    wanted = scan(*PLAIN, *form)
    assert scan(*cache, *form) == wanted
    assert "piece made" in counted and "answer used" not in counted
    counted.clear()
    assert scan(*cache, *form) == wanted
    assert counted == ["answer used"]
    counted.clear()
    status, text = scan(*cache, *form, "--fail-on", "never")
    assert (text, counted.count("piece used")) == (wanted[1], 4)
    assert status in (0, 3)


def test_proved_fixes_are_not_made_again(
    repository: Path, scan: Scan, counted: list[str], tmp_path: Path
) -> None:
    arguments = ("--format", "sarif", "--cache", str(tmp_path / "cache"))
    first = scan(*arguments)
    assert scan(*arguments) == first
    assert counted == ["answer used"]
    assert first == scan("--format", "sarif", "--no-cache")


def test_an_answer_has_the_time_of_its_scan(
    repository: Path, scan: Scan, counted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("json", "markdown", "junit"):
        arguments = ("--format", form, "--cache", str(tmp_path / "cache"))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795770000")
        scan(*arguments)
        counted.clear()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795770099")
        later = scan(*arguments)
        assert later == scan("--format", form, *PLAIN)
        assert ("answer used" in counted) == (form != "junit")


def test_another_day_is_another_question(
    repository: Path, scan: Scan, counted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan("--cache", str(tmp_path / "cache"))
    counted.clear()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795770000 + 86_400))
    scan("--cache", str(tmp_path / "cache"))
    assert not [one for one in counted if one.endswith("used")]


@pytest.mark.parametrize("file", ["a/main.tf", "a/src/.env", "a/terraform.tfvars", "a/trust.json"])
def test_one_change_costs_one_input(
    repository: Path, scan: Scan, counted: list[str], tmp_path: Path, file: str
) -> None:
    cache = ("--cache", str(tmp_path / "cache"), "--jobs", "1")
    scan(*cache)
    counted.clear()
    (repository / file).write_text(TEXTS[file][-1])
    assert scan(*cache) == scan(*PLAIN)
    assert (counted.count("piece used"), counted.count("piece made")) == (3, 1)


OPTIONS: Sequence[tuple[str, ...]] = (
    (),
    ("--format", "json"),
    ("--noise", "audit", "--format", "json"),
    ("--var", "memory=128", "--var", "nobody=1", "--format", "json"),
    ("--control", "public-function-url"),
    ("--package", "*=a/src", "--format", "json"),
)

EDITS = st.one_of(
    *(st.tuples(st.just(name), st.sampled_from([*texts, None])) for name, texts in TEXTS.items()),
    st.tuples(st.just("TF_VAR_stage"), st.sampled_from(["prod", "test", None])),
    st.tuples(st.just("TF_WORKSPACE"), st.sampled_from(["w", None])),
)


@given(st.lists(st.tuples(EDITS, st.sampled_from(OPTIONS)), min_size=2, max_size=5))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_edited_no_answer_is_stale(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    steps: list[tuple[tuple[str, str | None], tuple[str, ...]]],
) -> None:
    top = tmp_path_factory.mktemp("edited")
    lay(top / "r")

    def ask(*arguments: str) -> tuple[int, str, str]:
        status = main(["scan", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top / "r")
        patch.setenv("SOURCE_DATE_EPOCH", "1795770000")
        for (name, text), options in steps:
            if name.startswith("TF_"):
                patch.delenv(name, raising=False)
                if text is not None:
                    patch.setenv(name, text)
            elif text is None:
                Path(name).unlink(missing_ok=True)
            else:
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_text(text)
            wanted = ask(*PLAIN, *options)
            cache = ("--cache", str(top / "cache"), "--jobs", "1")
            assert ask(*cache, *options) == wanted
            assert ask(*cache, *options) == wanted


# ---------------------------------------------------------------------------------- where it is kept


def test_nothing_is_kept_where_that_is_not_wanted(
    repository: Path, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("STOCKADE_CACHE", "")
    scan()
    monkeypatch.delenv("STOCKADE_CACHE")
    scan("--no-cache")
    assert not (tmp_path / "xdg").exists() and not (tmp_path / "home").exists()
    scan()
    assert (tmp_path / "xdg" / "stockade" / "v1").is_dir()
    monkeypatch.delenv("XDG_CACHE_HOME")
    scan()
    assert (tmp_path / "home" / ".cache" / "stockade" / "v1").is_dir()


def test_a_cache_that_others_may_write_is_refused_or_unused(
    repository: Path, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: list[str]
) -> None:
    open_one = tmp_path / "xdg" / "stockade"
    open_one.mkdir(parents=True)
    open_one.chmod(0o777)
    assert scan("--cache", str(open_one))[0] == 2
    monkeypatch.delenv("STOCKADE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert scan() == scan(*PLAIN)
    assert counted == [] and not list(open_one.iterdir())
    assert scan("--cache", "x", "--no-cache")[0] == 2


def test_no_secret_is_kept_that_is_not_shown(repository: Path, scan: Scan, tmp_path: Path) -> None:
    from stockade.cache.entries import Entries

    cache = tmp_path / "cache"
    for form in ((), ("--format", "json"), ("--format", "sarif"), ("--noise", "audit", "--fail-on", "never")):
        scan("--cache", str(cache), *form)
    entries = [path for path in (cache / "v1").rglob("*") if path.is_file()]
    assert len(entries) > 5
    for path in entries:
        found = Entries(cache).get(path.name)
        assert found is not None
        text = repr(found)
        assert "0123456789abcdefghij" not in text and "9876543210abcdefghij" not in text


@pytest.mark.parametrize("document", [1, {}, {"seen": {}}, {"seen": {}, "found": {"sources": [["f", "/x"]]}}])
def test_an_entry_that_is_no_answer_is_none(
    repository: Path, scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: Any
) -> None:
    from stockade.cache.entries import Entries

    wanted = scan(*PLAIN)
    get = Entries.get
    monkeypatch.setattr(Entries, "get", lambda self, name: get(self, name) and (document, []))
    for _ in range(2):
        assert scan("--cache", str(tmp_path / "cache")) == wanted


# ------------------------------------------------------------------------------------ several processes

CRASHING = """
import json, os, signal, sys
sys.path[:] = json.loads(sys.argv[1])
from stockade.cli import worker
usual = worker._Work.answer
def answer(self, what, index, *rest):
    if what == "piece" and self._found.places[index].root.name == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(self, what, index, *rest)
worker._Work.answer = answer
worker.main()
"""


@pytest.mark.parametrize(
    "form", [(), ("--format", "json", "--var", "memory=1", "--var", "typo=2")], ids=" ".join
)
def test_several_processes_find_the_same(
    repository: Path, scan: Scan, counted: list[str], tmp_path: Path, form: tuple[str, ...]
) -> None:
    wanted = scan(*PLAIN, *form)
    assert scan("--no-cache", "--jobs", "2", *form) == wanted
    assert scan("--cache", str(tmp_path / "cache"), "--jobs", "2", *form) == wanted
    assert counted.count("piece made") == 4
    counted.clear()
    assert scan("--cache", str(tmp_path / "cache"), *form, "--fail-on", "never")[1] == wanted[1]
    assert counted.count("piece used") == 4


def test_a_killed_process_is_one_input_that_was_not_read(
    repository: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = scan(*PLAIN)[1]
    monkeypatch.setattr(stockade.cli.pool, "_START", CRASHING)
    status, text = scan("--jobs", "2", "--no-cache", "--fail-on", "never")
    assert status == 3
    assert "the process that read it was ended by signal 9 (SIGKILL)" in text
    assert "SIGKILL" not in wanted
    assert "a-dev" in text


def test_an_interruption_ends_all_processes(
    repository: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    usual = stockade.cli.pool._Process.__init__

    def start(self: Any) -> None:
        usual(self)
        started.append(self._popen)

    def interrupted(self: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(stockade.cli.pool._Process, "__init__", start)
    monkeypatch.setattr(stockade.cli.pool._Process, "answer", interrupted)
    assert scan("--jobs", "2", "--no-cache")[0] == 130
    assert started and all(one.returncode is not None for one in started)


def test_what_is_scanned_is_not_imported(repository: Path, scan: Scan) -> None:
    wanted = scan(*PLAIN)
    trap = "import pathlib; pathlib.Path('TRAPPED').write_text('')"
    for name in ("json", "pickle", "stockade", "yaml", "selectors", "sitecustomize"):
        (repository / f"{name}.py").write_text(trap)
    assert scan("--jobs", "2", "--no-cache") == wanted
    assert not (repository / "TRAPPED").exists()


def test_a_wrong_variable_file_is_told_as_ever(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.json").write_text('[{"ParameterKey": "A", "ParameterValue": {}}]')
    told = []
    for jobs in ("1", "2"):
        assert main(["scan", "--no-cache", "--jobs", jobs, "--var-file", "wrong.json"]) == 2
        told.append(capsys.readouterr().err)
    assert told[0] == told[1] and "wrong.json" in told[0]


def test_small_scans_start_no_process(repository: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stockade.cli.pool, "Pool", lambda *_: pytest.fail("it started one"))
    scan("--no-cache")


def test_how_many_processes_pay() -> None:
    share = stockade.cli.pool.SHARE
    assert stockade.cli.pool.number(None, share) == 1
    assert stockade.cli.pool.number(None, 1000 * share) <= stockade.cli.pool.MOST
    assert stockade.cli.pool.number(3, 0) == (3 if os.name == "posix" and sys.executable else 1)
