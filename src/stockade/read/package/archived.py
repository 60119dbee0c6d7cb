"""What Terraform's ``archive_file`` packs: a directory, a file, or texts of the configuration."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from stockade.model.package import Form, Package
from stockade.read.files import Tree, Unreadable
from stockade.read.package.globs import fits
from stockade.read.package.listing import Absent, Gathered, without
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value, elements_of, places

TOOL = "archive_file"


def package(tree: Tree, base: Path, made: Resource) -> Package:
    """The files of an archive before it is made. Raises ``Unreadable`` where they cannot be told."""
    get = made.attributes.get
    gathered = Gathered(tree)
    source_dir = _text(get("source_dir"), "its `source_dir`")
    source_file = _text(get("source_file"), "its `source_file`")
    if source_dir is not None:
        folder = base / source_dir
        keep = without(fits(one) for one in _excludes(get("excludes")))
        try:
            gathered.directory(folder, keep)
        except Unreadable as error:
            raise _unread(tree, folder, error) from None
        if not gathered.entries and not gathered.troubles:
            raise Absent(folder)  # an archive of nothing is no package: a build fills the directory first
        return gathered.package(Form.DIRECTORY, tree.shown(folder), "", made.origin, TOOL)
    if source_file is not None:
        file = base / source_file
        try:
            gathered.file(file, posixpath.basename(source_file))
        except Unreadable as error:
            raise _unread(tree, file, error) from None
        return gathered.package(Form.DIRECTORY, tree.shown(file), "", made.origin, TOOL)
    _texts(gathered, get)
    shown = _text(get("output_path"), "its `output_path`") or made.address
    return gathered.package(Form.DIRECTORY, shown, f"{shown}/", made.origin, TOOL)


def _unread(tree: Tree, path: Path, error: Unreadable) -> Unreadable:
    if error.message in ("there is no such directory", "there is no such file"):
        return Absent(path)
    return Unreadable(f"`{tree.shown(path)}`, of which it is made, was not read: {error.message}")


def _texts(gathered: Gathered, get: Any) -> None:
    """``source_content``, and ``source`` blocks."""
    content, name = get("source_content"), get("source_content_filename")
    if content is not None and name is not None:
        _written(gathered, name, content)
    blocks = get("source")
    if isinstance(blocks, Unknown):
        raise Unreadable(f"what it is made of is not known: {blocks.reason}")
    for block in blocks.value if blocks is not None else ():
        if isinstance(block, Unknown):
            raise Unreadable(f"what it is made of is not known: {block.reason}")
        _written(gathered, block.value.get("filename"), block.value.get("content"))


def _written(gathered: Gathered, name: Value[Any] | None, content: Value[Any] | None) -> None:
    path = _text(name, "the name of a file in it")
    text = _text(content, f"the content of `{path}`")
    if path is None or text is None:
        raise Unreadable("a file in it has no name or no content")
    shown = next((one.span.path for one in places(content.origin)), None) if content is not None else None
    gathered.written(posixpath.normpath(path), text.encode("utf-8", "surrogatepass"), shown)


def _excludes(value: Value[Any] | None) -> list[str]:
    if value is None or (isinstance(value, Known) and value.value is None):
        return []
    elements = elements_of(value)
    if elements is None:
        raise Unreadable(f"what it excludes is not known: {value.reason if isinstance(value, Unknown) else ''}")
    out = []
    for one in elements:
        if isinstance(one, Unknown):
            raise Unreadable(f"what it excludes is not known: {one.reason}")
        out.append(str(one.value))
    return out


def _text(value: Value[Any] | None, what: str) -> str | None:
    match value:
        case None | Known(None) | Known(""):
            return None
        case Known(found):
            return str(found)
        case Unknown() as why:
            raise Unreadable(f"{what} is not known: {why.reason}")
