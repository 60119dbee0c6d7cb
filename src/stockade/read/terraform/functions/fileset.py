"""``fileset``: the files below a directory whose path matches a glob."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from typing import Any, Final

from stockade.errors import BudgetExceeded
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Unreadable
from stockade.read.globs import Dialect, MalformedError, expression
from stockade.read.terraform.cty import EvaluationError, make_set
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.files import locate
from stockade.read.terraform.functions.patterns import compiled
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because, first_unknown
from stockade.read.walk import BUILT
from stockade.value import Known, Unknown, Value

LISTED = 50_000
"""The most directory entries that one call looks at."""

_DOUBLESTAR: Final = Dialect(strict=True, negations="^", before="/", name="[^/]*", whole=False)
"""As the library for Go reads globs that Terraform is made with."""

_WILD = lazy_regex(r"[*?\[{\\]")


@valued("fileset(path: string, pattern: string)")
def fileset(context: Context, path: Value[Any], pattern: Value[Any]) -> Value[Any]:
    if isinstance(path, Unknown) or isinstance(pattern, Unknown):
        return first_unknown((path, pattern)) or because(pattern)  # type: ignore[arg-type]  # one of the two is unknown
    wanted = posixpath.normpath(posixpath.join(path.value, pattern.value))
    fixed = wanted.split("/")
    while fixed and _WILD.search("/".join(fixed)):
        fixed.pop()
    folder = "/".join(fixed) or ("/" if wanted.startswith("/") else ".")
    where = locate(context, Known(folder, path.origin))
    if isinstance(where, Unknown):
        return where
    if not looked.is_there(where):
        missing = _to_be_built(where)
        if missing:  # to Terraform it is empty as well, but nobody plans before the build
            reason = f"`{missing}` is not there: something builds it before it is deployed"
            return Unknown(reason, context.origin)
        return Known(make_set(()), context.origin)
    matcher = compiled(_expression(wanted))
    found = []
    for name in _files(context, where):
        below = posixpath.normpath(posixpath.join(folder, name))
        if matcher.fullmatch(below):
            found.append(Known(posixpath.relpath(below, posixpath.normpath(path.value or ".")), context.origin))
    return Known(make_set(found), context.origin)


def _to_be_built(where: str) -> str:
    """What is missing of a path, where a build may write to it; empty where no build is known to."""
    missing: list[str] = []
    while not looked.is_there(where):
        where, name = os.path.split(where)
        missing.insert(0, name)
        if not name:
            return ""
    return "/".join(missing) if any(name in BUILT for name in missing) else ""


def _files(context: Context, where: str) -> Iterator[str]:
    """Regular files below a directory, by their path from there; links are followed to files inside only."""
    if looked.is_file(where):
        yield "."
        return
    seen = 0
    for folder, folders, names in looked.walk(where):
        folders.sort()
        seen += len(folders) + len(names)
        context.budget.spend(len(folders) + len(names))
        if seen > LISTED:
            raise BudgetExceeded(f"`fileset` looks through more than {LISTED:,} files")
        for name in sorted(names):
            path = os.path.join(folder, name)
            try:
                context.files.locate(path)
            except Unreadable:
                continue
            if looked.is_file(path):
                yield os.path.relpath(path, where)


def _expression(glob: str) -> str:
    """A glob as a regular expression."""
    try:
        return expression(glob, _DOUBLESTAR)
    except MalformedError as error:
        raise EvaluationError(f"the pattern `{glob}` {error}") from None
