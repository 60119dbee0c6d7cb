"""Names and clients travel in named tuples."""
from places import SHARDS, locate


def handler(event, context):
    place = locate(event["tenant"])
    found = place.table.query(
        IndexName=place.index,
        KeyConditionExpression="owner = :o",
        ExpressionAttributeValues={":o": event["owner"]},
    )["Items"]
    for client, url, *rest in SHARDS:
        client.send_message(QueueUrl=url, MessageBody=str(len(found)), **dict(rest))
    first = SHARDS[0]._replace(url=place.overflow)
    if len(found) > 100:
        first.client.send_message_batch(QueueUrl=first.url, Entries=[{"Id": "1", "MessageBody": "many"}])
    return found
