"""What only a resource control policy is held to."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

from stockade.iam.match import glob_matches
from stockade.iam.pack import DATA
from stockade.iam.validate.sheet import Part, Sheet, Test, text_of

_OF_PRINCIPALS: Final = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
)
_OF_SERVICES: Final = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
_IS_SERVICE: Final = ("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist")


@cache
def covered() -> frozenset[str]:
    """The prefixes of the services that RCPs cover, as of the date of the catalogue's source."""
    return frozenset(json.loads((DATA / "rcp_services.json").read_text("utf-8"))["services"])


def check(part: Part, sheet: Sheet) -> None:
    """Everything about one statement of an RCP that goes beyond any policy's grammar."""
    if "NotAction" in part.elements:
        sheet.say(
            "RCP_SYNTAX_ERROR_NOTACTION",
            part.elements["NotAction"].named(),
            "an RCP has no NotAction",
            "list the actions in Action",
        )
    for node, text in part.known("Action"):
        prefix = text.partition(":")[0].lower()
        if text == "*" or "*" in prefix or "?" in prefix:
            inside = part.effect == "Allow" or any(glob_matches(prefix, one) for one in covered())
        else:
            inside = prefix in covered() or sheet.catalog.service(prefix) is None
        if not inside:
            sheet.say(
                "RCP_SYNTAX_ERROR_ACTION",
                node,
                f"RCPs do not cover the service of `{text}`, as of {sheet.catalog.date}",
                "AWS lists the services that support RCPs in its guide to Organizations",
            )
    if part.effect == "Allow":
        _allow(part, sheet)
    elif part.effect == "Deny" and part.whole_condition:
        _deny(part, sheet)


def _allow(part: Part, sheet: Sheet) -> None:
    resource = part.elements.get("Resource")
    texts = [text_of(node) for node in part.texts("Resource")]
    narrowed = (
        part.elements["Condition"]
        if part.conditional
        else resource
        if resource is not None and any(text not in ("*", None) for text in texts)
        else part.elements.get("NotResource")
    )
    if narrowed is not None:
        sheet.say(
            "RCP_SYNTAX_ERROR_ALLOW",
            narrowed,
            "an Allow of an RCP can only allow everything to everybody",
            "deny instead what is to be kept out",
        )


def _deny(part: Part, sheet: Sheet) -> None:
    names = {test.name for test in part.tests}
    knows_services = any(name in names for name in _IS_SERVICE)
    principal = next((test for test in part.tests if test.name in _OF_PRINCIPALS and _hits_missing(test)), None)
    if principal is not None and not knows_services:
        sheet.say(
            "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
            principal.node.named(),
            f"AWS's own services have no `{principal.key}`, and are denied as well",
            'add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}',
        )
    service = next((test for test in part.tests if test.name in _OF_SERVICES and test.operator.negated), None)
    if service is None:
        return
    if not knows_services:
        sheet.say(
            "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
            service.node.named(),
            f"roles and users have no `{service.key}`, and are denied as well",
            'add "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}',
        )
    asked = any(
        test.operator.base == "Null" and test.name in ("aws:sourceaccount", "aws:sourcearn")
        for test in part.tests
    )
    if not asked:
        sheet.say(
            "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
            service.node.named(),
            f"a service that acts on nobody's behalf has no `{service.key}`, and is denied as well",
            'add "Null": {"aws:SourceAccount": "false"}',
        )


def _hits_missing(test: Test) -> bool:
    """Whether a Deny hits requests without the key: it is negated, or says IfExists."""
    return test.operator.negated or test.operator.if_exists
