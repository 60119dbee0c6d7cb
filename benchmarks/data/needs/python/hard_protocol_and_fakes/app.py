"""A protocol with a real implementation and one for tests, chosen by the environment."""
import os
from typing import Protocol

import boto3


class Mailer(Protocol):
    def send(self, to: str, text: str) -> None: ...


class Ses:
    def __init__(self) -> None:
        self._client = boto3.client("sesv2")

    def send(self, to: str, text: str) -> None:
        self._client.send_email(
            FromEmailAddress=os.environ["SENDER"],
            Destination={"ToAddresses": [to]},
            Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": text}}}},
        )


class Printed:
    def send(self, to: str, text: str) -> None:
        print(to, text)


def mailer() -> Mailer:
    return Printed() if os.environ.get("STAGE") == "test" else Ses()


def handler(event, context):
    mailer().send(event["to"], event["text"])
