"""What ``sam package``, ``sam build`` and ``aws cloudformation package`` wrote of a template beside it.

Such an output has the functions of its source, with code that was sent to a bucket or copied to where the build
ran. Scanned beside the source it would have every function twice, and less would be known of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from stockade.patterns import lazy_regex
from stockade.read.cloudformation.nodes import BrokenError, Fields, Node, member, members, text
from stockade.read.cloudformation.template import parse
from stockade.read.files import Tree, Unreadable

_CODE: Final = {"AWS::Serverless::Function": ("CodeUri", "ImageUri"), "AWS::Lambda::Function": ("Code",)}
_BUILT: Final = "SamResourceId"
"""What ``sam build`` writes into the metadata of whatever it has built, and nobody else."""
_MADE: Final = lazy_regex(rb"""s3://|S3Bucket["']?\s*:\s*["']?[a-z0-9]|\.dkr\.ecr\.|SamResourceId""")
"""What an output has somewhere: all other templates are not parsed for this."""


def outputs(paths: Collection[Path], tree: Tree) -> Mapping[Path, Path]:
    """Of some templates those that a tool wrote of another one of them, with that.

    The source lies in the same directory or in one above, and all functions of the one are those of the other.
    """
    data = {path: found for path in paths if b"::Function" in (found := _data(path, tree))}
    made = [path for path, found in data.items() if len(data) > 1 and _MADE.search(found)]
    functions: dict[Path, Mapping[str, str]] = {}

    def of(path: Path) -> Mapping[str, str]:
        if path not in functions:
            functions[path] = _functions(path, tree)
        return functions[path]

    return {path: source for path in made for source in _above(path, data) if _made_of(of(path), of(source))}


def _above(path: Path, paths: Collection[Path]) -> Iterator[Path]:
    """The templates of which another one may be made."""
    return (one for one in paths if one != path and (one.parent == path.parent or one.parent in path.parents))


def _made_of(made: Mapping[str, str], source: Mapping[str, str]) -> bool:
    if not made or made.keys() != source.keys():
        return False
    moved = {(source[name], made[name]) for name in made if source[name] != made[name]}
    return bool(moved) and moved <= {("here", "sent"), ("here", "built")}


def _data(path: Path, tree: Tree) -> bytes:
    try:
        return tree.read(path).data
    except Unreadable:
        return b""  # reading it says why it cannot be


def _functions(path: Path, tree: Tree) -> Mapping[str, str]:
    """The functions of a template, each with where its code is; none for a template that cannot be read."""
    try:
        root = parse(tree.read(path), [])
    except (Unreadable, BrokenError):
        return {}
    everywhere = member(root, "Globals", "Function", "CodeUri")
    found = {}
    for name, one in members(member(root, "Resources")):
        kind = text(member(one, "Type"))
        if kind in _CODE:
            ways = [member(one, "Properties", key) for key in _CODE[kind]]
            code = next((way for way in ways if way is not None), everywhere)
            found[name] = "built" if member(one, "Metadata", _BUILT) is not None else _where(code)
    return found


def _where(code: Node | None) -> str:
    """Whether code lies beside the template, was sent to AWS, or is told in another way."""
    if isinstance(code, Fields):
        return "sent" if text(member(code, "S3Bucket")) is not None else "elsewhere"
    address = text(code) or ""
    return "sent" if address.startswith("s3://") or ".dkr.ecr." in address else "here"
