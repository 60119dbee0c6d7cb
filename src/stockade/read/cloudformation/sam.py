"""SAM templates, by AWS's own translator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stockade.read.cloudformation.nodes import Fields, Problem
from stockade.read.cloudformation.template import Template
from stockade.value import Value


@dataclass(frozen=True, slots=True)
class Translated:
    """What the translator made of a template."""

    resources: Fields
    conditions: Fields


def translate(
    template: Template, resources: Fields, parameters: Mapping[str, Value[Any]], problems: list[Problem]
) -> Translated:
    return Translated(resources, template.conditions)
