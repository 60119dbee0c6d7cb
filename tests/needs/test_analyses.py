"""What source does is found out once for who asks again, and never for somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.needs import enrich
from stockade.needs.enrich import Analyses, enriched
from stockade.read.inputs import Input, Options, read_all

MAIN = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.f.output_path
}
data "archive_file" "f" {
  type        = "zip"
  source_dir  = "src"
  output_path = "f.zip"
}
"""
SOURCE = "import boto3\n\n\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n"


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The handlers that were analysed, one for each time."""
    done: list[str] = []
    real = enrich._with_inherited

    def counted(source: Source, files: Files) -> Source:
        done.append(str(source.handler))
        return real(source, files)

    monkeypatch.setattr(enrich, "_with_inherited", counted)
    return done


def _input(folder: Path) -> Input:
    (folder / "src").mkdir()
    (folder / "src" / "app.py").write_text(SOURCE)
    (folder / "main.tf").write_text(MAIN)
    (made,) = read_all([folder], Options(folder, {}, (), {}), lambda *_: None)
    return made


def _actions(source: Input, analyses: Analyses | None) -> set[str]:
    (needs,) = enriched(source.world, analyses).needs
    return {one.action for one in needs.learned.needed if one.direct and one.found == "source"}


def test_who_asks_again_is_told_again(tmp_path: Path, analysed: list[str]) -> None:
    source, analyses = _input(tmp_path), Analyses()
    assert source.tree is not None and source.again is not None
    assert _actions(source, analyses) == {"sqs:ListQueues"}
    other = source.again(source.tree.over({tmp_path / "main.tf": MAIN.replace('"f"\n', '"g"\n', 1).encode()}))
    assert _actions(other, analyses) == {"sqs:ListQueues"} and len(analysed) == 1
    changed = SOURCE.replace("list_queues()", "create_queue(QueueName='q')").encode()
    code = source.again(source.tree.over({tmp_path / "src" / "app.py": changed}))
    assert _actions(code, analyses) == {"sqs:CreateQueue"} and len(analysed) == 2


def test_nothing_is_kept_for_somebody_else(tmp_path: Path, analysed: list[str]) -> None:
    source = _input(tmp_path)
    assert _actions(source, None) == _actions(source, Analyses()) == {"sqs:ListQueues"}
    assert len(analysed) == 2


def test_names_within_what_a_file_exports_are_no_part_of_its_path() -> None:
    text = b"class Orders { static list() { return new (require('aws-sdk').S3)().listBuckets().promise(); } }\n"
    files = Files.of({"app.js": text + b"module.exports = { Orders };\n"})
    source = enrich.analysed(files, "app.Orders.list")
    assert source is not None
    assert [one.operation for one in source.calls if one.reached] == ["ListBuckets"]


def test_a_handler_in_two_languages_is_told_where_no_runtime_is_said() -> None:
    files = Files.of({"app.py": SOURCE.encode(), "app.js": b"exports.handler = () => 1;\n"})
    source = enrich.analysed(files, "app.handler")
    assert source is not None
    assert [one.operation for one in source.calls] == ["ListQueues"]
    assert [one.what for one in source.unfollowed] == ["`app.js`"]


def test_a_handler_in_two_files_of_one_language_is_not_told() -> None:
    files = Files.of(
        {"app.ts": b"export const handler = () => 1;\n", "app.js": b"exports.handler = () => 1;\n"}
    )
    source = enrich.analysed(files, "app.handler")
    assert source is not None and not source.unfollowed
