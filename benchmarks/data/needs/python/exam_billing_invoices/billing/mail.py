"""Mails about invoices."""
from .constants import SENDER


class Mailer:
    def __init__(self, client):
        self._send = client.send_email

    def send(self, to, subject, text):
        content = {"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}}
        self._send(FromEmailAddress=SENDER, Destination={"ToAddresses": [to]}, Content=content)
