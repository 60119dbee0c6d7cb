"""CloudFormation as a kind of input, with SAM and what the CDK writes: an input is the file of a template."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.kinds import Given
from stockade.read.looked import head
from stockade.read.resource import Reading
from stockade.read.walk import HEAD, MANIFEST, Folder

SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform")

_VERSION: Final = lazy_regex(rb"""^["']?AWSTemplateFormatVersion["']?[ \t]*:""", re.MULTILINE)
_SECTION: Final = lazy_regex(
    rb"""^["']?(?:Resources|Parameters|Mappings|Conditions|Transform|Globals|Metadata)["']?[ \t]*:""",
    re.MULTILINE,
)
_RESOURCES: Final = lazy_regex(rb"""^["']?Resources["']?[ \t]*:""", re.MULTILINE)
_TYPE: Final = lazy_regex(rb"""["']?Type["']?[ \t]*:[ \t]*["']?(?:AWS|Custom|Alexa)::""")
_IN_JSON: Final = lazy_regex(rb'(?<!\\)"(?:AWSTemplateFormatVersion|Resources)"\s*:')
_NESTED: Final = lazy_regex(
    rb"""(?:TemplateURL|Location|aws:asset:path)["']?[ \t]*:[ \t]*"""
    rb"""["']?([^\s"'{}:#]+\.(?:ya?ml|json|template))"""
)
_OF_CDK: Final = ".nested.template.json"
"""How the CDK calls templates of nested stacks."""


class Kind:
    """Templates below one tree."""

    name = "cloudformation"
    alone = False

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def find(self, folders: Sequence[Folder]) -> list[Path]:
        """Every template that no other one nests. Where all are nested, all are inputs.

        The broken manifest of an assembly without a template is one as well: what that holds nobody can tell.
        """
        found = [path for folder in folders for path in self._templates(folder)]
        nested = {inner for path in found for inner in self._nested(path)}
        nested |= {path for path in found if path.name.endswith(_OF_CDK)}
        top = [path for path in found if path not in nested] or found
        told = {path.parent for path in found}
        return [*top, *(path for one in folders if (path := self._unreadable(one)) and path.parent not in told)]

    def _unreadable(self, folder: Folder) -> Path | None:
        from stockade.read.cloudformation.cdk import broken_manifest

        return broken_manifest(folder.path, folder.files, self._tree) if MANIFEST in folder.files else None

    def _templates(self, folder: Folder) -> list[Path]:
        names = [name for name in folder.files if folder.named or name.lower().endswith(SUFFIXES)]
        paths = (folder.path / name for name in names if not name.startswith("."))
        return [Path(looked.real(path)) for path in paths if is_template(path)]

    def _nested(self, path: Path) -> set[Path]:
        try:
            data = self._tree.read(path).data
        except Unreadable:
            return set()  # reading it says why it cannot be
        inner = (match.group(1).decode("utf-8", "replace") for match in _NESTED.finditer(data))
        return {Path(looked.real(path.parent / one)) for one in inner} - {path}

    def repeated(self, roots: Sequence[Path]) -> Mapping[Path, Path]:
        """What packaging wrote of a template beside it."""
        if len(roots) < 2:
            return {}
        from stockade.read.cloudformation.packaged import outputs

        return outputs(roots, self._tree)

    def read(self, root: Path, given: Given) -> Reading:
        if root.name == MANIFEST:
            self._refuse(root)
        files = [file for file in given.variable_files if self.takes(file)]
        from stockade.read.cloudformation import reader

        return reader.read(root, self._tree, variables=given.variables, variable_files=files)

    def _refuse(self, manifest: Path) -> None:
        """Raises ``Unreadable`` for the manifest of an assembly that is broken."""
        from stockade.read.cloudformation.cdk import SYNTHESISE, why_broken

        if reason := why_broken(manifest, self._tree):
            raise Unreadable(f"{reason}; which stacks the assembly has is not known", help=SYNTHESISE)

    def variables(self, root: Path) -> Collection[str]:
        from stockade.read.cloudformation.parameters import PSEUDO
        from stockade.read.cloudformation.template import Template

        try:
            return (*Template(self._tree.read(root)).parameters.members, *PSEUDO)
        except Unreadable:
            return PSEUDO

    def takes(self, file: Path) -> bool:
        from stockade.read.cloudformation.parameters import takes

        return takes(file)

    def sources(self, root: Path) -> Iterable[Path]:
        return (root,)


def is_template(path: Path) -> bool:
    """Whether a file holds a template, told by its first bytes where these say enough."""
    data = head(path)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and _is_json(path.name):
        return bool(_IN_JSON.search(data)) and _holds_resources(path, data)
    if _VERSION.search(data):
        return True
    if not _SECTION.search(data):
        return False
    if _RESOURCES.search(data) and _TYPE.search(data):
        return True
    if len(data) < HEAD:
        return False
    data = head(path, 1_000_000)  # a long list of parameters or mappings may come first
    return bool(_RESOURCES.search(data) and _TYPE.search(data))


def _is_json(name: str) -> bool:
    return not name.lower().endswith((".yaml", ".yml"))


def _holds_resources(path: Path, data: bytes) -> bool:
    """Whether JSON has resources at its top; what is broken is left to the reader to tell."""
    if len(data) == HEAD:
        if re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:AWSTemplateFormatVersion|Resources|Transform)"', data):
            return True
        data = head(path, 20_000_000)
    try:
        document = json.loads(data)
    except ValueError:
        return b'"Resources"' in data and b"AWS::" in data
    except RecursionError:
        return True
    if not isinstance(document, dict):
        return False
    resources = document.get("Resources")
    if "AWSTemplateFormatVersion" in document:
        return True
    return isinstance(resources, dict) and any(
        isinstance(one, dict) and isinstance(one.get("Type"), str) and "::" in one["Type"]
        for one in resources.values()
    )
