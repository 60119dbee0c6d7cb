"""The ways that AWS has."""
import os

import boto3

from .base import Channel


class Mail(Channel):
    name = "mail"

    def __init__(self):
        self.client = boto3.client("ses")

    def _deliver(self, address, subject, text):
        self.client.send_templated_email(
            Source=os.environ["FROM_ADDRESS"],
            Destination={"ToAddresses": [address]},
            Template=os.environ["MAIL_TEMPLATE"],
            TemplateData=f'{{"subject": "{subject}", "text": "{text}"}}',
        )


class _ThroughSns(Channel):
    client = boto3.client("sns")

    def target(self, address):
        raise NotImplementedError

    def _deliver(self, address, subject, text):
        self.client.publish(Message=text, **self.target(address))


class Text(_ThroughSns):
    name = "text"

    def target(self, address):
        return {"PhoneNumber": address}


class Push(_ThroughSns):
    name = "push"

    def target(self, address):
        return {"TargetArn": self._endpoint(address)}

    def _endpoint(self, token):
        answer = self.client.create_platform_endpoint(PlatformApplicationArn=os.environ["PUSH_APP_ARN"], Token=token)
        return answer["EndpointArn"]
