import os

from plugins.base import Plugin


class Alerts(Plugin, kind="alert"):
    service = "sns"

    def run(self, detail):
        return self.client.publish(TopicArn=os.environ["ALERTS"], Message=str(detail))
