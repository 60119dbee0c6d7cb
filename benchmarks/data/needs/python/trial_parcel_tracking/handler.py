"""Scans of parcels by the depots: stores where each one is and tells who waits for it."""
import json

from tracking.settings import Settings
from tracking.wiring import Wiring

_wiring = Wiring(Settings.load())


def handle(event, context):
    service = _wiring.service
    for record in event["Records"]:
        service.scanned(json.loads(record["body"]))
    service.finish()
    return {"open": len(_wiring.outbox)}
