"""Runs whoever listens to what happened to a shipment."""
import importlib

from bus import bus

LISTENERS = ("tracking", "customs")

for _name in LISTENERS:
    importlib.import_module(f"listeners.{_name}")


def handler(event, context):
    for record in event["Records"]:
        kind = "shipment." + record["kind"]
        bus.emit(kind, record["shipment"])
    bus.emit("batch.done", {"count": len(event["Records"])})
    return {"heard": bus.count}
