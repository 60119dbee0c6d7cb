"""The language server: diagnostics as one types, pages and evidence on hovering, proved fixes as code actions.

Scans run in one thread beside the loop that speaks to the editor, one after the other. What was found for
buffers that have changed since is not shown: the next scan is on its way. Nothing is written; edits are the
editor's to make.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from stockade import __version__
from stockade.control import Control, Fix, Safety
from stockade.errors import NothingToScan
from stockade.patched import Outcome, Patch
from stockade.serve.positions import UTF_16, edits, holds, overlap, path_of, uri_of
from stockade.serve.project import Ask, Project
from stockade.serve.told import Shown, Words, can_be_made

T = TypeVar("T")

Opener: TypeAlias = Callable[[Path], Ask]
"""How a path is scanned: a folder of the editor's, or a file that lies in none of them."""

PAUSE: Final = 0.25
"""Seconds without a keystroke after which a scan begins."""

FIX_ALL: Final = types.CodeActionKind.SourceFixAll


class _Server:
    """One editor's session."""

    def __init__(self, opener: Opener, controls: Callable[[], Sequence[Control[Any]]]) -> None:
        self.protocol = LanguageServer("stockade", __version__, types.TextDocumentSyncKind.Incremental)
        self._opener = opener
        self._controls = controls
        self._projects: dict[Path, Project] = {}
        self._shown: dict[Path, dict[Path, list[Shown]]] = {}
        self._uris: dict[Path, str] = {}
        self._dirty: dict[Path, bool] = {}  # a project, and whether all of it is to be read anew
        self._timer: asyncio.Task[None] | None = None
        self._worker = ThreadPoolExecutor(1, "scan")
        self._turn = asyncio.Lock()
        self._said: dict[Path, str] = {}

    # -------------------------------------------------------------------------------- what is open

    def open(self, uri: str) -> None:
        path = self._known(uri)
        if path is None:
            return
        if not any(one == path or one in path.parents for one in self._projects):
            self._project(path)
        self._soon(path, whole=True)

    def _known(self, uri: str) -> Path | None:
        """The real path behind a URI, which is remembered as the editor's name for it."""
        written = path_of(uri)
        if written is None:
            return None
        path = Path(os.path.realpath(written))
        self._uris[path] = uri
        return path

    def folder(self, uri: str) -> None:
        written = path_of(uri)
        if written is not None:
            path = Path(os.path.realpath(written))
            self._project(path)
            self._soon(path, whole=True)

    def _project(self, path: Path) -> None:
        self._projects.setdefault(path, Project(path, self._opener(path)))

    def forget(self, uri: str) -> None:
        written = path_of(uri)
        path = Path(os.path.realpath(written)) if written else None
        if path in self._projects:
            del self._projects[path]
            self._publish(path, {})

    def close(self, uri: str) -> None:
        path = self._known(uri)
        if path is None:
            return
        self._uris.pop(path, None)
        self._soon(path, whole=True)
        if self._projects.get(path) is not None and path.is_file():
            self.forget(uri)

    def touch(self, uri: str, *, whole: bool) -> None:
        path = self._known(uri) if not whole else None
        written = path_of(uri)
        path = path or (Path(os.path.realpath(written)) if written else None)
        if path is not None:
            self._soon(path, whole=whole)

    def buffers(self) -> dict[Path, bytes]:
        """The documents that are open, by their real paths."""
        out: dict[Path, bytes] = {}
        for uri, document in self.protocol.workspace.text_documents.items():
            written = path_of(uri)
            if written is not None:
                out[Path(os.path.realpath(written))] = document.source.encode("utf-8", "replace")
        return out

    # -------------------------------------------------------------------------------------- scanning

    def _soon(self, path: Path, *, whole: bool) -> None:
        """Scan what holds a path once nothing has changed for a moment."""
        for one in self._projects:
            if one == path or one in path.parents:
                self._dirty[one] = self._dirty.get(one, False) or whole
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().create_task(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(PAUSE)
        # From here on it is not to be cancelled: a scan that has begun ends, and the next one follows.
        self._timer = None
        await self.settled()

    async def settled(self) -> None:
        """Scan all that has changed, and show it."""
        async with self._turn:
            while self._dirty:
                path, whole = self._dirty.popitem()
                project = self._projects.get(path)
                if project is not None:
                    await self._scan(path, project, whole)

    async def _scan(self, path: Path, project: Project, whole: bool) -> None:
        buffers = self.buffers()
        try:
            await self._beside(lambda: (project.read if whole else project.change)(buffers))
        except Exception as error:  # a defect of ours must not end the session: it is told, nothing is shown
            project.report = None
            what = f"{type(error).__name__}: {error}"
            self._say(path, f"stockade itself failed: {what}; this is a defect: please report it", True)
            self._publish(path, {})
            return
        if path in self._dirty:
            return  # it is out of date already
        if project.report is None:
            trouble = project.trouble
            empty = isinstance(trouble, NothingToScan)
            text = f"{trouble.message}; {trouble.help}" if trouble and trouble.help else str(trouble)
            self._say(path, f"not scanned: {text}", not empty)
            self._publish(path, {})
            return
        told = self._words(project).told()
        self._say(path, "\n".join(told.elsewhere), False)
        self._publish(path, {file: list(some) for file, some in told.files.items()})

    def _beside(self, work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _words(self, project: Project) -> Words:
        assert project.report is not None  # noqa: S101  (both callers have looked)
        return Words(project.report, project.inputs, self._encoding)

    @property
    def _encoding(self) -> str:
        return str(self.protocol.workspace.position_encoding or UTF_16)

    def _say(self, path: Path, text: str, loud: bool) -> None:
        """Tell what has no place in a file, once until something else is to be said."""
        if text == self._said.get(path, ""):
            return
        self._said[path] = text
        if text and loud:
            self.protocol.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))
        elif text:
            self.protocol.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))

    def _publish(self, project: Path, files: dict[Path, list[Shown]]) -> None:
        """Show what one project says; a file that several projects read has what all of them say."""
        gone = set(self._shown.get(project, ())) - set(files)
        self._shown[project] = files
        for path in sorted({*files, *gone}):
            some = [one.diagnostic for each in self._shown.values() for one in each.get(path, ())]
            unique = {(str(one.range), one.code, one.message): one for one in some}
            uri = self._uri(path)
            open = self.protocol.workspace.text_documents.get(uri)
            self.protocol.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, list(unique.values()), open.version if open else None)
            )

    def _uri(self, path: Path) -> str:
        return self._uris.get(path) or uri_of(path)

    # --------------------------------------------------------------------------------------- asking

    def _of(self, uri: str) -> Iterator[tuple[Project, Shown]]:
        """What is shown of a document, gaps aside, by which project."""
        written = path_of(uri)
        path = Path(os.path.realpath(written)) if written else Path()
        for one, files in self._shown.items():
            project = self._projects.get(one)
            for shown in files.get(path, ()):
                if shown.findings and project is not None and project.report is not None:
                    yield project, shown

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        await self.settled()
        found = [
            (project, shown)
            for project, shown in self._of(params.text_document.uri)
            if holds(shown.diagnostic.range, params.position)
        ]
        if not found:
            return None
        text = self._words(found[0][0]).hover([shown for _, shown in found], self._controls())
        narrowest = min((shown.diagnostic.range for _, shown in found), key=_size)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), narrowest)

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """A fix for what is found in the range, and all that are safe for the whole document."""
        await self.settled()
        uri, only = params.text_document.uri, params.context.only
        found = [shown for _, shown in self._of(uri)]
        out: list[types.CodeAction] = []
        for shown in found if _wanted(types.CodeActionKind.QuickFix, only) else ():
            if overlap(shown.diagnostic.range, params.range) and shown.fix is not None:
                out += self._offered(uri, shown, shown.fix)
        if _wanted(FIX_ALL, only) and any(_is_safe(one.fix) for one in found):
            data = {"uri": uri, "safe": True}
            out.append(types.CodeAction("stockade: make all safe fixes of this file", kind=FIX_ALL, data=data))
        if self._lazy:
            return out
        whole = [await self.resolve(one) for one in out]
        return [one for one in whole if one.edit is not None or one.disabled is not None]

    def _offered(self, uri: str, shown: Shown, fix: Fix) -> Iterator[types.CodeAction]:
        action = types.CodeAction(
            f"stockade: {fix.title}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[shown.diagnostic],
            data={"uri": uri, "fingerprints": [one.fingerprint for one in shown.findings]},
        )
        if can_be_made(fix):
            yield action
        elif self._shows_disabled:
            action.disabled = types.CodeActionDisabled("it needs to be decided by a person")
            yield action

    @property
    def _support(self) -> types.CodeActionClientCapabilities | None:
        document = self.protocol.client_capabilities.text_document
        return document.code_action if document else None

    @property
    def _lazy(self) -> bool:
        """Whether the editor asks for an edit once somebody wants it: proving one takes a scan or two."""
        support = self._support
        resolves = support.resolve_support if support and support.data_support else None
        return resolves is not None and "edit" in resolves.properties

    @property
    def _shows_disabled(self) -> bool:
        support = self._support
        return bool(support and support.disabled_support)

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """Make a fix in memory and prove it; without a proof there is no edit, and the reason is told."""
        data = action.data if isinstance(action.data, dict) else {}
        uri, given = str(data.get("uri", "")), data.get("fingerprints")
        if action.disabled is not None or not uri:
            return action
        await self.settled()
        found = [(project, one.fingerprint) for project, shown in self._of(uri) for one in shown.findings]
        wanted = {one for _, one in found if given is None or one in given}
        project = next((project for project, one in found if one in wanted), None)
        if project is None:
            self._refuse(action, "the finding is gone")
            return action
        safety = Safety.SAFE if data.get("safe") else Safety.REVIEW
        async with self._turn:
            patch = await self._beside(lambda: project.patch(lambda one: one.fingerprint in wanted, safety))
        if patch is None or not patch.files:
            reasons = [one.reason for one in patch.told if one.outcome is not Outcome.MADE] if patch else []
            self._refuse(action, next(filter(None, reasons), "nothing could be made of it"))
            return action
        action.edit = self._edit(patch)
        return action

    def _refuse(self, action: types.CodeAction, reason: str) -> None:
        if self._lazy:
            text = f"not fixed: {action.title.removeprefix('stockade: ')}: {reason}"
            self.protocol.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
        elif self._shows_disabled:
            action.disabled = types.CodeActionDisabled(reason)

    def _edit(self, patch: Patch) -> types.WorkspaceEdit:
        changes: list[types.TextDocumentEdit] = []
        for one in patch.files:
            uri = self._uri(one.path)
            open = self.protocol.workspace.text_documents.get(uri)
            document = types.OptionalVersionedTextDocumentIdentifier(uri, open.version if open else None)
            changes.append(types.TextDocumentEdit(document, list(edits(one.old, one.new, self._encoding))))
        workspace = self.protocol.client_capabilities.workspace
        support = workspace.workspace_edit if workspace else None
        if support is not None and support.document_changes:
            return types.WorkspaceEdit(document_changes=list(changes))
        plain = {
            one.text_document.uri: [e for e in one.edits if isinstance(e, types.TextEdit)] for one in changes
        }
        return types.WorkspaceEdit(changes=plain)

    def watch(self) -> None:
        """Ask the editor to tell of files that change beside it, where it can."""
        workspace = self.protocol.client_capabilities.workspace
        support = workspace.did_change_watched_files if workspace else None
        if support is not None and support.dynamic_registration:
            watchers = [types.FileSystemWatcher("**/*")]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wanted = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self.protocol.client_register_capability(types.RegistrationParams([wanted]))


