"""Everything that the function uses is a field of a frozen dataclass, made once."""
from wiring import Wiring

wiring = Wiring.from_environment()


def handler(event, context):
    reader, writer = wiring.reader, wiring.writer
    for identifier in event["identifiers"]:
        document = reader.fetch(identifier)
        if document is None:
            continue
        writer.write(identifier, document)
    if event.get("close"):
        wiring.bell.ring(len(event["identifiers"]))
    return {"done": True}
