"""Conditions: operators, keys, and whether the two and the number of values go together."""

from __future__ import annotations

from typing import Any, Final

from stockade.iam.validate import values
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.grammar import kind_of, repeated
from stockade.iam.validate.keys import OLD, Found, look_up
from stockade.iam.validate.near import nearest
from stockade.iam.validate.sheet import OPERATORS, Part, Sheet, Test, children, operator
from stockade.value import Known, Unknown, Value

_ALLOWED: Final = {
    "ARN": ("Arn", "String"),
    "Bool": ("Bool",),
    "Date": ("Date",),
    "IPAddress": ("Ip",),
    "Numeric": ("Numeric",),
    "String": ("String", "Arn"),
}
"""Which operators go with a key of each type; ``Null`` goes with all. AWS takes text under an ARN operator."""

_NAMES: Final = {
    "Arn": "ARN",
    "Binary": "binary",
    "Bool": "Boolean",
    "Date": "date",
    "Ip": "IP address",
    "Numeric": "numeric",
    "String": "string",
}
_UNTRUSTWORTHY: Final = ("aws:referer", "aws:useragent")
_OF_VPC: Final = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn")


def read(part: Part, sheet: Sheet) -> None:
    """Read the Condition into the part's tests, and write down what is wrong with its grammar."""
    node = part.elements.get("Condition")
    if node is None:
        return
    if isinstance(node.value, Unknown):
        sheet.unsure(node)
        part.whole_condition = False
        return
    if not _is_object(node, "the Condition", sheet):
        return
    repeated(node, sheet)
    if not node.value.value:
        sheet.say("EMPTY_OBJECT_CONDITION", node, "the Condition is empty", "remove it, or write a condition")
    tests: list[Test] = []
    for written, block in children(node):
        if isinstance(block.value, Unknown):
            sheet.unsure(block)
            part.whole_condition = False
        elif _is_object(block, f"the condition `{written}`", sheet):
            repeated(block, sheet)
            if not block.value.value:
                sheet.say(
                    "EMPTY_OBJECT_CONDITION",
                    block,
                    f"`{written}` has no keys",
                    "remove it, or write a condition",
                )
            tests += _block(written, block, sheet)
    part.tests = tuple(tests)


def _is_object(node: Node, what: str, sheet: Sheet) -> bool:
    value = node.value.value if isinstance(node.value, Known) else None
    if hasattr(value, "items"):
        return True
    sheet.say("DATA_TYPE_MISMATCH", node, f"{what} is {kind_of(value)}, not an object", "write an object")
    return False


def _block(written: str, block: Node, sheet: Sheet) -> list[Test]:
    parsed = operator(written)
    if not parsed.base:
        if "${" in written:
            sheet.unsure(block, "the operator is not known")
        else:
            near = nearest(written.rpartition(":")[2], OPERATORS.values())
            qualified = f"{written.rpartition(':')[0]}:" if ":" in written and near else ""
            sheet.say(
                "INVALID_CONDITION_OPERATOR",
                block.named(),
                f"there is no condition operator `{written}`",
                f"did you mean `{qualified}{near[0]}`?" if near else "AWS lists them under condition operators",
            )
    elif parsed.base == "Null" and parsed.if_exists:
        sheet.say(
            "NULL_WITH_IF_EXISTS",
            block.named(),
            "Null asks whether a key exists, so that IfExists means nothing beside it",
            "remove `IfExists`",
        )
    elif parsed.base == "Null" and parsed.qualifier:
        always = "always" if parsed.qualifier == "ForAllValues" else "never"
        sheet.say("NULL_WITH_QUALIFIER", block.named(), f"`{written}` {always} holds", "write `Null`")
    tests: list[Test] = []
    seen: dict[str, Node] = {}
    for key, node in children(block):
        lower = key.lower()
        if lower in seen:
            sheet.say(
                "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
                node.named(),
                f"`{key}` is the same key as `{seen[lower].path[-1]}`: case does not count",
                "merge the two",
                (seen[lower].named(),),
            )
        seen.setdefault(lower, node)
        tests.append(Test(parsed, written, key, node, *_values(node)))
    return tests


def _values(node: Node) -> tuple[tuple[Node, ...], bool]:
    """The values under a key, and whether none is missing from them."""
    value: Value[Any] = node.value
    if isinstance(value, Known) and isinstance(value.value, tuple | list):
        found = tuple(Node(item, (*node.path, index)) for index, item in enumerate(value.value))
    else:
        found = (node,)
    whole = not any(isinstance(one.value, Unknown) and one.value.text is None for one in found)
    return found, whole


