"""Terraform's JSON syntax under change: by paths in the document, in the style that it is written in.

Strings are templates there, so a reference is ``${aws_sqs_queue.jobs.arn}`` in quotes, and a policy is a text
of JSON. What is written inside of a string (``"${jsonencode({...})}"``) has no path, and is not changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from stockade.control import Rewrite
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


WORDS: Final = {
    "Sid": "sid",
    "Effect": "effect",
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
"""Elements of a statement, as the data source of policy documents calls them."""


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

    def rewrite(self, change: Rewrite, at: int, name: Name) -> None:
        """Change one element of a statement that is written at an offset: an object, or a policy in a text."""
        value = None if change.value is None else plain(change.value, name)
        path = self._paths.get(at)
        if path is not None and isinstance(self._draft.value(path), dict):
            if change.element is None:
                self._draft.drop(path)
                return
            word = WORDS.get(change.element)
            if word is None:
                raise FixError(
                    f"`{change.element}` cannot be changed at {self.source.path}", help="change it by hand"
                )
            listed = value if isinstance(value, list) or value is None else [value]
            if listed is None:
                self._draft.drop((*path, word))
            elif (
                len(listed) == 1 and self._draft.has((*path, word, 0)) and not self._draft.has((*path, word, 1))
            ):
                self._draft.put((*path, word, 0), listed[0])
            else:
                self._draft.put((*path, word), listed)
            return
        path = next(
            (
                one
                for one, part in walk(self._draft.root)
                if part.start <= at < part.end and part.kind == "scalar"
            ),
            None,
        )
        text = self._draft.value(path) if path is not None else None
        if path is None or not isinstance(text, str):
            raise FixError(
                f"the policy in `{self.source.path}` cannot be changed there", help="change it by hand"
            )
        self._draft.put(path, _with_element(text, change, value, self.source.path))

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


def _with_element(text: str, change: Rewrite, value: Any, shown: str) -> str:
    """A policy as a text with one element of one statement changed, in the style that it has."""
    try:
        policy = json.loads(text)
        statements = policy["Statement"]
        listed = statements if isinstance(statements, list) else [statements]
        holder = policy if change.statement is None else listed[change.statement]
    except (ValueError, LookupError, TypeError):
        raise FixError(f"the policy in `{shown}` is no plain JSON", help="change it by hand") from None
    if change.element is None:
        if not isinstance(statements, list):
            raise FixError(f"the policy in `{shown}` would be left without statements")
        del listed[change.statement or 0]
    elif value is None:
        holder.pop(change.element, None)
    else:
        holder[change.element] = value
    if "\n" in text:
        return json.dumps(policy, ensure_ascii=False, indent=2)
    comma, colon = (", " if '", "' in text or '",  "' in text else ","), (": " if '": ' in text else ":")
    return json.dumps(policy, ensure_ascii=False, separators=(comma, colon))


def _escaped(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
