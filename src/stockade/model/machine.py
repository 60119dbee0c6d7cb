"""State machines of Step Functions, as what calls functions in an order of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.json_text import document
from stockade.model.function import Function
from stockade.model.relate import grouped
from stockade.model.subject import Subject
from stockade.records import dataclass
from stockade.value import Known, Ref, Unknown, Value, parts_of, shape_of, text_of

_MOST: Final = 10_000
"""Values of a definition that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StateMachine(Subject):
    """A state machine. ``definition`` is JSON that names what its states call."""

    name: Value[str]
    definition: Value[str]


def calls(
    machines: Sequence[StateMachine], named: Callable[[Value[str]], tuple[Function, ...]]
) -> Mapping[Function, tuple[StateMachine, ...]]:
    """The machines that call each function, by what their definitions refer to or name as one."""
    pairs: dict[tuple[Function, StateMachine], None] = {}
    for machine in machines:
        behind = machine.definition.behind if isinstance(machine.definition, Unknown) else ()
        for part in (*parts_of(machine.definition), *behind):
            if isinstance(part, Ref):
                name: Unknown = Unknown("it is called by a state machine", machine.origin, text_of(part))
                pairs |= {(function, machine): None for function in named(name)}
        for called in _called(document(machine.definition)):
            pairs |= {(function, machine): None for function in named(called)}
    return grouped(pairs)


def _called(tree: Value[Any]) -> Iterator[Value[Any]]:
    """What the tasks of a definition call: a function's ARN, or the name that they give to Lambda."""
    waiting, seen = [tree], 0
    while waiting and seen < _MOST:
        value = waiting.pop()
        seen += 1
        if not isinstance(value, Known):
            continue
        if isinstance(value.value, tuple):
            waiting += value.value
        elif isinstance(value.value, dict):
            for key, one in value.value.items():
                if key == "FunctionName" or (key == "Resource" and ":function:" in _text(one)):
                    yield one
                else:
                    waiting.append(one)


def _text(value: Value[Any]) -> str:
    shape = shape_of(value) if isinstance(value, Unknown) or isinstance(value.value, str) else ()
    return "".join(piece for piece in shape if isinstance(piece, str))
