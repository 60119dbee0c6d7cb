"""Carries out commands of a closed list upon instances, clusters and databases."""
import json
import operator
import os

import boto3

from commands import COMMANDS, Unknown

READ = ("describe",)


def _clients():
    return {name: boto3.client(name) for name in {command.service for command in COMMANDS.values()}}


class Runner:
    def __init__(self):
        self._clients = _clients()
        self.log = []

    def run(self, name, target):
        try:
            command = COMMANDS[name]
        except KeyError:
            raise Unknown(name) from None
        method = getattr(self._clients[command.service], command.method)
        answer = method(**command.arguments(target))
        self.log.append((name, target))
        return operator.itemgetter(*command.keep)(answer) if command.keep else None


def handler(event, context):
    runner = Runner()
    out = [runner.run(one["command"], one["target"]) for one in event["commands"]]
    body = json.dumps(runner.log)
    runner_log = boto3.client("logs")
    runner_log.put_log_events(
        logGroupName=os.environ["COMMAND_LOG"],
        logStreamName="commands",
        logEvents=[{"timestamp": event["time"], "message": body}],
    )
    return json.loads(json.dumps(out, default=str))
