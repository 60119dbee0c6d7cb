"""Where shipments are."""
import os
from decimal import Decimal

import boto3

from bus import bus

positions = boto3.resource("dynamodb").Table(os.environ["POSITIONS"])
tracker = boto3.client("location")


@bus.on("shipment.moved", "shipment.delivered")
def remember(shipment):
    positions.put_item(Item={"id": shipment["id"], "at": [Decimal(str(one)) for one in shipment["at"]]})


@bus.on("shipment.moved")
def track(shipment):
    update = {"DeviceId": shipment["id"], "Position": shipment["at"], "SampleTime": shipment["when"]}
    tracker.batch_update_device_position(TrackerName=os.environ["TRACKER"], Updates=[update])


@bus.on("batch.done")
def counted(batch):
    boto3.client("cloudwatch").put_metric_data(
        Namespace="Shipments", MetricData=[{"MetricName": "Handled", "Value": batch["count"]}]
    )
