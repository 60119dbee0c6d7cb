"""Log groups' names in policies, said by the expression that names the function, where that is no plain text.

What a policy says of ``/aws/lambda/orders-dev`` in a module is wrong as soon as somebody calls the module for
production. The function's own expression is taken over rather than asked for by reference: what a function
waits for cannot wait for the function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.fix.terraform.survey import Survey
from stockade.read.terraform import tree as t
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.instance import Instance
from stockade.value import Hole, Known, Text, text_of

OWN: Final = "\0name of "
"""How the name of a hole begins that stands for the expression of a function's name, by its address."""
_FUNCTION: Final = "aws_lambda_function"
_BEFORE: Final = "/aws/lambda/"


def called(survey: Survey, value: Any, frame: Frame) -> Any:
    """A value with holes for the names of functions of the module where it is written."""
    names = dict(_names(survey, frame))
    return _called(value, names) if names else value


def expression_of(survey: Survey, hole: Hole) -> str:
    """What is written for such a hole."""
    return _expression(survey.instance(hole.name.removeprefix(OWN)))


def _expression(instance: Instance) -> str:
    """The expression of a function's name; empty where it has none of its own."""
    declared = instance.declaration.attribute("function_name")
    if declared is None or isinstance(declared[1].value, t.Literal):
        return ""
    source, attribute = declared
    return source.data[attribute.value.start : attribute.value.end].decode()


def _names(survey: Survey, frame: Frame) -> Iterator[tuple[str, Hole]]:
    for address, one in survey.resources.items():
        instance = one.attributes
        if one.type != _FUNCTION or not isinstance(instance, Instance):
            continue
        name = instance["function_name"] if instance.frame.scope is frame.scope else None
        text = _expression(instance) if isinstance(name, Known) and isinstance(name.value, str) else ""
        if isinstance(name, Known) and text and not re.search(r"\n|\b(?:each|count)\.", text):
            yield name.value, Hole(f"{OWN}{address}")


def _called(value: Any, names: Mapping[str, Hole]) -> Any:
    match value:
        case str():
            made = text_of(*_pieces(value, names))
            return value if made.parts == (value,) else made
        case Text(parts):
            return text_of(
                *(piece for one in parts for piece in (_pieces(one, names) if isinstance(one, str) else (one,)))
            )
        case Mapping():
            return {key: _called(one, names) for key, one in value.items()}
        case tuple() | list():
            return type(value)(_called(one, names) for one in value)
        case _:
            return value


def _pieces(text: str, names: Mapping[str, Hole]) -> Iterator[str | Hole]:
    """A text in which names stand as holes, where they are whole and follow on how log groups are called."""
    choice = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    at = 0
    for found in re.finditer(rf"(?<={_BEFORE})(?:{choice})(?![\w-])", text):
        yield text[at : found.start()]
        yield names[found[0]]
        at = found.end()
    yield text[at:]
