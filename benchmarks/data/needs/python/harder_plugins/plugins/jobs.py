import os

from plugins.base import Plugin


class Jobs(Plugin, kind="job"):
    service = "sqs"

    def run(self, detail):
        return self.client.send_message(QueueUrl=os.environ["JOBS"], MessageBody=str(detail))
