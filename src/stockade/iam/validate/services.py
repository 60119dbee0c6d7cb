"""Rules that are one service's own: DynamoDB's attributes, S3's prefixes, keys that few actions have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.iam.match import glob_matches
from stockade.iam.validate.finding import Node
from stockade.iam.validate.keys import among
from stockade.iam.validate.sheet import Part, Sheet, Test

_CAPACITY: Final = ("INDEXES", "TOTAL", "NONE")
_RETURNED: Final = ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
_SELECT: Final = ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")
_VALUES: Final = {
    "dynamodb:returnconsumedcapacity": ("DYNAMODB_INVALID_RETURN_CONSUMED_CAPACITY", _CAPACITY),
    "dynamodb:returnvalues": ("DYNAMODB_INVALID_RETURN_VALUES", _RETURNED),
    "dynamodb:select": ("DYNAMODB_INVALID_SELECT_VALUE", _SELECT),
}
_READS: Final = ("GetItem", "BatchGetItem", "Query", "Scan")
_SELECTING: Final = ("Query", "Scan")
_WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
_RETURNING: Final = ("PutItem", "UpdateItem", "DeleteItem")
_REPLACING: Final = ("PutItem", "BatchWriteItem")

_FEW: Final = ("kms:encryptioncontext:", "s3:prefix", "cognito-identity.amazonaws.com:aud")
"""Keys of which AWS was seen to say that an action does not have them."""

_VPCE_KEYS: Final = ("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")
_WITH_VPCE: Final = frozenset(
    {
        "acm-pca",
        "applicationinsights",
        "apprunner",
        "athena",
        "b2bi",
        "cassandra",
        "cloudformation",
        "cognito-identity",
        "comprehendmedical",
        "compute-optimizer",
        "datasync",
        "discovery",
        "dms",
        "ds-data",
        "dynamodb",
        "ebs",
        "ecr",
        "ecs",
        "firehose",
        "gamelift",
        "healthlake",
        "iam",
        "identitystore",
        "iotfleetwise",
        "iottwinmaker",
        "iotwireless",
        "kinesisanalytics",
        "kms",
        "lambda",
        "medical-imaging",
        "network-firewall",
        "omics",
        "payment-cryptography",
        "polly",
        "pricing",
        "rbin",
        "rekognition",
        "route53",
        "s3",
        "scheduler",
        "servicediscovery",
        "servicequotas",
        "ses",
        "shield",
        "sms-voice",
        "sqs",
        "ssm-contacts",
        "storagegateway",
        "textract",
        "transcribe",
        "transfer",
        "workmail",
    }
)
"""The services that have at least one of these keys, as of October 2026."""


def check(part: Part, sheet: Sheet) -> None:
    """All of them, of one statement."""
    if not part.tests:
        return
    _supplied(part, sheet)
    _endpoints(part, sheet)
    for test in part.tests:
        if test.name == "s3:prefix":
            _prefix(test, part, sheet)
    if any(test.name.startswith("dynamodb:") for test in part.tests):
        _dynamodb(part, sheet)


def _supplied(part: Part, sheet: Sheet) -> None:
    for test in part.tests:
        if not test.name.startswith(_FEW) or (test.name.startswith("s3:prefix") and test.name != "s3:prefix"):
            continue
        without: list[Node] = []
        names: list[str] = []
        for node, text in part.known("Action"):
            action = sheet.catalog.action(text) if "*" not in text and "?" not in text else None
            if action is not None and not among(test.key, action.condition_keys) and not _may_claim(text, test):
                without.append(node)
                names.append(f"`{text}`")
        if without:
            sheet.say(
                "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
                without[0],
                f"{', '.join(names)} never {'has' if len(names) == 1 else 'have'} `{test.key}`",
                "put it into a statement of its own, without this condition",
                (*without[1:], test.node.named()),
            )


def _may_claim(action: str, test: Test) -> bool:
    """Whether an action is one of those that assume a role, in whose requests a provider's claims are."""
    return "." in test.name.partition(":")[0] and action.lower().startswith("sts:assumerole")


def _endpoints(part: Part, sheet: Sheet) -> None:
    test = next((one for one in part.tests if one.name in _VPCE_KEYS), None)
    if test is None:
        return
    others: list[Node] = []
    for node, text in part.known("Action"):
        prefix = text.partition(":")[0].lower()
        if "*" in prefix or "?" in prefix or (prefix not in _WITH_VPCE and sheet.catalog.service(prefix)):
            others.append(node)
    if "NotAction" in part.elements:
        others.append(part.elements["NotAction"].named())
    if others:
        sheet.say(
            "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
            test.node.named(),
            f"`{test.key}` is there for some services only, and the statement is about others too",
            "name actions of the services that have it, as AWS's page on global condition keys lists them",
            others,
        )


