"""What the AWS provider that a project pins can be told: a version knows the runtimes of its day.

Version 5.100 is the last that begins with 5, and its list of runtimes ends in June 2025. A project that allows
no other gets the newest runtime of that list; ``terraform validate`` refuses what is not on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from stockade.control import Change, Put
from stockade.fix.terraform.survey import Survey
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import parsed

_NEWEST_OF_5: Final = {
    "dotnet10": "dotnet8",
    "java25": "java21",
    "nodejs24.x": "nodejs22.x",
    "python3.14": "python3.13",
    "ruby4.0": "ruby3.4",
}
"""Runtimes that no version 5 of the provider knows, and the newest of their family that 5.100 does."""
_BOUND: Final = lazy_regex(r"(~>|<=?|=|>=?|!=)?\s*v?(\d+)(\.\d+)?(\.\d+)?")


def told(changes: Sequence[Change], survey: Survey) -> tuple[Change, ...]:
    """The changes, with runtimes that the project's provider knows."""
    wanted = [one for one in changes if isinstance(one, Put) and one.attribute == "runtime"]
    if not any(one.value in _NEWEST_OF_5 for one in wanted) or not _is_before_6(survey):
        return tuple(changes)
    return tuple(
        replace(one, value=_NEWEST_OF_5.get(one.value, one.value))
        if isinstance(one, Put) and one.attribute == "runtime"
        else one
        for one in changes
    )


def _is_before_6(survey: Survey) -> bool:
    """Whether the root module allows no version 6 of the provider, or has locked an earlier one."""
    return any(_excludes_6(one) for one in _constraints(survey))


def _excludes_6(constraint: str) -> bool:
    for part in constraint.split(","):
        found = _BOUND.fullmatch(part.strip())
        if found is None:
            continue
        sign, major, minor = found[1] or "=", int(found[2]), found[3]
        if sign in ("=", "~>") and major < 6 and (sign == "=" or minor is not None):
            return True
        if sign in ("<", "<=") and (major < 6 or (major == 6 and sign == "<" and minor in (None, ".0"))):
            return True
    return False


def _constraints(survey: Survey) -> Iterator[str]:
    root = survey.root
    if root is None:
        return
    for file in survey.files(root.config):
        for block in file.body.blocks:
            if block.type == "terraform":
                yield from _required(block)
    try:
        lock = survey.tree.read(root.config.directory / ".terraform.lock.hcl")
    except Unreadable:
        return
    for block in parsed(survey.tree, lock).body.blocks:
        version = block.body.attributes.get("version")
        if (
            block.type == "provider"
            and block.labels
            and block.labels[0].endswith("/aws")
            and version is not None
        ):
            yield from _text(version.value)


def _required(block: t.Block) -> Iterator[str]:
    for inner in block.body.blocks:
        attribute = inner.body.attributes.get("aws") if inner.type == "required_providers" else None
        if attribute is None:
            continue
        yield from _text(attribute.value)
        if isinstance(attribute.value, t.Object):
            for key, value in attribute.value.items:
                if isinstance(key, t.Literal) and key.value == "version":
                    yield from _text(value)


def _text(node: t.Expression) -> Iterator[str]:
    if isinstance(node, t.Literal) and isinstance(node.value, str):
        yield node.value
