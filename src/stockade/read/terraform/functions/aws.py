"""The AWS provider's own functions."""

from __future__ import annotations

from typing import Any

from stockade.patterns import lazy_regex
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import plain, valued
from stockade.read.terraform.functions.strings import pieces
from stockade.read.terraform.functions.unknowns import first_unknown, spliced
from stockade.value import Hole, Ref, Value

_ARN = ("partition", "service", "region", "account_id", "resource")
_ROLE = lazy_regex(r"role/(?:[^/]*/)*([^/]+)")


@plain("provider::aws::arn_parse(arn: string)")
def arn_parse(arn: str) -> dict[str, str]:
    sections = arn.split(":", 5)
    if len(sections) < 6 or sections[0] != "arn":
        raise EvaluationError(f"`{arn}` is not an ARN")
    return dict(sorted(zip(_ARN, sections[1:], strict=True)))


@valued(
    "provider::aws::arn_build(partition: string, service: string, region: string, account_id: string, "
    "resource: string)"
)
def arn_build(context: Context, *sections: Value[Any]) -> Value[Any]:
    """References among the sections stand in the ARN as they are."""
    parts: list[str | Ref | Hole] = ["arn"]
    for section in sections:
        parts.append(":")
        parts += pieces(section)
    return spliced(parts, first_unknown(sections), context.origin)


@plain("provider::aws::trim_iam_role_path(arn: string)")
def trim_iam_role_path(arn: str) -> str:
    sections = arn.split(":", 5)
    role = _ROLE.fullmatch(sections[5]) if len(sections) == 6 else None
    if role is None or sections[0] != "arn" or sections[2] != "iam":
        raise EvaluationError(f"`{arn}` is not the ARN of a role")
    return ":".join([*sections[:5], f"role/{role[1]}"])
