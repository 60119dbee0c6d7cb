"""One renewal."""
import os

import boto3

_bus = boto3.client("events")


class Renewal:
    def __init__(self, subscription, *, price):
        self.subscription, self.price = subscription, price

    def carry_out(self, key):
        self.get_parameter("unused")
        _bus.put_events(
            Entries=[{"EventBusName": os.environ["RENEWALS_BUS"], "Source": "subscriptions", "DetailType": "renewed", "Detail": "{}"}]
        )
        return {"id": self.subscription["id"], "price": self.price, "signed": bool(key)}

    def get_parameter(self, name):
        return self.subscription.get(name)
