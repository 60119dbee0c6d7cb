"""From paths to worlds: which root modules, from which tree, under which names, in which order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.errors import BudgetExceeded, UsageError
from stockade.model.trial import Matter
from stockade.read.inputs import Input, Options, read_all
from stockade.read.terraform import reader
from stockade.value import Known

FUNCTION = """
variable "name" {
  default = "none"
}
resource "aws_lambda_function" "f" {
  function_name = var.name
  role          = "arn:aws:iam::123456789012:role/f"
}
"""


def write(root: Path, *paths: str, text: str = FUNCTION) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def read(
    here: Path, *paths: str, calls: list[tuple[int, int, str]] | None = None, **options: object
) -> list[Input]:
    settings: dict[str, Any] = {"variables": {}, "variable_files": (), "environment": {}} | options
    seen: list[tuple[int, int, str]] = [] if calls is None else calls
    return list(
        read_all(
            [Path(one) for one in paths],
            Options(here, **settings),
            lambda done, total, next_one: seen.append((done, total, next_one)),
        )
    )


def test_every_root_module_below_a_path_is_an_input(tmp_path: Path) -> None:
    write(tmp_path, "b/main.tf", "a/main.tf", "a/deep/down/main.tf")
    calls: list[tuple[int, int, str]] = []
    found = read(tmp_path, ".", calls=calls)
    assert [(one.kind, one.path) for one in found] == [
        ("terraform", "a"),
        ("terraform", "a/deep/down"),
        ("terraform", "b"),
    ]
    assert [one.resources for one in found] == [1, 1, 1]
    assert [one.world.functions[0].address for one in found] == ["aws_lambda_function.f"] * 3
    assert calls == [(0, 3, "a"), (1, 3, "a/deep/down"), (2, 3, "b"), (3, 3, "")]


def test_paths_keep_their_order_and_what_two_of_them_reach_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "b/main.tf", "a/main.tf")
    assert [one.path for one in read(tmp_path, "b", "a", ".", "a/../b")] == ["b", "a"]


def test_a_file_stands_for_its_directory(tmp_path: Path) -> None:
    write(tmp_path, "infra/main.tf")
    assert [one.path for one in read(tmp_path, "infra/main.tf")] == ["infra"]
    assert [one.path for one in read(tmp_path / "infra", "main.tf")] == ["."]


def test_places_are_shown_from_here_or_else_from_the_path(tmp_path: Path) -> None:
    write(tmp_path, "project/infra/main.tf")
    (tmp_path / "elsewhere").mkdir()

    def place(here: str, path: str) -> str:
        (one,) = read(tmp_path / here, path)
        origin = one.world.functions[0].origin
        return str(origin.span.path)  # type: ignore[union-attr]

    assert place("project", "infra") == "infra/main.tf"
    assert place("project", ".") == "infra/main.tf"
    assert place("elsewhere", "../project") == "infra/main.tf"
    assert place("elsewhere", str(tmp_path / "project" / "infra")) == "main.tf"


def test_the_repository_around_a_path_may_be_read_and_nothing_beyond(tmp_path: Path) -> None:
    text = FUNCTION.replace("var.name", 'file("../name.txt")')
    write(tmp_path, "repository/infra/main.tf", text=text)
    write(tmp_path, "repository/name.txt", text="inside")

    def name() -> object:
        (one,) = read(tmp_path, "repository/infra")
        value = one.world.functions[0].name
        return value.value if isinstance(value, Known) else None

    assert name() is None
    (tmp_path / "repository" / ".git").mkdir()
    assert name() == "inside"


def test_variables_reach_the_reader(tmp_path: Path) -> None:
    write(tmp_path, "main.tf")
    write(tmp_path, "x.tfvars", text='name = "from a file"\n')

    def name(**options: Any) -> object:
        (one,) = read(tmp_path, ".", **options)
        value = one.world.functions[0].name
        assert isinstance(value, Known)
        return value.value

    assert name() == "none"
    assert name(environment={"TF_VAR_name": "from the environment"}) == "from the environment"
    assert name(variable_files=(Path("x.tfvars"),)) == "from a file"
    assert name(variables={"name": "given"}) == "given"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nope", "`nope` does not exist"),
        ("empty", "there is nothing to scan in `empty`"),
        ("notes.txt/x", "`notes.txt/x` does not exist"),
    ],
)
def test_a_path_with_nothing_to_read_is_an_error(tmp_path: Path, path: str, message: str) -> None:
    write(tmp_path, "infra/main.tf")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").touch()
    calls: list[tuple[int, int, str]] = []
    with pytest.raises(UsageError) as caught:
        read(tmp_path, "infra", path, calls=calls)
    assert caught.value.message == message
    assert caught.value.help
    assert calls == [], "nothing is read when one of the paths is wrong"


def test_a_variable_that_nobody_declares_is_said_once(tmp_path: Path) -> None:
    write(tmp_path, "a/main.tf", "b/main.tf")
    first, second = read(tmp_path, ".", variables={"nmae": "x", "name": "y"})
    assert [(gap.what, gap.help) for gap in first.world.gaps] == [
        ("the value of `nmae` was not used", "did you mean `name`?")
    ]
    assert second.world.gaps == ()


def test_a_variable_file_must_exist(tmp_path: Path) -> None:
    write(tmp_path, "main.tf")
    with pytest.raises(UsageError, match=r"`x\.tfvars` does not exist"):
        read(tmp_path, ".", variable_files=(Path("x.tfvars"),))


def test_an_input_that_is_too_much_is_a_gap_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/main.tf", "b/main.tf")
    real = reader.read

    def limited(root: Path, *rest: Any, **options: Any) -> object:
        if root.name == "a":
            raise BudgetExceeded("evaluating it takes more steps than a scan allows")
        return real(root, *rest, **options)

    monkeypatch.setattr(reader, "read", limited)
    first, second = read(tmp_path, ".")
    assert first.world.functions == ()
    assert [(gap.what, gap.reason) for gap in first.world.gaps] == [
        ("`a`", "evaluating it takes more steps than a scan allows")
    ]
    assert len(second.world.functions) == 1


ALARM = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
%s
}
"""


