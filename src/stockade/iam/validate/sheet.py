"""What the rules share: a sheet that they write on, and a statement as its elements, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.iam.catalog import Catalog
from stockade.iam.validate.codes import codes
from stockade.iam.validate.finding import Finding, Kind, Node, Path, members
from stockade.memory import remembered
from stockade.records import record
from stockade.value import Known, Ref, Text, Unknown, Value, is_sensitive

QUALIFIERS: Final = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}
OPERATORS: Final = {
    name.lower(): name
    for name in (
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "NotIpAddress",
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "Null",
    )
}
"""IAM's operators, without qualifier and suffix, by their names in lower case."""


@record
class Operator:
    """An operator taken apart. ``base`` is IAM's own spelling, empty where there is no such operator."""

    base: str
    qualifier: str
    if_exists: bool

    @property
    def negated(self) -> bool:
        return "Not" in self.base

    @property
    def like(self) -> bool:
        return self.base.endswith("Like") or self.base.startswith("Arn")

    @property
    def family(self) -> str:
        """``String``, ``Numeric``, ``Date``, ``Bool``, ``Binary``, ``Ip``, ``Arn`` or ``Null``."""
        for family in ("String", "Numeric", "Date", "Bool", "Binary", "Arn", "Null"):
            if self.base.startswith(family):
                return family
        return "Ip"


@remembered(512)
def operator(text: str) -> Operator:
    """An operator as it is written, taken apart."""
    qualifier, colon, rest = text.partition(":")
    if not colon:
        qualifier, rest = "", text
    name = rest.lower()
    if_exists = name.endswith("ifexists")
    base = OPERATORS.get(name.removesuffix("ifexists"), "")
    if colon and qualifier.lower() not in QUALIFIERS:
        base = ""
    return Operator(base, QUALIFIERS.get(qualifier.lower(), ""), if_exists)


@record
class Test:
    """One key under one operator. ``node`` is the key with its values, ``values`` are they, one by one.

    ``whole`` says that all values are there: no list of them, and none of its members, is unknown as a whole.
    """

    operator: Operator
    written: str
    key: str
    node: Node
    values: tuple[Node, ...]
    whole: bool

    @property
    def name(self) -> str:
        """The key as IAM compares it: case does not count."""
        return self.key.lower()

    def known(self) -> Iterator[tuple[Node, str]]:
        """The values that are known texts."""
        for node in self.values:
            text = text_of(node)
            if text is not None:
                yield node, text


class Part:
    """One statement. ``effect`` is ``Allow`` or ``Deny``, and empty where it is neither or not known."""

    def __init__(self, index: int, node: Node, elements: Mapping[str, Node], effect: str) -> None:
        self.index = index
        self.node = node
        self.elements = elements
        self.effect = effect
        self.tests: tuple[Test, ...] = ()
        self.conditional = "Condition" in elements
        self.whole_condition = True
        """Whether no part of the Condition is unknown as a whole."""
        self._texts: dict[str, tuple[Node, ...]] = {}

    def texts(self, element: str) -> tuple[Node, ...]:
        """The texts of an element that is one or a list of them, known or not; others are left out."""
        found = self._texts.get(element)
        if found is None:
            node = self.elements.get(element)
            found = self._texts[element] = tuple(leaves(node)) if node is not None else ()
        return found

    def known(self, element: str) -> tuple[tuple[Node, str], ...]:
        """The texts of an element that are known."""
        return tuple((node, text) for node in self.texts(element) if (text := text_of(node)) is not None)

    def is_whole(self, element: str) -> bool:
        """Whether an element is there and every text of it is known."""
        return element in self.elements and all(text_of(node) is not None for node in self.texts(element))


class Sheet:
    """What is being written of one document. ``version`` is the document's, ``None`` where it is not known."""

    def __init__(self, kind: Kind, resource_type: str, catalog: Catalog) -> None:
        self.kind = kind
        self.resource_type = resource_type
        self.catalog = catalog
        self.version: str | None = None
        self.findings: list[Finding] = []
        self.open: list[tuple[Path, Unknown]] = []

    def say(
        self,
        code: str,
        at: Node,
        message: str,
        help: str,
        also: Sequence[Node] = (),
        instead: str | None = None,
    ) -> None:
        """Write down a finding."""
        self.findings.append(
            Finding(
                code,
                codes()[code].type,
                message,
                help,
                at.path,
                at.origin,
                tuple((node.path, node.origin) for node in also),
                instead,
            )
        )

    def unsure(self, at: Node, reason: str = "") -> None:
        """Write down that something could not be said: of a value that is not known, or for a reason."""
        if isinstance(at.value, Unknown) and not reason:
            self.open.append((at.path, at.value))
        else:
            self.open.append((at.path, Unknown(reason or "it is to be kept out of sight", at.origin)))


def text_of(node: Node) -> str | None:
    """The text of an element; ``None`` where it is none, not known, or one to be kept out of sight."""
    value = node.value
    if isinstance(value, Known) and isinstance(value.value, str) and not is_sensitive(value):
        return value.value
    return None


def is_made_arn(value: Unknown) -> bool:
    """Whether a text that is not all known begins with what AWS itself fills in as an ARN."""
    first = value.text.parts[0] if isinstance(value.text, Text) and value.text.parts else ""
    return isinstance(first, Ref) and first.attribute.endswith("arn")


def leaves(node: Node) -> Iterator[Node]:
    """The texts under an element that is one or a list of them; what is neither text nor unknown is not."""
    value = node.value
    if isinstance(value, Unknown) or isinstance(value.value, str):
        yield node
    elif isinstance(value.value, tuple | list):
        for index, item in enumerate(value.value):
            if isinstance(item, Unknown) or isinstance(item.value, str):
                yield Node(item, (*node.path, index))


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """The members of an object with their paths; nothing for what is no object."""
    found = members(node.value)
    if found is not None:
        for name, value in found.items():
            yield name, Node(value, (*node.path, name))


def items(node: Node) -> Iterator[Node]:
    """The elements of a list with their paths, or a single value as the one it is."""
    value: Value[Any] = node.value
    if isinstance(value, Known) and isinstance(value.value, tuple | list):
        for index, item in enumerate(value.value):
            yield Node(item, (*node.path, index))
    else:
        yield node
