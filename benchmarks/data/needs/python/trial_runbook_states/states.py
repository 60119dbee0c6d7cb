"""States as values, and a machine that goes from one to the next."""
import json
import time
from dataclasses import dataclass, replace

import boto3


@dataclass(frozen=True)
class Start:
    instance: str
    commands: tuple


@dataclass(frozen=True)
class Running:
    instance: str
    command: str
    tries: int = 0


@dataclass(frozen=True)
class Done:
    output: str


@dataclass(frozen=True)
class Failed:
    reason: str

    def send_task_heartbeat(self):
        return self.reason


@dataclass(frozen=True)
class Cancelled:
    """No state leads here since commands end by themselves."""

    command: str


class Machine:
    def __init__(self, *, document):
        self._document = document
        self._ssm = boto3.client("ssm")
        self._tell = boto3.client("stepfunctions")

    def next(self, state):
        match state:
            case Start(instance=instance, commands=commands) if commands:
                sent = self._ssm.send_command(
                    InstanceIds=[instance], DocumentName=self._document, Parameters={"commands": list(commands)}
                )
                return Running(instance, sent["Command"]["CommandId"])
            case Start():
                return Failed("nothing to run")
            case Running(tries=tries) if tries > 20:
                return Failed("too slow")
            case Running(instance, command):
                return self._looked(state, instance, command)
            case other:
                raise TypeError(other)

    def _looked(self, state, instance, command):
        answer = self._ssm.get_command_invocation(CommandId=command, InstanceId=instance)
        match answer["Status"]:
            case "Success":
                return Done(answer["StandardOutputContent"])
            case "Pending" | "InProgress" | "Delayed":
                time.sleep(3)
                return replace(state, tries=state.tries + 1)
            case status:
                return Failed(status)

    def tell(self, token, state):
        if isinstance(state, Done):
            self._tell.send_task_success(taskToken=token, output=json.dumps(state.output))
        else:
            self._tell.send_task_failure(taskToken=token, error="Runbook", cause=state.send_task_heartbeat())

    def cancel(self, state):
        self._ssm.cancel_command(CommandId=state.command)
