"""Terraform's functions over three-valued values: ``call`` runs one, ``FUNCTIONS`` lists them all.

A function that selects (``merge``, ``lookup``, ``element``) hands on the very values it was given, so
that a finding points at the line that decides; one that computes (``upper``, ``jsonencode``) gives its
result the origin of the call. An unknown argument makes an unknown result for the same reason, unless
the answer does not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from stockade.errors import BudgetExceeded
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions import (  # noqa: F401  importing a family declares its functions
    aws,
    conversions,
    csv_text,
    dates,
    deployment,
    encoding,
    files,
    fileset,
    formatting,
    former,
    hashes,
    json_text,
    mappings,
    network,
    numbers,
    patterns,
    sequences,
    sets,
    strings,
    yaml_text,
)
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import REGISTRY, Function
from stockade.value import Value

__all__ = ["FUNCTIONS", "Context", "Function", "call"]

FUNCTIONS: Mapping[str, Function] = MappingProxyType(REGISTRY)
"""Every function by its name; ``lazy`` ones are an evaluator's own to run."""


def call(name: str, args: Sequence[Value[Any]], context: Context) -> Value[Any]:
    """Run a function. Raises ``EvaluationError`` where Terraform refuses, ``BudgetExceeded`` where we do."""
    function = REGISTRY.get(name) or REGISTRY.get(name.removeprefix("core::"))
    if function is None:
        raise EvaluationError(f"there is no function named `{name}`")
    try:
        return function(args, context)
    except RecursionError:
        raise BudgetExceeded(f"what `{name}` is given nests too deeply") from None
