"""Small looks at a project, made once for all who ask: names in a directory, what a file of settings says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.settings_text import settings


def names_in(tree: Tree, folder: Path) -> Sequence[str]:
    """The names in a directory; none where there is no such directory, or nobody may look."""

    def listed() -> Sequence[str]:
        try:
            return looked.names(folder)
        except OSError:
            return ()

    names, seen = tree.across(f"names in {folder}", lambda: looked.made(listed))
    looked.again(seen)
    return names


def said_in(tree: Tree, path: Path) -> Mapping[str, Any]:
    """What a `package.json` or `tsconfig.json` says; nothing where it is not there or cannot be read.

    What would have followed of it is told where it is missed: at an import, or as a package that is not there.
    """
    try:
        source = tree.read(path)
    except Unreadable:
        return {}
    said: Mapping[str, Any] = tree.once("settings", source, lambda: settings(source.data))
    return said
