"""What a CDK assembly says beside a template: constructs' paths by logical ID, and where code was staged.

Templates have both in their ``Metadata`` when the CDK's command line made them; other ways to synthesise
leave them to the files beside: ``manifest.json`` and ``<stack>.assets.json``. Which of these are there
differs, so that nothing is told of one that is missing; one that is there and cannot be read is a problem.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from copy import copy
from pathlib import Path
from typing import Any, Final

from stockade.model.aside import Aside
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.cloudformation.json_nodes import parse_json
from stockade.read.cloudformation.nodes import BrokenError, Node, Problem, member, scalars, span
from stockade.read.files import Tree, Unreadable
from stockade.read.walk import MANIFEST, TESTED
from stockade.source import Source, Span
from stockade.value import Written

SYNTHESISE: Final = "run `cdk synth` again"
"""What to do about a file of an assembly that is broken: nobody writes it by hand."""
_DIRECTORY: Final = "cdk.out"
"""What the CDK calls the directory of an assembly, and a file in each."""
_ENDING: Final = ".template.json"
_HASH: Final = lazy_regex(r"([0-9a-f]{32,64})(?:\.[a-z]+)?$")


class _BrokenFile(Exception):
    """A file of an assembly is no JSON object, for a problem's message, at a place."""

    def __init__(self, message: str, place: Span) -> None:
        super().__init__(message)
        self.message, self.place = message, place


def broken_manifest(directory: Path, files: Collection[str], tree: Tree) -> Path | None:
    """The manifest among the ``files`` of an assembly, if it does not say which stacks are there."""
    if MANIFEST not in files or (directory.name != _DIRECTORY and _DIRECTORY not in files):
        return None
    path = directory / MANIFEST
    return path if why_broken(path, tree) else None


def why_broken(path: Path, tree: Tree) -> str:
    """Why a manifest cannot be read, empty if it can be."""
    try:
        _object(tree.read(path))
    except Unreadable as error:
        return error.message
    except _BrokenFile as error:
        return error.message
    return ""


def tested(directory: Path, tree: Tree) -> Aside | None:
    """Whether an assembly is what an integration test of the CDK deploys, as its own tool keeps it."""
    try:
        found = member(parse_json(tree.read(directory / TESTED), []), "testCases")
    except (Unreadable, BrokenError):
        return None
    what = "is what an integration test of the CDK deploys and takes away again"
    return Aside(what, Written(span(found))) if found is not None else None


class Assembly:
    """The files beside one template; empty where there are none, or none that can be read.

    ``problems`` are the files that are there and could not be read.
    """

    def __init__(self, template: Path, tree: Tree) -> None:
        self._directory = template.parent
        self._tree = tree
        self.problems: list[Problem] = []
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
        path = self._directory / name
        if not looked.is_there(path):
            return {}
        what = f"what `{self._tree.shown(path)}` says of constructs and their code"
        try:
            return _object(self._tree.read(path))
        except Unreadable as error:
            at = Span(Source(self._tree.shown(path), b""), 0, 0)
            self.problems.append(Problem(what, error.message, at, error.help))
        except _BrokenFile as error:
            self.problems.append(Problem(what, error.message, error.place, SYNTHESISE))
        return {}


def _object(source: Source) -> dict[str, Any]:
    """The JSON object in a file. Raises ``_BrokenFile``."""
    try:
        found = json.loads(source.data)
    except (ValueError, RecursionError):
        try:
            parse_json(source, [])
        except BrokenError as error:
            raise _BrokenFile(error.message, error.place) from None
        raise _BrokenFile("it is no JSON that can be read", Span(source, 0, 0)) from None
    if not isinstance(found, dict):
        raise _BrokenFile("it is no JSON object", Span(source, 0, 0))
    return found
