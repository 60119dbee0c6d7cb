"""IAM policy documents, parsed from a tree of values with every element's place kept.

``parse`` never raises and never guesses: whatever cannot be read becomes an ``Unknown`` that says
why, as small as possible, and everything beside it stays known. Throughout, an ``Unknown`` *element*
of a tuple stands for zero or more elements that cannot be known; one with ``text`` is one string of
which a part is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from stockade.json_text import decode
from stockade.records import dataclass
from stockade.value import Default, Known, Origin, Unknown, Value

PrincipalKind: TypeAlias = Literal["AWS", "Service", "Federated", "CanonicalUser", "*"]
Strings: TypeAlias = tuple[Value[str], ...]


@dataclass(frozen=True, slots=True)
class Principal:
    """One entry of a ``Principal`` element; kind ``*`` is the bare string ``"*"``, anybody at all."""

    kind: PrincipalKind
    value: Value[str]


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator. ``operator`` is as written, ``IfExists`` and set prefix included."""

    operator: str
    key: str
    values: Strings
    origin: Origin


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; ``index`` counts from 0 in its document.

    An element that is not there is ``None``; a single string is a tuple of one. ``conditions`` are
    joined by *and*, so an ``Unknown`` among them can only narrow what the statement matches.
    """

    index: int
    sid: Value[str] | None
    effect: Value[str]
    actions: Strings | None
    not_actions: Strings | None
    resources: Strings | None
    not_resources: Strings | None
    principals: tuple[Principal | Unknown, ...] | None
    not_principals: tuple[Principal | Unknown, ...] | None
    conditions: tuple[Condition | Unknown, ...]
    origin: Origin

    @property
    def allows(self) -> bool | None:
        """Whether the effect is ``Allow``; ``None`` when that cannot be known."""
        return self.effect.value == "Allow" if isinstance(self.effect, Known) else None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something AWS or a reader may take otherwise than its author did; ``message`` is a sentence."""

    message: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document. ``version`` is 2008-10-17 when nobody wrote one, as AWS reads it."""

    version: Value[str]
    statements: tuple[Statement | Unknown, ...]
    origin: Origin
    remarks: tuple[Remark, ...] = ()


UNWRITTEN_VERSION: Final = Known(
    "2008-10-17", Default("IAM reads a policy without a version as version 2008-10-17")
)
"""The version of a document in which nobody wrote one."""
_GIVEN: Final = Default("it was given as text")
DOCUMENT: Final[Mapping[str, str]] = {name.lower(): name for name in ("Version", "Id", "Statement")}
STATEMENT: Final[Mapping[str, str]] = {
    name.lower(): name
    for name in (
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
    )
}
_PRINCIPALS: Final = {str(kind).lower(): kind for kind in get_args(PrincipalKind) if kind != "*"}


def parse(tree: Value[Any]) -> Value[Document]:
    """The document behind a tree of values; ``Unknown`` when there is none to be seen.

    Objects are ``Known(mapping of str to Value)``, arrays ``Known(tuple of Value)``. Element names
    in another case than IAM's are read as IAM's and remarked on.
    """
    match tree:
        case Unknown():
            return tree
        case Known(Mapping() as members, origin):
            remarks: list[Remark] = []
            elements = _elements(members, DOCUMENT, "a policy", remarks)
            statement = elements.get("Statement")
            if statement is None:
                return Unknown("the policy has no Statement", origin)
            statements = tuple(_statements(statement, remarks))
            version = _string(elements["Version"], "Version") if "Version" in elements else UNWRITTEN_VERSION
            return Known(Document(version, statements, origin, tuple(remarks)), origin)
        case Known(_, origin):
            return Unknown("the policy is not a JSON object", origin)


def loads(text: str) -> Value[Document]:
    """The document behind JSON text; ``Unknown`` that says where it breaks when it is none."""
    return parse(decode(((text, None, None),), _GIVEN))


def _statements(tree: Value[Any], remarks: list[Remark]) -> list[Statement | Unknown]:
    match tree:
        case Known(tuple() | list() as items):
            return [_statement(index, item, remarks) for index, item in enumerate(items)]
        case _:
            return [_statement(0, tree, remarks)]


def _statement(index: int, tree: Value[Any], remarks: list[Remark]) -> Statement | Unknown:
    match tree:
        case Unknown():
            return tree
        case Known(Mapping() as members, origin):
            elements = _elements(members, STATEMENT, "a statement", remarks)
        case Known(_, origin):
            return Unknown("the statement is not a JSON object", origin)
    if "Effect" not in elements:
        return Unknown("the statement has no Effect", origin)
    effect = _string(elements["Effect"], "Effect")
    if isinstance(effect, Known) and effect.value not in ("Allow", "Deny"):
        return Unknown(f"the Effect `{effect.value}` is neither Allow nor Deny", effect.origin)
    return Statement(
        index=index,
        sid=_string(elements["Sid"], "Sid") if "Sid" in elements else None,
        effect=effect,
        actions=_strings(elements, "Action"),
        not_actions=_strings(elements, "NotAction"),
        resources=_strings(elements, "Resource"),
        not_resources=_strings(elements, "NotResource"),
        principals=_principals(elements, "Principal", remarks),
        not_principals=_principals(elements, "NotPrincipal", remarks),
        conditions=_conditions(elements.get("Condition")),
        origin=origin,
    )


def _elements(
    members: Mapping[str, Value[Any]], names: Mapping[str, str], what: str, remarks: list[Remark]
) -> dict[str, Value[Any]]:
    """The members under IAM's own spelling; an explicit null counts as not there."""
    out: dict[str, Value[Any]] = {}
    for key, value in members.items():
        if isinstance(value, Known) and value.value is None:
            continue
        name = names.get(key.lower())
        if name is None:
            remarks.append(Remark(f"`{key}` is not an element of {what}", value.origin))
        elif name == key:
            out[name] = value
        else:
            remarks.append(Remark(f"`{key}` is spelt `{name}`", value.origin))
            out.setdefault(name, value)
    return out


