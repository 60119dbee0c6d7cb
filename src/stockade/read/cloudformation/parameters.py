"""Values for a template's parameters, from everywhere a deployment takes them.

Later ones win: the parameter's default, ``--var-file``, ``--var``. A file has one of the forms that the AWS
command line, CodePipeline and the SAM command line take: a list of ``ParameterKey`` and
``ParameterValue``, an object ``Parameters``, a list of ``Key=Value``, or a plain object of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from stockade.errors import UsageError
from stockade.read import looked
from stockade.read.cloudformation.json_nodes import parse_json
from stockade.read.cloudformation.nodes import BrokenError, Fields, Items, Node, Scalar, member, span, text
from stockade.read.files import Tree, Unreadable
from stockade.source import Source, Span
from stockade.value import Known, Origin, Unknown, Value, Written

PSEUDO: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix")
"""Pseudo-parameters that may be given a value as if they were parameters."""

_HELP: Final = "it takes a list of `ParameterKey` and `ParameterValue`, as the AWS command line does"


def given_values(variables: Mapping[str, str], files: Sequence[Path], tree: Tree) -> dict[str, Value[str]]:
    """What a user gives, by name. Raises ``UsageError`` for a file that cannot be read."""
    out: dict[str, Value[str]] = {}
    for path in files:
        # The person at the command line named this file: it may lie outside the scanned tree.
        try:
            source = tree.named(path)
            node = parse_json(source, [])
        except (Unreadable, BrokenError) as error:
            raise UsageError(f"`{tree.shown(path)}` was not read: {error.message}", help=_HELP) from None
        for name, value in _pairs(node):
            plain = text(value)
            if plain is None and isinstance(value, Scalar) and isinstance(value.value, bool):
                plain = "true" if value.value else "false"
            if plain is None:
                message = f"`{tree.shown(path)}` gives `{name}` no text"
                raise UsageError(message, help="values of parameters are texts, lists too: `a,b`")
            out[name] = Known(plain, Written(span(value)))
    for name, value_text in variables.items():
        source = Source(f"<--var {name}>", value_text.encode("utf-8", "surrogateescape"))
        out[name] = Known(value_text, Written(Span(source, 0, len(source.data))))
    return out


def takes(path: Path) -> bool:
    """Whether a file has one of the forms."""
    if not path.name.endswith(".json"):
        return False
    try:
        return any(True for _ in _pairs(parse_json(Source(str(path), looked.whole(path)), [])))
    except (BrokenError, OSError):
        return True  # reading it says what is wrong


def _pairs(node: Node) -> Iterable[tuple[str, Node]]:
    """Names and values in a file of any form."""
    if isinstance(node, Fields):
        inner = node.members.get("Parameters")
        yield from (inner if isinstance(inner, Fields) else node).members.items()
        return
    for one in node.items if isinstance(node, Items) else ():
        name, value = text(member(one, "ParameterKey")), member(one, "ParameterValue")
        if name is not None and value is not None:
            yield name, value
        elif (plain := text(one)) is not None and "=" in plain:
            key, _, rest = plain.partition("=")
            yield key, Scalar(one.source, one.start, one.end, rest)


def declared_value(name: str, declared: Node, given: Value[str] | None, origin: Written) -> Value[Any]:
    """The value of a declared parameter before its type is looked at; ``origin`` is its name."""
    if given is not None:
        return given
    default = member(declared, "Default")
    if default is not None:
        place = Written(span(default), origin.via)
        plain = text(default)
        if plain is None and isinstance(default, Scalar) and isinstance(default.value, bool):
            plain = "true" if default.value else "false"
        return Known(plain, place) if plain is not None else Unknown("its default is no text", place)
    return Unknown(f"the parameter `{name}` has no value", origin)


def typed(name: str, declared: Node, value: Value[Any], origin: Origin, hole: Value[str]) -> Value[Any]:
    """A parameter's value as ``Ref`` gives it: a list for a list type, unknown for what AWS looks up.

    ``hole`` stands for a text of which nothing is known.
    """
    kind = text(member(declared, "Type")) or "String"
    is_list = kind == "CommaDelimitedList" or "List<" in kind
    if kind.startswith("AWS::SSM::Parameter::Value<"):
        named = f" `{value.value}`" if isinstance(value, Known) else ""
        reason = f"the SSM parameter{named} is looked up at deployment"
        return Unknown(reason, value.origin, None if is_list or isinstance(hole, Known) else hole.text)
    if isinstance(value, Unknown):
        if is_list:
            return Unknown(value.reason, value.origin)
        return (
            value if value.text or isinstance(hole, Known) else Unknown(value.reason, value.origin, hole.text)
        )
    if not is_list or isinstance(value.value, tuple):
        return value
    plain = str(value.value)
    items = [part.strip() for part in plain.split(",")] if plain else []
    return Known(tuple(Known(part, value.origin) for part in items), value.origin)
