"""Statements of a function's resource-based policy, said as ``lambda:AddPermission`` takes them.

A statement that was made by hand may say more than that call can: several principals, actions or sources are
as many permissions, and what has no word of its own leaves what it may narrow unknown. A Deny takes away from
what others allow, so that beside one every permission is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from stockade.read.account.answer import Document
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value

_KEYS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "aws:sourcearn": ("SourceArn", frozenset({"arnlike", "arnequals", "stringequals", "stringlike"})),
    "aws:sourceaccount": ("SourceAccount", frozenset({"stringequals", "stringlike"})),
    "aws:principalorgid": ("PrincipalOrgID", frozenset({"stringequals", "stringlike"})),
    "lambda:functionurlauthtype": ("FunctionUrlAuthType", frozenset({"stringequals", "stringlike"})),
    "lambda:invokedviafunctionurl": ("InvokedViaFunctionUrl", frozenset({"bool"})),
    "lambda:eventsourcetoken": ("EventSourceToken", frozenset({"stringequals", "stringlike"})),
}
"""Condition key -> the parameter that it is made of, and the operators that say what the parameter says."""

_NARROWING: Final = ("SourceArn", "SourceAccount", "PrincipalOrgID")
_PATTERNS: Final = "SourceArn"
"""The parameter in which wildcards mean what they mean in a condition."""

_MOST: Final = 500
"""Permissions that one statement may come to."""


@dataclass(frozen=True, slots=True)
class Way:
    """One permission of a policy: ``address`` is that of its statement, ``number`` which of its permissions."""

    address: str
    number: int
    attributes: Mapping[str, Value[Any]]
    origin: Origin
    doubt: Unknown | None


def permissions(document: Document, arn: str, qualifier: str) -> Iterator[Way]:
    """The permissions of the policy of a function, or of an alias or version of it."""
    base = f"{arn}:{qualifier}" if qualifier else arn
    policy = document.members.get("Policy")
    if not isinstance(policy, Known) or not isinstance(policy.value, Mapping):
        yield _unknown(base, Unknown("it is not a policy", document.origin), document)
        return
    statements = _many(policy.value.get("Statement"))
    denied = next((one for one in statements if _says(one, "Effect") == "Deny"), None)
    doubt = Unknown("a Deny of the same policy may take it away", denied.origin) if denied else None
    for index, one in enumerate(statements):
        if not isinstance(one, Known) or not isinstance(one.value, Mapping):
            yield _unknown(base, Unknown("it is not a statement", one.origin), document)
        elif _says(one, "Effect") != "Deny":
            yield from _ways(one.value, one.origin, base, index, doubt)


def _unknown(base: str, why: Unknown, document: Document) -> Way:
    named: Value[Any] = Known(base, document.origin)
    lost = dict.fromkeys(("Action", "Principal", *_NARROWING), why)
    return Way(f"{base}#policy", 0, {"FunctionName": named, **lost}, why.origin, None)


def _ways(
    statement: Mapping[str, Value[Any]], origin: Origin, base: str, index: int, doubt: Unknown | None
) -> Iterator[Way]:
    resource = statement.get("Resource")
    own = isinstance(resource, Known) and isinstance(resource.value, str)
    named: Value[Any] = resource if own and resource is not None else Known(base, origin)
    whole = str(named.value) if isinstance(named, Known) else base
    if ":function:" not in whole or "*" in whole:
        named, whole = Known(base, named.origin), base
    sid = statement.get("Sid")
    said = sid.value if isinstance(sid, Known) else index + 1
    fixed: dict[str, Value[Any]] = {"FunctionName": named}
    if isinstance(sid, Known):
        fixed["StatementId"] = sid
    if qualifier := ":".join(whole.split(":")[7:]):
        fixed["Qualifier"] = Known(qualifier, named.origin)
    restrictions, foreign = _restrictions(statement.get("Condition"))
    if foreign is not None:
        fixed |= {name: foreign for name in _NARROWING if name not in restrictions}
    choices = {
        "Principal": _principals(statement, origin),
        "Action": _actions(statement, origin),
        **restrictions,
    }
    for number, chosen in enumerate(product(*choices.values())):
        if number == _MOST:
            reason = f"the statement comes to more than the {_MOST} permissions that are read"
            lost = dict.fromkeys(("Action", "Principal", *_NARROWING), Unknown(reason, origin))
            yield Way(f"{whole}#policy/{said}", number, {**fixed, **lost}, origin, doubt)
            return
        attributes = {**fixed, **dict(zip(choices, chosen, strict=True))}
        yield Way(f"{whole}#policy/{said}", number, attributes, origin, doubt)


def _principals(statement: Mapping[str, Value[Any]], origin: Origin) -> Sequence[Value[Any]]:
    found = statement.get("Principal")
    if found is None:
        why = "it says whom it does not let in" if "NotPrincipal" in statement else "it names no principal"
        return (Unknown(why, origin),)
    if isinstance(found, Known) and isinstance(found.value, Mapping):
        return [one for kind in found.value.values() for one in _many(kind)] or [Unknown("it is empty", origin)]
    return _many(found)


def _actions(statement: Mapping[str, Value[Any]], origin: Origin) -> Sequence[Value[Any]]:
    return _many(statement.get("Action")) or [Unknown("it says what it does not allow", origin)]


def _restrictions(condition: Value[Any] | None) -> tuple[dict[str, Sequence[Value[Any]]], Unknown | None]:
    """What narrows a statement, by parameter, and a condition that no parameter stands for."""
    out: dict[str, Sequence[Value[Any]]] = {}
    foreign: Unknown | None = None
    if condition is None:
        return out, None
    if not isinstance(condition, Known) or not isinstance(condition.value, Mapping):
        return out, Unknown("its condition is not understood", condition.origin)
    for operator, keys in condition.value.items():
        members = keys.value if isinstance(keys, Known) and isinstance(keys.value, Mapping) else {"": keys}
        for key, wanted in members.items():
            name, operators = _KEYS.get(key.lower(), ("", frozenset[str]()))
            values = _many(wanted)
            plain = name == _PATTERNS or operator.lower() != "stringlike" or not any(map(_wild, values))
            if not name or operator.lower() not in operators or name in out or not values or not plain:
                reason = f"it holds under a condition on `{key or operator}`, which is not decided here"
                foreign = foreign or Unknown(reason, wanted.origin)
                continue
            out[name] = values
    return out, foreign


def _wild(value: Value[Any]) -> bool:
    return (
        isinstance(value, Known) and isinstance(value.value, str) and ("*" in value.value or "?" in value.value)
    )


def _many(value: Value[Any] | None) -> Sequence[Value[Any]]:
    """The elements of a list, or the one that stands for a list."""
    if value is None:
        return ()
    return value.value if isinstance(value, Known) and isinstance(value.value, tuple) else (value,)


def _says(statement: Value[Any], name: str) -> Any:
    if not isinstance(statement, Known) or not isinstance(statement.value, Mapping):
        return None
    found = statement.value.get(name)
    return found.value if isinstance(found, Known) else None
