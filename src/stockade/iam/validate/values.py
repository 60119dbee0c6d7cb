"""The values of conditions: whether each can be what its operator and its key compare with."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from stockade.iam.validate.finding import Node
from stockade.iam.validate.grammar import kind_of
from stockade.iam.validate.keys import Found
from stockade.iam.validate.regions import may_be_region
from stockade.iam.validate.sheet import Sheet, Test
from stockade.patterns import lazy_regex
from stockade.value import Known, Unknown, is_sensitive

_Network: TypeAlias = IPv4Network | IPv6Network

_WILD: Final = lazy_regex(r"[*?]")
_VARIABLE: Final = lazy_regex(r"\$\{[^}]*\}")
_DATE: Final = lazy_regex(
    r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?)?)?|[0-9]{8}T[0-9]{6}Z?"
)
_EPOCH: Final = lazy_regex(r"-?[0-9]{5,}(?:\.[0-9]+)?")
_NUMBER: Final = lazy_regex(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_LONGEST: Final = 4_000
_BASE64: Final = lazy_regex(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_KMS_KEY: Final = lazy_regex(r"arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/(?:mrk-)?[0-9A-Za-z-]+")
_CALLED: Final = lazy_regex(r"[a-z0-9-]+\.(?:amazonaws\.com|amazon\.com|amazonaws\.com\.cn)")
_VIA: Final = lazy_regex(r"[a-z0-9-]+\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")

SENSITIVE: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
    }
)
"""The keys that AWS's page on global condition keys calls sensitive, as of October 2026."""

_SUBJECT: Final = "token.actions.githubusercontent.com:sub"
_ENOUGH: Final = 6
"""How many characters AWS wants before a wildcard in GitHub's subject."""

_FORMS: Final[dict[str, tuple[str, re.Pattern[str], str, str]]] = {
    "aws:sourcevpc": (
        "INVALID_VPC_FORMAT",
        lazy_regex(r"vpc-(?:[0-9a-zA-Z]{8}|[0-9a-zA-Z]{17})"),
        "the ID of a VPC",
        "write vpc- and the 8 or 17 characters of its ID",
    ),
    "aws:sourcevpce": (
        "INVALID_VPCE_FORMAT",
        lazy_regex(r"vpce-(?:[0-9a-zA-Z]{8}|[0-9a-zA-Z]{17})"),
        "the ID of a VPC endpoint",
        "write vpce- and the 8 or 17 characters of its ID",
    ),
    "aws:calledvia": ("INVALID_SERVICE_PRINCIPAL_FORMAT", _CALLED, "a service", "write SERVICE.amazonaws.com"),
    "aws:calledviafirst": (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        _CALLED,
        "a service",
        "write SERVICE.amazonaws.com",
    ),
    "aws:calledvialast": (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        _CALLED,
        "a service",
        "write SERVICE.amazonaws.com",
    ),
    "kms:viaservice": (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        _VIA,
        "a service in a Region",
        "write SERVICE.REGION.amazonaws.com",
    ),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": (
        "INVALID_KMS_KEY_VALUE",
        _KMS_KEY,
        "the ARN of a KMS key",
        "write arn:aws:kms:REGION:ACCOUNT:key/ID",
    ),
}
"""What the values of some keys look like."""


def check(test: Test, found: Found, sheet: Sheet) -> None:
    """Everything about the values under one key."""
    kinds = [kind_of(node.value.value) for node in test.values if isinstance(node.value, Known)]
    wrong = [node for node in test.values if _is_no_scalar(node)]
    for node in wrong:
        what = kind_of(node.value.value) if isinstance(node.value, Known) else ""
        sheet.say("DATA_TYPE_MISMATCH", node, f"a value of `{test.key}` is {what}", "write a string")
    if not wrong and len(set(kinds)) > 1:
        sheet.say(
            "INVALID_CONDITION_DATA_TYPE",
            test.node,
            f"the values of `{test.key}` are of different types: {', '.join(sorted(set(kinds)))}",
            "write all of them as strings",
        )
    match test.operator.family:
        case "Bool" | "Null":
            _booleans(test, sheet)
        case "Numeric":
            _numbers(test, sheet)
        case "Date":
            _each(test, sheet, _date)
        case "Binary":
            _each(test, sheet, _binary)
        case "Ip":
            _addresses(test, sheet)
        case "String":
            _texts(test, sheet)
        case _:
            _sensitive(test, sheet)


