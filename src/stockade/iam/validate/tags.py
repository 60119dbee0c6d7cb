"""Conditions on tags of actions that never have them."""

from __future__ import annotations

from typing import Final

from stockade.iam.catalog import Action
from stockade.iam.validate.finding import Node
from stockade.iam.validate.sheet import Part, Sheet, Test

_RESOURCE_TAG: Final = "aws:resourcetag/"


def check(part: Part, sheet: Sheet) -> None:
    """Statements with a condition on ``aws:ResourceTag`` and actions for which it is never there."""
    if not part.effect:
        return
    for test in part.tests:
        if not test.name.startswith(_RESOURCE_TAG) or not _needs_key(test):
            continue
        if "NotAction" in part.elements:
            _all_but(part, test, sheet)
        else:
            _listed(part, test, sheet)


def _needs_key(test: Test) -> bool:
    """Whether the condition holds only for requests that have the key."""
    operator = test.operator
    return bool(operator.base) and not (operator.negated or operator.if_exists or operator.base == "Null")


def _all_but(part: Part, test: Test, sheet: Sheet) -> None:
    sheet.say(
        f"{part.effect.upper()}_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        part.elements["NotAction"].named(),
        f"many of the actions that NotAction leaves never have `{test.key}`, and are not "
        f"{'allowed' if part.effect == 'Allow' else 'denied'}",
        "list the actions in Action",
        (test.node.named(),),
    )


def _listed(part: Part, test: Test, sheet: Sheet) -> None:
    without: dict[str, list[Node]] = {}
    for node, text in part.known("Action"):
        covered = sheet.catalog.expand(text) if ":" in text else ()  # `*` covers many that have it
        if covered and all(map(_never_has_tags, covered)):
            without.setdefault(covered[0].service, []).append(node)
    if not without:
        return
    services = ", ".join(f"`{one}`" for one in sorted(without))
    nodes = [node for some in without.values() for node in some]
    done = "allow" if part.effect == "Allow" else "deny"
    if len(nodes) > 1:
        message = f"actions of {services} never have `{test.key}`, so that the statement does not {done} them"
    else:
        message = f"an action of {services} never has `{test.key}`, so that the statement does not {done} it"
    sheet.say(
        f"{part.effect.upper()}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        nodes[0],
        message,
        "put them into a statement of their own, without this condition",
        (*nodes[1:], test.node.named()),
    )


def _never_has_tags(action: Action) -> bool:
    """Whether no resource and no tag comes with an action at all.

    Those are the actions of which AWS was seen to say it; it does not say it of one that takes a resource
    without tags, or a tag in the request.
    """
    return not action.resource_types and not any("tag" in key.lower() for key in action.condition_keys)
