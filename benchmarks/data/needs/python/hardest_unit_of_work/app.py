"""What is written is written when a context is left."""
from units import locked, unit


def handler(event, context):
    with locked(event["album"]) as token, unit(event["album"]) as work:
        for photo in event["photos"]:
            work.add(photo, token)
        if event.get("cover"):
            work.cover = event["cover"]
    return {"album": event["album"]}
