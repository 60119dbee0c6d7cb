"""What a client's requests pass on their way: the middlewares in the stack that its owner put them into."""

from __future__ import annotations

from typing import Any, Final

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Helper, Native, Opaque, Values, is_nothing, join
from stockade.source import Span

STACK: Final = "middlewareStack"


def stack(service: str, at: Span) -> Values:
    """The stack of a service's client."""
    return (Helper(STACK, at, service),)


def method(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a stack: middlewares are kept, plugins put them into it."""
    first = arguments[0] if arguments else ()
    match name:
        case "add" | "addRelativeTo":
            machine.stacked[holder.service] = join(machine.stacked.get(holder.service, ()), first)
        case "use":
            machine.invoke(first, "applyToStack", [(holder,)], at)
        case "clone" | "concat":
            return (holder,)
    return machine.undefined(at)


def passed(machine: Machine, service: str, answer: Values, at: Span) -> None:
    """A service is asked for something: the middlewares of its clients run.

    Which of several clients of one service has them is not told apart, nor what they make of the request.
    """
    middlewares = machine.stacked.get(service, ())
    if not middlewares or service in machine.passing:
        return

    def on(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        return answer

    machine.passing.add(service)
    try:
        context = machine.unknown("it is handed over by the SDK", at)
        given = machine.unknown("it is a request on its way", at)
        for made in machine.call(middlewares, (), [(Native("next", on),), context], at):
            if not isinstance(made, Opaque) and not is_nothing(made):
                machine.call((made,), (), [given], at)
    finally:
        machine.passing.discard(service)
