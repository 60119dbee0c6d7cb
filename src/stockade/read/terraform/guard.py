"""The border where a failure to evaluate becomes an unknown that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from stockade.errors import BudgetExceeded
from stockade.read.terraform import tree as t
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.frame import Frame
from stockade.value import Origin, Unknown, Value

GIVEN_UP: Final = (EvaluationError, BudgetExceeded, RecursionError)
"""What evaluation raises where there is no value."""


def evaluated(node: t.Expression, frame: Frame) -> Value[Any]:
    """The value of an expression, or an unknown at its place with the reason why it has none."""
    try:
        return evaluate(node, frame)
    except GIVEN_UP as error:
        return Unknown(why(error), frame.origin(node))


def guarded(compute: Callable[[], Value[Any]], origin: Origin) -> Value[Any]:
    """What ``compute`` gives, or an unknown with the reason why it gives nothing."""
    try:
        return compute()
    except GIVEN_UP as error:
        return Unknown(why(error), origin)


def why(error: EvaluationError | BudgetExceeded | RecursionError) -> str:
    """What a reader is told of it."""
    match error:
        case EvaluationError():
            return f"Terraform would refuse it: {error.message}"
        case BudgetExceeded():
            return error.message
        case _:
            return "it is nested too deeply"