def _string(value: Value[Any], element: str) -> Value[str]:
    """A value where IAM wants one string; JSON's numbers and booleans stand for their text."""
    match value:
        case Known(str()) | Unknown():
            return value
        case Known(bool() as flag, origin):
            return Known("true" if flag else "false", origin)
        case Known(tuple() | list() as items, _) if len(items) == 1:
            return _string(items[0], element)
        case Known(tuple() | list() | Mapping() | None, origin):
            return Unknown(f"the {element} is not a string", origin)
        case Known(number, origin):
            return Known(str(number), origin)


def _list(value: Value[Any], element: str) -> Strings:
    match value:
        case Known(tuple() | list() as items):
            return tuple(_string(item, element) for item in items)
        case _:
            return (_string(value, element),)


def _strings(elements: Mapping[str, Value[Any]], element: str) -> Strings | None:
    return _list(elements[element], element) if element in elements else None


def _principals(
    elements: Mapping[str, Value[Any]], element: str, remarks: list[Remark]
) -> tuple[Principal | Unknown, ...] | None:
    match elements.get(element):
        case None:
            return None
        case Unknown() as unknown:
            return (unknown,)
        case Known("*", origin):
            return (Principal("*", Known("*", origin)),)
        case Known(Mapping() as members):
            out: list[Principal | Unknown] = []
            for key, value in members.items():
                kind = _PRINCIPALS.get(key.lower())
                if kind is None:
                    out.append(Unknown(f"`{key}` is not a kind of principal", value.origin))
                    continue
                if kind != key:
                    remarks.append(Remark(f"`{key}` is spelt `{kind}`", value.origin))
                out += (Principal(cast(PrincipalKind, kind), one) for one in _list(value, element))
            return tuple(out)
        case Known(_, origin):
            return (Unknown(f"the {element} is neither `*` nor an object", origin),)


def _conditions(tree: Value[Any] | None) -> tuple[Condition | Unknown, ...]:
    match tree:
        case None:
            return ()
        case Unknown():
            return (tree,)
        case Known(Mapping() as operators):
            out: list[Condition | Unknown] = []
            for operator, block in operators.items():
                match block:
                    case Unknown():
                        out.append(block)
                    case Known(Mapping() as keys):
                        out += (
                            Condition(operator, key, _list(values, f"condition on {key}"), values.origin)
                            for key, values in keys.items()
                        )
                    case Known(_, origin):
                        out.append(Unknown(f"the condition `{operator}` is not an object", origin))
            return tuple(out)
        case Known(_, origin):
            return (Unknown("the Condition is not an object", origin),)
