"""Hashes of text and of files, and identifiers made by hashing."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.files import locate, open_file
from stockade.read.terraform.functions.registry import plain, valued
from stockade.source import Source
from stockade.value import Known, Unknown, Value

_NAMESPACES = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}
_HYPHENATED = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_IDENTIFIER = lazy_regex(rf"(?:urn:uuid:)?{_HYPHENATED}|\{{{_HYPHENATED}\}}|[0-9a-f]{{32}}", re.IGNORECASE)


def _digest(algorithm: str, data: bytes) -> Any:
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False)


def _open(context: Context, path: Value[Any]) -> Source | Unknown:
    """The file to hash: mostly a package that a build makes, which need not have run yet."""
    where = locate(context, path)
    if isinstance(where, str) and not looked.is_there(where):
        shown = path.value if isinstance(path, Known) else ""
        return Unknown(f"there is no file `{shown}`, which may still have to be built", context.origin)
    return open_file(context, path)


def _declare(algorithm: str) -> None:
    def of_text(text: str) -> str:
        return str(_digest(algorithm, text.encode()).hexdigest())

    def of_file(context: Context, path: Value[Any]) -> Value[Any]:
        source = _open(context, path)
        if isinstance(source, Unknown):
            return source
        return Known(_digest(algorithm, source.data).hexdigest(), context.origin)

    plain(f"{algorithm}(str: string)")(of_text)
    valued(f"file{algorithm}(path: string)")(of_file)


def _declare_base64(algorithm: str) -> None:
    def of_text(text: str) -> str:
        return b64encode(_digest(algorithm, text.encode()).digest()).decode()

    def of_file(context: Context, path: Value[Any]) -> Value[Any]:
        source = _open(context, path)
        if isinstance(source, Unknown):
            return source
        return Known(b64encode(_digest(algorithm, source.data).digest()).decode(), context.origin)

    plain(f"base64{algorithm}(str: string)")(of_text)
    valued(f"filebase64{algorithm}(path: string)")(of_file)


for _algorithm in ("md5", "sha1", "sha256", "sha512"):
    _declare(_algorithm)
for _algorithm in ("sha256", "sha512"):
    _declare_base64(_algorithm)


@plain("uuidv5(namespace: string, name: string)")
def uuidv5(namespace: str, name: str) -> str:
    from uuid import UUID, uuid5

    space = _NAMESPACES.get(namespace, namespace)
    if not _IDENTIFIER.fullmatch(space):
        raise EvaluationError(f"`{namespace}` is no namespace of identifiers")
    return str(uuid5(UUID(space), name))
