"""Runs a command on an instance and tells Step Functions how it went."""
import os

from states import Done, Failed, Machine, Start

_machine = Machine(document=os.environ.get("DOCUMENT", "AWS-RunShellScript"))


def handler(event, context):
    state = Start(event["instance"], tuple(event["commands"]))
    while not isinstance(state, (Done, Failed)):
        state = _machine.next(state)
    _machine.tell(event["token"], state)
    return type(state).__name__