def _wanted(kind: types.CodeActionKind, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether an action of a kind was asked for; a kind stands for all below it."""
    said = str(kind.value)
    return only is None or any(said == name or said.startswith(f"{name}.") for name in map(_name, only))


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _is_safe(fix: Fix | None) -> bool:
    return fix is not None and can_be_made(fix) and fix.safety is Safety.SAFE


def _size(range: types.Range) -> tuple[int, int]:
    return range.end.line - range.start.line, range.end.character - range.start.character


def server(opener: Opener, controls: Callable[[], Sequence[Control[Any]]]) -> LanguageServer:
    """A language server that has not begun to listen; ``controls`` loads those whose pages are shown."""
    session = _Server(opener, controls)
    out = session.protocol

    @out.feature(types.INITIALIZED)
    def _(params: types.InitializedParams) -> None:
        for folder in list(out.workspace.folders.values()):
            session.folder(folder.uri)
        if not out.workspace.folders and out.workspace.root_uri:
            session.folder(out.workspace.root_uri)
        session.watch()

    @out.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _(params: types.DidOpenTextDocumentParams) -> None:
        session.open(params.text_document.uri)

    @out.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _(params: types.DidChangeTextDocumentParams) -> None:
        session.touch(params.text_document.uri, whole=False)

    @out.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def _(params: types.DidSaveTextDocumentParams) -> None:
        session.touch(params.text_document.uri, whole=True)

    @out.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @out.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def _(params: types.DidChangeWatchedFilesParams) -> None:
        for one in params.changes:
            session.touch(one.uri, whole=True)

    @out.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def _(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for one in params.event.removed:
            session.forget(one.uri)
        for one in params.event.added:
            session.folder(one.uri)

    @out.feature(types.TEXT_DOCUMENT_HOVER)
    async def _(params: types.HoverParams) -> types.Hover | None:
        return await session.hover(params)

    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]

    @out.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds, None, resolve_provider=True))
    async def _(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await session.actions(params)

    @out.feature(types.CODE_ACTION_RESOLVE)
    async def _(params: types.CodeAction) -> types.CodeAction:
        return await session.resolve(params)

    return out
