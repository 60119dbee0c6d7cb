"""The Serverless Framework as a kind of input: an input is the file that configures a service."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from stockade.patterns import lazy_regex
from stockade.read.files import Tree, Unreadable
from stockade.read.kinds import Given
from stockade.read.looked import head
from stockade.read.resource import Reading
from stockade.read.serverless.programs import PROGRAMS
from stockade.read.walk import Folder

_YAML: Final = (".yml", ".yaml")
_OWN: Final = ("serverless.yml", "serverless.yaml")
"""The Framework's own names: a file that is called so needs no body, as one that was cut off has none."""

_SERVICE: Final = lazy_regex(rb"""^["']?service["']?[ \t]*:""", re.MULTILINE)
_PROVIDER: Final = lazy_regex(rb"""^["']?provider["']?[ \t]*:(?:[ \t]*["']?(\w+))?""", re.MULTILINE)
_NAME: Final = lazy_regex(rb"""^[ \t]+["']?name["']?[ \t]*:[ \t]*["']?([\w$-]+)""", re.MULTILINE)
_BODY: Final = lazy_regex(
    rb"""^["']?(?:functions|resources|frameworkVersion|plugins|custom)["']?[ \t]*:""", re.MULTILINE
)
_OTHERS: Final = (
    b"google",
    b"azure",
    b"openwhisk",
    b"kubeless",
    b"cloudflare",
    b"tencent",
    b"aliyun",
    b"fn",
    b"knative",
    b"spotinst",
)
_PROGRAM: Final = lazy_regex(rb"\bprovider\b[^;]{0,200}?\bname\b\s*:\s*['\"]aws['\"]", re.DOTALL)


class Kind:
    """Services below one tree."""

    name = "serverless"
    alone = False

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def find(self, folders: Sequence[Folder]) -> list[Path]:
        named = any(folder.named for folder in folders)
        return [
            folder.path / name
            for folder in folders
            for name in folder.files
            if _may_be(name, named) and is_service(folder.path / name)
        ]

    def repeated(self, roots: Sequence[Path]) -> Mapping[Path, Path]:
        return {}

    def read(self, root: Path, given: Given) -> Reading:
        from stockade.read.serverless import reader

        return reader.read(root, self._tree, variables=given.variables, environment=given.environment)

    def variables(self, root: Path) -> Collection[str]:
        from stockade.read.serverless.variables import names_in

        try:
            return {"stage", "region", *names_in(self._tree.read(root))}
        except Unreadable:
            return ()

    def takes(self, file: Path) -> bool:
        return False

    def sources(self, root: Path) -> Iterable[Path]:
        return (root,)


def _may_be(name: str, named: bool) -> bool:
    if name.startswith("serverless.") and name.endswith((".json", *PROGRAMS)):
        return True
    return name.endswith(_YAML) or (named and name.endswith(".json"))


def is_service(path: Path) -> bool:
    """Whether a file configures a service on AWS, told by its first bytes."""
    data = head(path)
    if path.name.endswith(PROGRAMS):
        return bool(_PROGRAM.search(data))
    if path.name.endswith(".json"):
        return b'"provider"' in data and b'"service"' in data and b'"aws"' in data
    if not _SERVICE.search(data) or not (path.name in _OWN or _BODY.search(data)):
        return False
    provider = _PROVIDER.search(data)
    if provider is None:
        return False
    inner = _NAME.search(data, provider.end())
    name = provider.group(1) or (inner.group(1) if inner else b"aws")
    return name not in _OTHERS