def _prefix(test: Test, part: Part, sheet: Sheet) -> None:
    operator = test.operator
    if operator.family != "String" or not part.effect:
        return
    if (part.effect == "Deny") is not operator.negated:
        sheet.say(
            "S3_PREFIX_IN_NEGATIVE_CONTEXT",
            test.node.named(),
            "a request with a shorter prefix does not match, and lists the same objects",
            "allow with StringLike what may be listed, or deny with StringNotLike all else",
        )


# ---------------------------------------------------------------------------------------- DynamoDB


def _dynamodb(part: Part, sheet: Sheet) -> None:
    by_name: dict[str, Test] = {}
    for test in part.tests:
        by_name.setdefault(test.name, test)
        known = _VALUES.get(test.name)
        if known is not None and test.operator.family == "String":
            code, allowed = known
            for node, text in test.known():
                if "${" not in text and not any(glob_matches(text, one) for one in allowed):
                    sheet.say(
                        code, node, f"`{test.key}` is never `{text}`", f"it is one of {', '.join(allowed)}"
                    )
    attributes, leading = by_name.get("dynamodb:attributes"), by_name.get("dynamodb:leadingkeys")
    if part.effect == "Allow" and part.whole_condition and attributes is not None:
        _attributes(attributes, by_name, part, sheet)
    if part.effect == "Allow" and leading is not None and (scan := _of(part, ("Scan",))):
        sheet.say(
            "DYNAMODB_SCAN_BYPASSES_LEADING_KEYS",
            scan[0],
            "a Scan reads the items of all partition keys, whatever `dynamodb:LeadingKeys` says",
            "do not allow `dynamodb:Scan` here",
            (leading.node.named(),),
        )
    for name, wrong, right in (
        ("dynamodb:select", _WRITES, "reads"),
        ("dynamodb:returnvalues", _READS, "writes"),
    ):
        test_ = by_name.get(name)
        if test_ is not None and (found := _exactly(part, wrong)):
            sheet.say(
                "DYNAMODB_WRONG_CONDITION_FOR_ACTION",
                found[0],
                f"`{test_.key}` is only there for {right}",
                "put the action into a statement of its own",
                (*found[1:], test_.node.named()),
            )


def _attributes(attributes: Test, by_name: dict[str, Test], part: Part, sheet: Sheet) -> None:
    if (found := _of(part, _SELECTING)) and not _is_held(
        by_name.get("dynamodb:select"), ("SPECIFIC_ATTRIBUTES",)
    ):
        sheet.say(
            "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
            attributes.node.named(),
            f"a read that names no attributes gets all of them, whatever `{attributes.key}` says",
            'add "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}',
            found,
        )
    held = _is_held(by_name.get("dynamodb:returnvalues"), ("NONE", "UPDATED_OLD", "UPDATED_NEW"))
    if (found := _of(part, _RETURNING)) and not held:
        sheet.say(
            "DYNAMODB_ATTRIBUTES_WITHOUT_RETURN_VALUES",
            attributes.node.named(),
            f"a write may return the whole item, whatever `{attributes.key}` says",
            'add "StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"]}',
            found,
        )
    if found := _of(part, _REPLACING):
        sheet.say(
            "DYNAMODB_REPLACE_OPERATION_WITH_ATTRIBUTES",
            found[0],
            f"a put replaces the whole item, attributes that `{attributes.key}` does not name among it",
            "allow `dynamodb:UpdateItem` instead",
            (*found[1:], attributes.node.named()),
        )


def _is_held(test: Test | None, values: Iterable[str]) -> bool:
    return test is not None and not test.operator.negated and all(text in values for _, text in test.known())


def _of(part: Part, names: Iterable[str]) -> list[Node]:
    """The elements of Action that cover one of DynamoDB's actions."""
    wanted = [f"dynamodb:{name}".lower() for name in names]
    return [
        node for node, text in part.known("Action") if any(glob_matches(text.lower(), one) for one in wanted)
    ]


def _exactly(part: Part, names: Iterable[str]) -> list[Node]:
    """The elements of Action that are one of DynamoDB's actions by name."""
    wanted = {f"dynamodb:{name}".lower() for name in names}
    return [node for node, text in part.known("Action") if text.lower() in wanted]