def _is_no_scalar(node: Node) -> bool:
    value = node.value
    return isinstance(value, Known) and kind_of(value.value) in ("an object", "an array", "null")


def _each(test: Test, sheet: Sheet, one: Callable[[Node, str, Test, Sheet], None]) -> None:
    """Look at every value that is known and has no policy variable, numbers as their text."""
    for node in test.values:
        if isinstance(node.value, Unknown) or _is_no_scalar(node) or is_sensitive(node.value):
            continue
        text = _written(node.value.value)
        if "${" not in text:
            one(node, text, test, sheet)


def _written(value: object) -> str:
    """A scalar as its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return "a number of thousands of digits"  # whose text Python refuses to make
    return str(value)


def _booleans(test: Test, sheet: Sheet) -> None:
    if test.operator.base == "Bool" and len(test.values) > 1:
        sheet.say(
            "INVALID_CONDITION_MULTIPLE_BOOLEAN",
            test.node,
            f"`{test.key}` is compared with {len(test.values)} values, of which one would do",
            "write one value, true or false",
        )
    _each(test, sheet, _boolean)


def _boolean(node: Node, text: str, test: Test, sheet: Sheet) -> None:
    if text.lower() not in ("true", "false"):
        sheet.say("TYPE_MISMATCH_BOOLEAN", node, f"`{text}` is neither true nor false", "write true or false")


def _numbers(test: Test, sheet: Sheet) -> None:
    numbers: list[Decimal] = []

    def number(node: Node, text: str, test: Test, sheet: Sheet) -> None:
        if _NUMBER.fullmatch(text):
            numbers.append(Decimal(text))
        else:
            sheet.say("TYPE_MISMATCH_NUMBER", node, f"`{text}` is not a number", "write a number")

    _each(test, sheet, number)
    base = test.operator.base
    if len(numbers) > 1 and test.whole and ("Less" in base or "Greater" in base):
        which, value = ("greatest", max(numbers)) if "Less" in base else ("least", min(numbers))
        sheet.say(
            "REDUNDANT_CONDITION_VALUE_NUM",
            test.node,
            f"of several numbers under `{test.written}` only the {which} matters",
            f"write {value} alone",
        )


def _date(node: Node, text: str, test: Test, sheet: Sheet) -> None:
    if _EPOCH.fullmatch(text) and not _DATE.fullmatch(text):
        sheet.say(
            "INVALID_DATE_VALUE",
            node,
            f"`{text}` is taken as seconds since 1970",
            "write a date, as 2026-01-31 or 2026-01-31T12:00:00Z",
        )
    elif not _DATE.fullmatch(text):
        sheet.say(
            "TYPE_MISMATCH_DATE",
            node,
            f"`{text}` is not a date",
            "write a date, as 2026-01-31 or 2026-01-31T12:00:00Z",
        )


def _binary(node: Node, text: str, test: Test, sheet: Sheet) -> None:
    if not _BASE64.fullmatch(text):
        sheet.say("TYPE_MISMATCH_STRING", node, f"`{text}` is not Base64", "encode the value in Base64")


# --------------------------------------------------------------------------------------- addresses


def _addresses(test: Test, sheet: Sheet) -> None:
    private: list[Node] = []
    public = 0

    def address(node: Node, text: str, test: Test, sheet: Sheet) -> None:
        nonlocal public
        network = _network(text)
        if network is None:
            sheet.say(
                "TYPE_MISMATCH_IP_RANGE",
                node,
                f"`{text}` is neither an address nor a range",
                "write it in CIDR form, as 203.0.113.0/24",
            )
            public += 1
            return
        if ip_address(text.partition("/")[0]) != network.network_address:
            sheet.say(
                "IMPROVE_IP_RANGE",
                node,
                f"the bits of `{text}` beyond its mask do not count",
                f"write `{network}`",
                instead=str(network),
            )
        if any(_is_within(network, one) for one in _PRIVATE):
            private.append(node)
        else:
            public += 1

    _each(test, sheet, address)
    if test.name != "aws:sourceip" or not private:
        return
    negated = test.operator.negated
    if public:
        code = "PRIVATE_NOT_IP_ADDRESS_SUBSET" if negated else "PRIVATE_IP_ADDRESS_SUBSET"
        what = "some of these addresses are private, which `aws:SourceIp` never is"
    elif len(private) == len(test.values):
        code = "PRIVATE_NOT_IP_ADDRESS" if negated else "PRIVATE_IP_ADDRESS"
        what = (
            f"`aws:SourceIp` is never a private address, so that this {'always' if negated else 'never'} holds"
        )
    else:
        return
    help = "write public addresses, or use `aws:VpcSourceIp` with `aws:SourceVpc`"
    sheet.say(code, private[0], what, help, private[1:])


def _is_within(network: _Network, other: _Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)


def _network(text: str) -> _Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------- texts


def _texts(test: Test, sheet: Sheet) -> None:
    base = test.operator.base
    for node, text in test.known():
        plain = _VARIABLE.sub("", text)
        if base.endswith("Like"):
            if plain == "*" and text == "*" and len(test.values) == 1:
                _lone_star(node, test, sheet)
        elif _WILD.search(plain):
            sheet.say(
                "WILDCARD_WITHOUT_LIKE_OPERATOR",
                node,
                f"`{test.written}` takes the wildcard in `{text}` as it is",
                f"write `{_liked(test.written)}`, if a wildcard is meant",
            )
        if "${" not in text and not (_WILD.search(text) and base.endswith("Like")):
            _form(node, text, test, sheet)
    _sensitive(test, sheet)


def _liked(written: str) -> str:
    """The operator that takes wildcards; there is none that leaves case out as well."""
    for name, like in (
        ("StringNotEqualsIgnoreCase", "StringNotLike"),
        ("StringEqualsIgnoreCase", "StringLike"),
        ("StringNotEquals", "StringNotLike"),
        ("StringEquals", "StringLike"),
    ):
        if name in written:
            return written.replace(name, like)
    return "StringLike"


def _lone_star(node: Node, test: Test, sheet: Sheet) -> None:
    """``*`` alone under a Like operator: it asks only whether the key is there, or nothing at all."""
    operator = test.operator
    loose = operator.if_exists or operator.qualifier == "ForAllValues"
    if not operator.negated and loose:
        code, what, help = "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", "always holds", "remove the key"
    elif not operator.negated:
        code, what = "EQUIVALENT_TO_NULL_FALSE", "asks only whether the key is there"
        help = f'write "Null": {{"{test.key}": "false"}}'
    elif operator.qualifier == "ForAnyValue":
        code, what = "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION", "never holds"
        help = "remove the statement, or compare with what is meant"
    else:
        code, what = "EQUIVALENT_TO_NULL_TRUE", "asks only whether the key is missing"
        help = f'write "Null": {{"{test.key}": "true"}}'
    sheet.say(code, node, f"`{test.written}` with `*` on `{test.key}` {what}", help)


def _form(node: Node, text: str, test: Test, sheet: Sheet) -> None:
    if test.name == "aws:requestedregion" and not may_be_region(text) and not _WILD.search(text):
        sheet.say("INVALID_REGION", node, f"`{text}` is not a Region", "write a Region, as us-east-1")
    form = _FORMS.get(test.name)
    if form is not None and not form[1].fullmatch(text) and not _WILD.search(text):
        code, _, what, help = form
        sheet.say(code, node, f"`{text}` is not {what}, as `{test.key}` is", help)


def _sensitive(test: Test, sheet: Sheet) -> None:
    """Wildcards where AWS wants none, or text before them."""
    if not test.operator.like:
        return
    for node, text in test.known():
        plain = _VARIABLE.sub("", text)
        if not _WILD.search(plain):
            continue
        if test.name in SENSITIVE:
            what, help = (
                f"a wildcard in `{test.key}` lets in more than anybody means",
                "write each value in full",
            )
        elif test.name == "aws:userid":
            left, colon, _ = plain.partition(":")
            if colon and (left == "*" or not _WILD.search(left)):
                continue
            what = f"the wildcard in `{text}` stands for any user and any role"
            help = "write the unique ID before the colon in full"
        elif test.name == _SUBJECT and "${" not in text:
            if all(len(piece) >= _ENOUGH for piece in re.split(r"[*?]+", text)[:-1]):
                continue
            what = f"a wildcard in `{text}` follows fewer than {_ENOUGH} characters"
            help = "write the owner and the repository in full"
        else:
            continue
        sheet.say("WILDCARD_USAGE_TOO_PERMISSIVE", node, what, help)
