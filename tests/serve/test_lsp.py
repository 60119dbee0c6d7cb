"""The language server, in sessions of a real client over standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types

from stockade.serve.positions import edits, position
from stockade.source import Source
from tests.serve.editor import ABLE, Editor, applied, editing

STACK = """\
variable "auth" {
  default = "NONE"
}

# Ein Aufruf von draußen, 🙂 und mehr
resource "aws_lambda_function_url" "hook" {
  function_name      = "hook" /* 🙂 */
  authorization_type = var.auth
}

resource "aws_lambda_function" "hook" {
  function_name = "hook"
  role          = "arn:aws:iam::123456789012:role/hook"
  runtime       = "python3.13"
  handler       = "app.handler"
}
"""
URL = "public-function-url"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(STACK)
    return tmp_path


def _session(
    folder: Path | None,
    talk: Callable[[Editor], Awaitable[None]],
    capabilities: types.ClientCapabilities = ABLE,
) -> None:
    async def main() -> None:
        async with editing(folder, capabilities) as editor:
            await talk(editor)

    asyncio.run(asyncio.wait_for(main(), 120))


def _of(editor: Editor, file: Path, code: str) -> types.Diagnostic:
    return next(one for one in editor.published[file.as_uri()] if one.code == code)


def test_findings_follow_what_is_typed_and_fixes_are_proved_edits(project: Path) -> None:
    file = project / "main.tf"

    async def talk(editor: Editor) -> None:
        await editor.until(lambda: URL in editor.codes(file))  # nothing is open: what is on the disk
        found = _of(editor, file, URL)
        assert found.severity is types.DiagnosticSeverity.Error and found.source == "stockade"
        assert found.range == types.Range(types.Position(1, 12), types.Position(1, 18))
        related = found.related_information or []
        assert any(one.location.range.start.line == 5 for one in related)

        editor.open(file)
        page = await editor.hover(file, types.Position(1, 14))
        assert "decides it" in page and "## What it does not see" in page
        assert await editor.hover(file, types.Position(0, 0)) == ""

        # As one types: the finding goes with the text, and comes back, and nothing is saved.
        editor.type(file, STACK.replace('"NONE"', '"AWS_IAM"'))
        await editor.until(lambda: URL not in editor.codes(file))
        editor.type(file, STACK.replace('  default = "NONE"\n', ""))
        await editor.until(lambda: URL in editor.codes(file))
        assert _of(editor, file, URL).severity is types.DiagnosticSeverity.Information
        assert "Not decided" in _of(editor, file, URL).message
        editor.type(file, "\n" + STACK)
        await editor.until(lambda: URL in editor.codes(file) and "Not" not in _of(editor, file, URL).message)
        assert _of(editor, file, URL).range.start.line == 2

        offered = await editor.actions(file, _of(editor, file, URL))
        wanted = next(one for one in offered if one.title == "stockade: require IAM authentication")
        assert wanted.edit is None  # proved once somebody wants it
        made = (await editor.client.code_action_resolve_async(wanted)).edit
        assert made is not None and made.document_changes is not None
        (change,) = made.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (file.as_uri(), 4)
        text = applied("\n" + STACK, [one for one in change.edits if isinstance(one, types.TextEdit)])
        assert text == "\n" + STACK.replace('"NONE"', '"AWS_IAM"')
        editor.type(file, text)
        await editor.until(lambda: URL not in editor.codes(file))
        gone = await editor.client.code_action_resolve_async(wanted)
        assert gone.edit is None and "the finding is gone" in editor.said[-1]
        assert file.read_text() == STACK

    _session(project, talk)


def test_an_editor_that_cannot_wait_gets_edits_at_once(project: Path) -> None:
    file = project / "main.tf"

    async def talk(editor: Editor) -> None:
        await editor.until(lambda: URL in editor.codes(file))
        offered = await editor.actions(file, _of(editor, file, URL))
        made = [one for one in offered if one.edit is not None]
        assert made and all(one.edit and one.edit.changes for one in made)
        assert {one.title for one in offered} == {one.title for one in made}

    _session(project, talk, types.ClientCapabilities())


def test_what_cannot_be_read_is_told(project: Path) -> None:
    file, config = project / "main.tf", project / "stockade.toml"

    async def talk(editor: Editor) -> None:
        await editor.until(lambda: URL in editor.codes(file))
        editor.open(file)
        editor.type(file, STACK + '\nresource "aws_lambda_function" "half" {\n  function_name = \n')
        await editor.until(lambda: "not-read" in editor.codes(file))
        assert URL in editor.codes(file)  # its neighbours are read all the same
        config.write_text("nois = 1\n")
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), types.FileChangeType.Created)])
        )
        await editor.until(lambda: any("there is no key `nois`" in one for one in editor.said))
        await editor.until(lambda: not editor.codes(file))  # nothing out of date is left standing
        config.unlink()
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), types.FileChangeType.Deleted)])
        )
        await editor.until(lambda: URL in editor.codes(file))

    _session(project, talk)


def test_a_file_without_a_folder_is_scanned_by_itself(project: Path) -> None:
    file = project / "main.tf"

    async def talk(editor: Editor) -> None:
        editor.open(file, STACK)
        await editor.until(lambda: URL in editor.codes(file))

    _session(None, talk)


def test_a_buffer_stands_for_a_file_wherever_it_is_read(project: Path) -> None:
    """A module's file that only another file names, and a template whose function is written elsewhere."""
    (project / "main.tf").write_text('module "m" {\n  source = "./m"\n}\n')
    inner = project / "m" / "inner.tf"
    inner.parent.mkdir()
    inner.write_text(STACK.replace('"NONE"', '"AWS_IAM"'))

    async def talk(editor: Editor) -> None:
        await editor.until(lambda: editor.published)
        assert URL not in editor.codes(inner)
        editor.open(inner, STACK)
        await editor.until(lambda: URL in editor.codes(inner))
        for number in range(3):
            editor.type(inner, STACK + "\n" * number)
        editor.type(inner, STACK.replace('"NONE"', '"AWS_IAM"'))
        await editor.until(lambda: URL not in editor.codes(inner))

    _session(project, talk)


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 6), ("utf-16", 3), ("utf-32", 2)])
def test_positions_count_in_the_units_that_were_agreed(encoding: str, column: int) -> None:
    data = "a\nü🙂x\n".encode()
    assert position(Source("f", data), data.index(b"x"), encoding) == types.Position(1, column)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\n", "a\nc\n"),
        ("a", "b"),
        ("", "x\n"),
        ("x\n", ""),
        ("🙂a\nb", "🙂a\nb\nc"),
        ("a\r\nb\r\n", "a\r\n"),
    ],
)
def test_edits_make_the_new_text_of_the_old(old: str, new: str) -> None:
    assert applied(old, list(edits(old.encode(), new.encode()))) == new
