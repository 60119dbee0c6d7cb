"""What a CDK assembly says beside a template: constructs' paths by logical ID, and where code was staged.

Templates have both in their ``Metadata`` when the CDK's command line made them; other ways to synthesise
leave them to the files beside: ``manifest.json`` and ``<stack>.assets.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.cloudformation.nodes import Node, scalars
from stockade.read.files import Tree, Unreadable

MANIFEST: Final = "manifest.json"
_ENDING: Final = ".template.json"
_HASH: Final = lazy_regex(r"([0-9a-f]{32,64})(?:\.[a-z]+)?$")


class Assembly:
    """The files beside one template; empty where there are none, or none that can be read."""

    def __init__(self, template: Path, tree: Tree) -> None:
        self._directory = template.parent
        self._tree = tree
        self.paths: Mapping[str, str] = {}
        self._assets: Mapping[str, Any] = {}
        if not template.name.endswith(_ENDING):
            return
        name = template.name.removesuffix(_ENDING)
        self.paths = self._paths(template.name, name)
        files = self._read(f"{name}.assets.json").get("files")
        self._assets = files if isinstance(files, dict) else {}

    @property
    def is_there(self) -> bool:
        """Whether the template lies in an assembly."""
        return bool(self.paths or self._assets)

    def for_nested(self) -> Assembly:
        """What it says for the template of a nested stack: nested twice, a logical ID may have two paths."""
        made = copy(self)
        made.paths = {}
        return made

    def asset(self, key: str) -> str | None:
        """The staged file or directory behind an object's key, relative to the template."""
        found = _HASH.search(key)
        entry = self._assets.get(found[1]) if found else None
        source = entry.get("source") if isinstance(entry, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        return path if isinstance(path, str) else None

    def nested(self, location: Node | None) -> str | None:
        """The template behind the URL of a nested stack, which has the hash of an asset in it."""
        for one in scalars(location):
            if (path := self.asset(one)) is not None:
                return path
        return None

    def _paths(self, file: str, name: str) -> dict[str, str]:
        """Logical ID -> the path of its construct, without the slash that it begins with."""
        artifacts = self._read(MANIFEST).get("artifacts")
        out: dict[str, str] = {}
        for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
            if not isinstance(artifact, dict):
                continue
            properties = artifact.get("properties")
            made = properties.get("templateFile") if isinstance(properties, dict) else None
            if made != file:
                continue
            metadata = artifact.get("metadata")
            if metadata is None and isinstance(beside := artifact.get("additionalMetadataFile"), str):
                metadata = self._read(beside)
            for path, entries in metadata.items() if isinstance(metadata, dict) else ():
                for entry in entries if isinstance(entries, list) else ():
                    if isinstance(entry, dict) and entry.get("type") == "aws:cdk:logicalId":
                        out[str(entry.get("data"))] = str(path).lstrip("/")
        return out

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self._tree.read(self._directory / name).data)
        except (Unreadable, ValueError, RecursionError):
            return {}  # nothing is lost but a name for people: the template itself is read
        return found if isinstance(found, dict) else {}
