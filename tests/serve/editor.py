"""An editor for tests: a real client of the Language Server Protocol, and a server in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60.0
"""Seconds after which a server that says nothing is taken for one that hangs."""

LAZY = types.CodeActionClientCapabilities(
    data_support=True,
    disabled_support=True,
    resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
)
ABLE = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(code_action=LAZY),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)


class Editor:
    """What an editor knows: its documents, and what the server has published and said."""

    def __init__(self) -> None:
        self.client = LanguageClient("an-editor", "1")
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.said: list[str] = []
        self._versions: dict[str, int] = {}
        self._news = asyncio.Condition()

        async def published(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = list(params.diagnostics)
            async with self._news:
                self._news.notify_all()

        async def said(params: types.ShowMessageParams | types.LogMessageParams) -> None:
            await self._hear(params.message)

        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(said)
        self.client.feature(types.WINDOW_LOG_MESSAGE)(said)

    async def _hear(self, text: str) -> None:
        self.said.append(text)
        async with self._news:
            self._news.notify_all()

    async def until(self, wanted: Any) -> None:
        """Wait until something is so."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(wanted), PATIENCE)

    def codes(self, file: Path) -> set[str]:
        return {str(one.code) for one in self.published.get(file.as_uri(), ())}

    def open(self, file: Path, text: str | None = None) -> None:
        self._versions[file.as_uri()] = 1
        document = types.TextDocumentItem(file.as_uri(), "terraform", 1, text or file.read_text())
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def type(self, file: Path, text: str) -> None:
        """Make a document hold another text, which is not saved."""
        uri = file.as_uri()
        self._versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def actions(self, file: Path, diagnostic: types.Diagnostic) -> list[types.CodeAction]:
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(file.as_uri()),
                diagnostic.range,
                types.CodeActionContext([diagnostic]),
            )
        )
        return [one for one in found or () if isinstance(one, types.CodeAction)]

    async def hover(self, file: Path, place: types.Position) -> str:
        found = await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(file.as_uri()), place)
        )
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""


@asynccontextmanager
async def editing(folder: Path | None, capabilities: types.ClientCapabilities = ABLE) -> AsyncIterator[Editor]:
    """An editor that has opened a folder, in a session with ``stockade lsp``."""
    editor = Editor()
    await editor.client.start_io(sys.executable, "-m", "stockade", "lsp", "--stdio")
    folders = [types.WorkspaceFolder(folder.as_uri(), folder.name)] if folder else None
    try:
        await asyncio.wait_for(
            editor.client.initialize_async(
                types.InitializeParams(capabilities, workspace_folders=folders, process_id=None)
            ),
            PATIENCE,
        )
        editor.client.initialized(types.InitializedParams())
        yield editor
        await asyncio.wait_for(editor.client.shutdown_async(None), PATIENCE)
        editor.client.exit(None)
    finally:
        stop: Callable[[], Awaitable[None]] = editor.client.stop
        await stop()


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """A text with edits made, as an editor makes them: positions count UTF-16 units."""
    lines = text.encode("utf-16-le").split("\n".encode("utf-16-le"))
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 2
    data = text.encode("utf-16-le")

    def offset(place: types.Position) -> int:
        return starts[place.line] + 2 * place.character

    for one in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        data = (
            data[: offset(one.range.start)] + one.new_text.encode("utf-16-le") + data[offset(one.range.end) :]
        )
    return data.decode("utf-16-le")
