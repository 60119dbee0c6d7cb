"""State machines of Step Functions, as what calls functions in an order of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stockade.model.function import Function
from stockade.model.relate import grouped
from stockade.model.subject import Subject
from stockade.value import Ref, Unknown, Value, parts_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StateMachine(Subject):
    """A state machine. ``definition`` is JSON that names what its states call."""

    name: Value[str]
    definition: Value[str]


def calls(
    machines: Sequence[StateMachine], named: Callable[[Value[str]], tuple[Function, ...]]
) -> Mapping[Function, tuple[StateMachine, ...]]:
    """The machines that call each function, by the references in their definitions.

    A function that a definition names by text alone is not found.
    """
    pairs: dict[tuple[Function, StateMachine], None] = {}
    for machine in machines:
        for part in parts_of(machine.definition):
            if isinstance(part, Ref):
                name: Unknown = Unknown("it is called by a state machine", machine.origin, text_of(part))
                pairs |= {(function, machine): None for function in named(name)}
    return grouped(pairs)
