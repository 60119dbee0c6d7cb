"""Screens payments: rules yield what is to be done, an engine does it."""
from engine import Engine
from rules import base
import rules.amount  # noqa: F401 - registers
import rules.country  # noqa: F401 - registers

_engine = Engine()


def handler(event, context):
    done = []
    for rule in base.Rule.known.values():
        steps = rule().steps(event)
        answer = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as end:
                done.append(end.value)
                break
            answer = _engine.do(step)
    return [one for one in done if one]
