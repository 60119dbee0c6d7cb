"""Messages are objects; what is done with one depends on its type."""
from act import act
from messages import parse


def handler(event, context):
    return [act(parse(record["body"])) for record in event["Records"]]
