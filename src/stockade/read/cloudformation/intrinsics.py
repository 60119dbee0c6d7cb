"""The names of CloudFormation's intrinsic functions and pseudo-parameters."""

from __future__ import annotations

from typing import Final

KNOWN: Final = frozenset(
    {
        "Condition",
        "Fn::And",
        "Fn::Base64",
        "Fn::Cidr",
        "Fn::Contains",
        "Fn::EachMemberEquals",
        "Fn::EachMemberIn",
        "Fn::Equals",
        "Fn::FindInMap",
        "Fn::ForEach",
        "Fn::GetAZs",
        "Fn::GetAtt",
        "Fn::GetStackOutput",
        "Fn::If",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Length",
        "Fn::Not",
        "Fn::Or",
        "Fn::RefAll",
        "Fn::Select",
        "Fn::Split",
        "Fn::Sub",
        "Fn::ToJsonString",
        "Fn::Transform",
        "Fn::ValueOf",
        "Fn::ValueOfAll",
        "Ref",
    }
)
"""All functions, those that only stand in ``Rules`` included."""

LATER: Final = "Fn::Later"
"""Our own: a value that another tool fills in before deployment. Its argument says which and why, or is a
list of that and of what the value is called."""

NO_VALUE: Final = "AWS::NoValue"
