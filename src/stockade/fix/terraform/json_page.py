"""Terraform's JSON syntax under change: by paths in the document, in the style that it is written in.

Strings are templates there, so a reference is ``${aws_sqs_queue.jobs.arn}`` in quotes, and a policy is a text
of JSON. What is written inside of a string (``"${jsonencode({...})}"``) has no path, and is not changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.draft import Draft
from stockade.fix.layout import Path, walk
from stockade.fix.terraform.hcl import Name
from stockade.fix.terraform.spots import Spot
from stockade.fix.terraform.words import Content
from stockade.read.terraform import tree as t
from stockade.source import Edit, Source
from stockade.value import Hole, Known, Ref, Text, Unknown

SUFFIXES: Final = (".tf.json", ".tofu.json", ".tfvars.json")
"""How the names of files in this syntax end."""


class JsonPage:
    """A file in Terraform's JSON syntax, and what is to be changed in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._draft = Draft(source)
        self._paths = {part.start: path for path, part in walk(self._draft.root)}

    def give(self, spot: Spot, value: Any) -> None:
        """Put a plain value in a spot's place, or give the names that are missing there."""
        if spot.holder is None:
            self._draft.put(self._path(spot.start), value)
            return
        steps = tuple(one for one in spot.missing if not isinstance(one, int))
        self._draft.put((*self._around(spot.holder), *steps), value)

    def take_out(self, spot: Spot) -> None:
        self._draft.drop(self._path(spot.start))

    def drop(self, block: t.Block) -> None:
        """Take a whole block out."""
        self._draft.drop(self._around(block))

    def add(self, kind: str, name: str, content: Mapping[str, Any]) -> None:
        """One more resource."""
        self._draft.put(("resource", kind, name), dict(content))

    def declare(self, kind: str, name: str) -> None:
        """One more data source that needs no arguments."""
        self._draft.put(("data", kind, name), {})

    def edits(self) -> tuple[Edit, ...]:
        return self._draft.edits()

    def _path(self, at: int) -> Path:
        found = self._paths.get(at)
        if found is None:
            line = self.source.position(at)[0]
            raise FixError(
                f"the value at {self.source.path}:{line} stands inside of a text",
                help="change it by hand",
            )
        return found

    def _around(self, holder: t.Block | t.Object) -> Path:
        return self._path(holder.header_end - 1 if isinstance(holder, t.Block) else holder.start)


def is_json(source: Source) -> bool:
    """Whether a file is in this syntax."""
    return source.path.endswith(SUFFIXES)


def plain(value: Any, name: Name, document: bool = False) -> Any:
    """A value as this syntax has it; ``document`` says that it is a policy, which is a text."""
    if document:
        return json.dumps(plain(value, name), ensure_ascii=False)
    match value:
        case Known(inner):
            return plain(inner, name)
        case Unknown(_, _, Text() as text):
            return plain(text, name)
        case Unknown(reason):
            raise FixError(f"a value of the fix is not known: {reason}")
        case str():
            return _escaped(value)
        case Ref() | Hole():
            return f"${{{name(value)}}}"
        case Text(parts):
            return "".join(_escaped(one) if isinstance(one, str) else f"${{{name(one)}}}" for one in parts)
        case Mapping():
            return {key: plain(one, name) for key, one in value.items()}
        case tuple() | list():
            return [plain(one, name) for one in value]
        case _:
            return value


def contents(content: Content) -> dict[str, Any]:
    """The arguments and blocks of a resource, whose values are plain already, as an object."""
    out = dict(content.arguments)
    for kind, blocks in content.blocks.items():
        made = [contents(one) for one in blocks]
        out[kind] = made[0] if len(made) == 1 else made
    return out


def _escaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
