"""Principals: what form they have in which kind of document, and what may not be said of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.iam.request import OF_SOURCES
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.grammar import kind_of, repeated
from stockade.iam.validate.near import nearest
from stockade.iam.validate.sheet import (
    Part,
    Sheet,
    Test,
    children,
    is_made_arn,
    items,
    leaves,
    text_of,
)
from stockade.patterns import lazy_regex
from stockade.value import Known, Unknown, shape_of

_KINDS: Final = {name.lower(): name for name in ("AWS", "CanonicalUser", "Federated", "Service")}
_WILD: Final = lazy_regex(r"[*?]")
_ROLE_ID: Final = lazy_regex(r"AROA[A-Z0-9]{12,}")
_USER_ID: Final = lazy_regex(r"AIDA[A-Z0-9]{12,}")
_USE_SOURCE: Final = "use `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`"
_ADD_SOURCE: Final = f"add a condition: {_USE_SOURCE}"
_NEVER_OF_SERVICES: Final = ("aws:principalorgid", "aws:principalorgpaths")


def check(part: Part, sheet: Sheet) -> None:
    """Everything about Principal and NotPrincipal."""
    for element in ("Principal", "NotPrincipal"):
        node = part.elements.get(element)
        if node is not None:
            _element(element, node, part, sheet)
    if sheet.kind is Kind.RESOURCE and part.effect == "Allow":
        _allowed(part, sheet)


def named(part: Part, kind: str, element: str = "Principal") -> Iterator[tuple[Node, str]]:
    """The known principals of one kind (``Service``), each with its text."""
    node = part.elements.get(element)
    for key, child in children(node) if node is not None else ():
        if key.lower() == kind.lower():
            for one in leaves(child):
                text = text_of(one)
                if text is not None:
                    yield one, text


def _element(element: str, node: Node, part: Part, sheet: Sheet) -> None:
    if sheet.kind is Kind.IDENTITY:
        sheet.say(
            "UNSUPPORTED_PRINCIPAL",
            node.named(),
            f"an identity policy has no {element}: it is about whom it is attached to",
            f"remove the {element}",
        )
        return
    if sheet.kind is Kind.SCP:
        sheet.say(
            "SCP_SYNTAX_ERROR_PRINCIPAL",
            node.named(),
            f"an SCP has no {element}",
            "remove it; a condition on `aws:PrincipalArn` can say whom it is about",
        )
        return
    if sheet.kind is Kind.RCP:
        _of_rcp(element, node, sheet)
        return
    if element == "NotPrincipal":
        if sheet.kind is Kind.TRUST:
            sheet.say(
                "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
                node.named(),
                "a role's trust policy has no NotPrincipal",
                "name who may assume the role in a Principal",
            )
        elif part.effect == "Allow":
            sheet.say(
                "ALLOW_WITH_NOT_PRINCIPAL",
                node.named(),
                "an Allow for all but these principals is one for everybody else, anonymous callers too",
                "name whom it is for in a Principal",
                (part.elements["Effect"],) if "Effect" in part.elements else (),
            )
    _form(element, node, sheet)


def _of_rcp(element: str, node: Node, sheet: Sheet) -> None:
    if element == "NotPrincipal":
        sheet.say(
            "RCP_SYNTAX_ERROR_PRINCIPAL",
            node.named(),
            "an RCP has no NotPrincipal",
            'write "Principal": "*"; a condition can say whom it is about',
        )
        return
    value = node.value
    if isinstance(value, Unknown):
        sheet.unsure(node)
        return
    everybody = [text for _, child in children(node) for one in items(child) if (text := text_of(one))]
    kinds = {key for key, _ in children(node)}
    if value.value == "*" or (kinds == {"AWS"} and everybody == ["*"]):
        return
    if any(isinstance(one.value, Unknown) for _, child in children(node) for one in items(child)):
        sheet.unsure(node)
        return
    sheet.say(
        "RCP_SYNTAX_ERROR_PRINCIPAL",
        node,
        "the Principal of an RCP can only be everybody",
        'write "Principal": "*"; a condition can say whom it is about',
    )


def _form(element: str, node: Node, sheet: Sheet) -> None:
    value = node.value
    if isinstance(value, Unknown):
        sheet.unsure(node)
        return
    if isinstance(value.value, str) or not hasattr(value.value, "items"):
        if value.value != "*":
            what = f"`{value.value}`" if isinstance(value.value, str) else kind_of(value.value)
            sheet.say(
                "INVALID_PRINCIPAL_FORMAT",
                node,
                f"the {element} is {what}, neither `*` nor an object",
                f'write "{element}": {{"AWS": …}}, or Service, Federated or CanonicalUser for AWS',
            )
        elif sheet.kind is Kind.TRUST and element == "Principal":
            sheet.say(
                "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
                node,
                "the Principal of a role's trust policy cannot be the bare `*`",
                "name who may assume the role",
            )
        return
    repeated(node, sheet)
    if not value.value:
        sheet.say(
            "EMPTY_OBJECT_PRINCIPAL",
            node,
            f"the {element} is empty, so that the statement does nothing",
            "name whom it is about, or remove the statement",
        )
    for key, child in children(node):
        kind = _KINDS.get(key.lower())
        if kind is None:
            near = nearest(key, _KINDS.values())
            sheet.say(
                "INVALID_PRINCIPAL_KEY",
                child.named(),
                f"`{key}` is not a kind of principal",
                f"did you mean `{near[0]}`?" if near else "write AWS, Service, Federated or CanonicalUser",
            )
            continue
        if kind != key:
            sheet.unsure(child, f"`{key}` is spelt `{kind}`; what AWS makes of it was not confirmed")
        _values(kind, child, sheet)


def _values(kind: str, node: Node, sheet: Sheet) -> None:
    value = node.value
    if isinstance(value, Known) and isinstance(value.value, tuple | list) and not value.value:
        sheet.say(
            "EMPTY_ARRAY_PRINCIPAL",
            node,
            f"no principal is named under {kind}, so that the statement does nothing",
            "name whom it is about, or remove the statement",
        )
    for one in items(node):
        text = text_of(one)
        if text is None:
            if isinstance(one.value, Unknown):
                if not _is_plain(kind, one.value):
                    sheet.unsure(one)
            else:
                what = kind_of(one.value.value)
                sheet.say("DATA_TYPE_MISMATCH", one, f"a principal is {what}, not a string", "write a string")
            continue
        if _WILD.search(text) and not (kind == "AWS" and text == "*") and "${" not in text:
            sheet.say(
                "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
                one,
                f"the wildcard in `{text}` is none: a principal is named in full"
                + (", or is `*` alone" if kind == "AWS" else ""),
                "name each principal; a condition on `aws:PrincipalArn` takes wildcards",
            )
        if kind == "AWS":
            _reference(text, one, sheet)
        if kind == "Federated" and sheet.kind is Kind.RESOURCE:
            sheet.say(
                "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
                one,
                f"`{text}` is a provider of identities, which only a role's trust policy can name",
                "name the role that these identities assume",
            )


def _is_plain(kind: str, value: Unknown) -> bool:
    """Whether what is known of a principal says that it is one, named in full.

    What fills a gap within an ARN, or within the name of a service, is taken to have no wildcard.
    """
    if is_made_arn(value):
        return kind != "Service"
    known = shape_of(value)
    first, last = (known[0], known[-1]) if known else ("", "")
    if any(isinstance(piece, str) and _WILD.search(piece) for piece in known):
        return False
    if kind == "Service":
        return isinstance(first, str) and isinstance(last, str) and last.endswith(".amazonaws.com")
    return isinstance(first, str) and first.startswith("arn:")


def _reference(text: str, node: Node, sheet: Sheet) -> None:
    for pattern, what, code in (
        (_ROLE_ID, "role", "INVALID_ROLE_REFERENCE"),
        (_USER_ID, "user", "INVALID_USER_REFERENCE"),
    ):
        if pattern.fullmatch(text):
            sheet.say(
                code,
                node,
                f"`{text}` is the unique ID of a {what}, as IAM leaves one behind whose {what} is deleted",
                f"write the {what}'s ARN, or remove it",
            )


# ------------------------------------------------------------------------------ services let in


def _allowed(part: Part, sheet: Sheet) -> None:
    """What an Allow of a resource-based policy owes where it lets services in."""
    services = list(named(part, "Service"))
    if not services:
        return
    tests = part.tests
    sources = [test for test in tests if test.name in OF_SOURCES]
    if not sources and part.whole_condition:
        referer = next((test for test in tests if test.name == "aws:referer"), None)
        if referer is not None:
            sheet.say(
                "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                referer.node.named(),
                f"`{referer.key}` does not say on whose behalf `{services[0][1]}` acts",
                _USE_SOURCE,
            )
        else:
            sheet.say(
                "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
                services[0][0],
                f"`{services[0][1]}` is let in on behalf of any account",
                _ADD_SOURCE,
                tuple(node for node, _ in services[1:]),
            )
    others = any(True for kind in ("AWS", "CanonicalUser") for _ in named(part, kind))
    for test in tests:
        if test.name in _NEVER_OF_SERVICES and not others and not _may_be_missing(test):
            sheet.say(
                "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                test.node.named(),
                f"a call of `{services[0][1]}` never has `{test.key}`, so that it is never let in",
                "use `aws:SourceOrgID` or `aws:SourceOrgPaths`, which say on whose behalf it acts",
            )


def _may_be_missing(test: Test) -> bool:
    """Whether a condition holds for a request without its key."""
    operator = test.operator
    return operator.if_exists or operator.negated or operator.base == "Null" or not operator.base
