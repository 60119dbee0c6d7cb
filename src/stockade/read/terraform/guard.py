"""The border where a failure to evaluate becomes an unknown that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockade.errors import BudgetExceeded
from stockade.read.terraform.cty import EvaluationError
from stockade.value import Origin, Unknown, Value


def guarded(compute: Callable[[], Value[Any]], origin: Origin) -> Value[Any]:
    """What ``compute`` gives, or an unknown with the reason why it gives nothing."""
    try:
        return compute()
    except EvaluationError as error:
        return Unknown(f"Terraform would refuse it: {error.message}", origin)
    except BudgetExceeded as error:
        return Unknown(error.message, origin)
    except RecursionError:
        return Unknown("it is nested too deeply", origin)