@pytest.mark.parametrize(
    ("dimensions", "found"),
    [
        ('  dimensions = { FunctionName = "orders" }', 1),
        ("  dimensions = { FunctionName = var.function }", 1),
        ("", 1),
        ('  dimensions = { FunctionName = "own" }', 0),
        ("  dimensions = { FunctionName = aws_lambda_function.own.function_name }", 0),
    ],
)
def test_alarms_of_other_roots_that_may_be_on_functions_here_are_known(
    tmp_path: Path, dimensions: str, found: int
) -> None:
    function = 'resource "aws_lambda_function" "%s" {\n  function_name = "%s"\n  role = "r"\n}\n'
    for name, text in (
        ("app", function % ("orders", "orders")),
        ("watching", function % ("own", "own") + 'variable "function" {}\n' + ALARM % dimensions),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    app, watching = read_all([Path()], Options(tmp_path, {}, (), {}), lambda *_: None)
    assert len(app.world.elsewhere) == found
    assert watching.world.elsewhere == ()
    sight = app.world.watch_elsewhere.over(app.world.functions[0], Matter.ERRORS)
    assert (sight is not None) == bool(found)


def test_a_variable_file_that_no_kind_of_input_takes_is_said(tmp_path: Path) -> None:
    write(tmp_path, "main.tf")
    write(tmp_path, "p.json", text='[{"ParameterKey": "name", "ParameterValue": "x"}]')
    (one,) = read(tmp_path, ".", variable_files=(Path("p.json"),))
    assert [(gap.what, gap.reason) for gap in one.world.gaps] == [
        ("`p.json` was not used", "it is a variable file for another kind of input")
    ]
