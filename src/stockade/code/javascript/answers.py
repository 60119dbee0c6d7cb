"""What an answer says of what was asked for by its name: the address of a queue, the ARN of a topic."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.texts import made, pieces
from stockade.code.javascript.values import Literal, Opaque, Values, Words, join
from stockade.source import Span
from stockade.value import Hole

_START: Final = {
    "QueueUrl": ("https://", Hole("endpoint"), "/", Hole("account"), "/"),
    "TopicArn": ("arn:", Hole("partition"), ":sns:", Hole("region"), ":", Hole("account"), ":"),
}

_NAMED: Final = {
    ("sqs", "GetQueueUrl"): ("QueueName", "QueueUrl"),
    ("sqs", "CreateQueue"): ("QueueName", "QueueUrl"),
    ("sns", "CreateTopic"): ("Name", "TopicArn"),
}
"""By operation the parameter that has the name, and the member of the answer that has it as well."""


def kind(machine: Machine, service: str, operation: str, input: Values, at: Span) -> str:
    """The kind of an answer of which a member is known beforehand; empty where none is."""
    row = _NAMED.get((service, operation))
    names = machine.get(input, row[0], at) if row is not None else ()
    if row is None or not names or not all(isinstance(one, Literal | Words) for one in names):
        return ""
    texts = pieces(names, at)
    called = f"{row[1]} {texts}"
    machine.kept.answers[called] = row[1], join(*((made(*_START[row[1]], *one, at=at),) for one in texts))
    return called


def member(machine: Machine, answer: Opaque, name: str) -> Values:
    """A member of an answer; nothing where it is not known."""
    known = machine.kept.answers.get(answer.kind)
    return known[1] if known is not None and known[0] == name else ()