def check(part: Part, sheet: Sheet) -> None:
    """Everything about the keys and values of one statement's conditions."""
    for test in part.tests:
        found = look_up(test.key, sheet.catalog) if "${" not in test.key else Found("", False)
        if "${" in test.key:
            sheet.unsure(test.node, "the condition key is not known")
        elif found.code:
            sheet.say(found.code, test.node.named(), found.message, found.help)
        _empty(test, sheet)
        if test.operator.base:
            _qualifier(test, found, sheet)
            _type(test, found, sheet)
            values.check(test, found, sheet)
        _key(test, part, sheet)


def _empty(test: Test, sheet: Sheet) -> None:
    if test.values:
        return
    qualifier = test.operator.qualifier
    if qualifier == "ForAllValues":
        code, what = "EMPTY_ARRAY_CONDITION_FORALLVALUES", "holds only where the key is missing"
    elif qualifier == "ForAnyValue":
        code, what = "EMPTY_ARRAY_CONDITION_FORANYVALUE", "never holds"
    elif test.operator.if_exists:
        code, what = "EMPTY_ARRAY_CONDITION_IFEXISTS", "holds only where the key is missing"
    else:
        code, what = "EMPTY_ARRAY_CONDITION", "compares with nothing"
    missing = "missing" in what
    sheet.say(
        code,
        test.node,
        f"`{test.key}` has no values: `{test.written}` {what}",
        f'write "Null": {{"{test.key}": "true"}}, if that is meant' if missing else "write the values",
    )


def _qualifier(test: Test, found: Found, sheet: Sheet) -> None:
    null = test.operator.base == "Null"
    if found.many and not test.operator.qualifier and not null:
        sheet.say(
            "MISSING_QUALIFIER",
            test.node.named(),
            f"a request may have several values of `{test.key}`",
            f"write `ForAnyValue:{test.written}`, or ForAllValues with a condition that the key is there",
        )
    elif found.single and test.operator.qualifier == "ForAllValues" and not null:
        sheet.say(
            "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
            test.node.named(),
            f"ForAllValues holds also where the request has no `{test.key}`, which has one value",
            "remove `ForAllValues:`",
        )


def _type(test: Test, found: Found, sheet: Sheet) -> None:
    family = test.operator.family
    allowed = _ALLOWED.get(found.type)
    if family == "Null" or allowed is None:
        return
    if family not in allowed and not (family == "Numeric" and test.name == "aws:epochtime"):
        sheet.say(
            "TYPE_MISMATCH",
            test.node.named(),
            f"`{test.written}` is a {_NAMES[family]} operator, and `{test.key}` is of the type {found.type}",
            f"use {_an(_NAMES[allowed[0]])} operator",
        )
    elif found.type == "ARN" and test.operator.base in ("StringLike", "StringNotLike"):
        instead = test.written.replace("StringLike", "ArnLike").replace("StringNotLike", "ArnNotLike")
        sheet.say(
            "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
            test.node.named(),
            f"a wildcard of `{test.written}` reaches across the fields of an ARN, such as `{test.key}` is",
            f"write `{instead}`",
        )


def _an(name: str) -> str:
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def _key(test: Test, part: Part, sheet: Sheet) -> None:
    """What there is to say of a key by its name alone."""
    if test.name == OLD:
        sheet.say(
            "DEPRECATED_GLOBAL_CONDITION_KEY",
            test.node.named(),
            f"`{test.key}` is an old name of `aws:PrincipalArn`",
            "write `aws:PrincipalArn`; for the resource that a service acts for, `aws:SourceArn`",
        )
    elif test.name in _UNTRUSTWORTHY and test.operator.base != "Null":
        sheet.say(
            "UNTRUSTWORTHY_CONDITION_KEY",
            test.node.named(),
            f"callers write `{test.key}` themselves, whatever they like",
            "use a key that AWS sets, such as `aws:SourceArn` or `aws:PrincipalArn`",
        )
    elif test.name == "aws:vpcsourceip" and part.whole_condition and test.operator.base != "Null":
        if not any(other.name in _OF_VPC for other in part.tests):
            sheet.say(
                "MISSING_PAIRED_CONDITION_KEYS",
                test.node.named(),
                f"`{test.key}` is an address in a VPC, and anybody's VPC may have it",
                "add a condition on `aws:SourceVpc` or `aws:SourceVpce`",
            )
    elif test.name == "s3:resourceaccount" and sheet.kind is Kind.RESOURCE:
        if sheet.resource_type in ("AWS::S3::Bucket", "AWS::S3::AccessPoint"):
            sheet.say(
                "IRRELEVANT_CONDITION_KEY_IN_POLICY",
                test.node.named(),
                f"`{test.key}` is the account of the very resource that the policy is on",
                "use it in identity policies",
            )
