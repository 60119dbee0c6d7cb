"""Puts the pieces together."""
import json
from functools import cached_property, partial

import boto3

from . import service, store


class Wiring:
    def __init__(self, settings):
        self.settings, self.outbox = settings, service.Outbox()

    @cached_property
    def _dynamodb(self):
        return boto3.resource("dynamodb")

    def _deliver(self, entries):
        boto3.client("events").put_events(
            Entries=[
                {"EventBusName": self.settings.bus, "Source": "parcels", "DetailType": "seen", "Detail": json.dumps(one)}
                for one in entries
            ]
        )

    @cached_property
    def service(self):
        tables = self.settings.tables
        return service.Tracking(
            parcels=store.Parcels(self._dynamodb, tables.parcels),
            customers=store.Customers(self._dynamodb, tables.customers),
            outbox=self.outbox,
            deliver=self._deliver,
            overdue=partial(service.overdue, boto3.client("sqs"), self.settings.fifo["overdue"]),
        )
