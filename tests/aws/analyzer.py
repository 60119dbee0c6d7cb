"""An IAM Access Analyzer for accounts of tests: a few rules of its own, written without ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tests.aws.account import THEN, Region

LEARN = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


def analyzer(
    here: Region,
    *,
    codes: Mapping[str, tuple[str, str]] | None = None,
    public: bool | None = None,
    granted: bool | None = None,
) -> None:
    """Declares the checks. ``codes`` are, by a text that is in a policy, what validation says of that policy.

    ``public`` and ``granted`` are what the custom checks say whatever they are asked, right or wrong.
    """

    def validate(asked: Mapping[str, Any]) -> Any:
        said = [one for text, one in (codes or {}).items() if text in asked["policyDocument"]]
        return [_finding(*one) for one in said]

    def check_public(asked: Mapping[str, Any]) -> Any:
        return _result(public if public is not None else any(map(_is_open, _allowing(asked))))

    def check_granted(asked: Mapping[str, Any]) -> Any:
        (access,) = asked["access"]
        actions, resources = access.get("actions", ["*"]), access.get("resources", ["*"])
        met = any(_covers(one, actions, resources) for one in _allowing(asked))
        return _result(granted if granted is not None else met)

    here.says("accessanalyzer:ValidatePolicy", validate)
    here.says("accessanalyzer:CheckNoPublicAccess", check_public)
    here.says("accessanalyzer:CheckAccessNotGranted", check_granted)


def _finding(code: str, type: str) -> dict[str, Any]:
    return {
        "findingDetails": "something is wrong with it",
        "findingType": type,
        "issueCode": code,
        "learnMoreLink": LEARN,
        "locations": [],
    }


def _result(found: bool) -> dict[str, Any]:
    message = "The policy document grants it." if found else "The policy document does not grant it."
    return {"result": "FAIL" if found else "PASS", "message": message, "reasons": []}


def _allowing(asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    statements = json.loads(asked["policyDocument"])["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return [one for one in listed if one["Effect"] == "Allow"]


def _is_open(statement: Mapping[str, Any]) -> bool:
    who = statement.get("Principal")
    return (who == "*" or (isinstance(who, Mapping) and "*" in _many(who.get("AWS")))) and not statement.get(
        "Condition"
    )


def _covers(statement: Mapping[str, Any], actions: Sequence[str], resources: Sequence[str]) -> bool:
    def met(wanted: Sequence[str], patterns: Sequence[str]) -> bool:
        return any(one == "*" or fnmatchcase(one.lower(), each.lower()) for one in wanted for each in patterns)

    return met(actions, _many(statement.get("Action"))) and met(resources, _many(statement.get("Resource")))


def _many(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def finding(here: Region, resource: str, kind: str, details: Mapping[str, Any], **more: Any) -> None:
    """Declares one finding of an analyzer that is there from the first of them on."""
    arn = f"arn:aws:access-analyzer:{here.name}:{here.account}:analyzer/ours"
    if "accessanalyzer:ListAnalyzers" not in set(here.book.declared()):
        known = {"arn": arn, "name": "ours", "type": "ACCOUNT", "createdAt": THEN, "status": "ACTIVE"}
        here.says("accessanalyzer:ListAnalyzers", [known])
    number = f"f{len(here.book._answers.get('accessanalyzer:GetFindingV2', {}).get(('id',), {}))}"
    summary = {
        "id": number,
        "resource": resource,
        "resourceType": "AWS::IAM::Role" if ":role/" in resource else "AWS::Lambda::Function",
        "resourceOwnerAccount": here.account,
        "findingType": kind,
        "status": "ACTIVE",
        "analyzedAt": THEN,
        "createdAt": THEN,
        "updatedAt": THEN,
        **more,
    }
    here.adds("accessanalyzer:ListFindingsV2", summary)
    here.says("accessanalyzer:GetFindingV2", {**summary, "findingDetails": [details]}, id=number)
