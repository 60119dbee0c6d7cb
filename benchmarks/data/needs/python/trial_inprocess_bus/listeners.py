"""Who listens."""
import json
import os
from datetime import datetime, timezone

import boto3

_logs = boto3.client("logs")


class Audit:
    group = "/audit/users"

    def join(self, bus):
        bus.after(self)

    def __call__(self, topic, what):
        now = datetime.now(timezone.utc)
        _logs.put_log_events(
            logGroupName=self.group,
            logStreamName=f"{now:%Y-%m-%d}",
            logEvents=[{"timestamp": int(now.timestamp() * 1000), "message": json.dumps([topic, what])}],
        )


class Welcome:
    def __init__(self, name):
        self._name = name
        self._steps = boto3.client("stepfunctions")

    def start(self, user, mail):
        arn = os.environ["FLOWS_PREFIX"] + self._name
        return self._steps.start_execution(stateMachineArn=arn, input=json.dumps({"user": user}))


class Mailer:
    source = os.getenv("MAIL_FROM", "hello@example.com")

    def __init__(self, client=None):
        self._send = (client or boto3.client("ses")).send_templated_email

    def send(self, mail, **_):
        return self._send(
            Source=self.source, Destination={"ToAddresses": [mail]}, Template="welcome", TemplateData="{}"
        )


def forget(user, **_):
    """Nobody publishes what this one listens to."""
    boto3.client("cognito-idp").admin_delete_user(UserPoolId=os.environ["POOL"], Username=user)
