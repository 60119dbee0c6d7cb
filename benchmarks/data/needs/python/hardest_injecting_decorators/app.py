"""Decorators hand the function what it asks for, by name."""
from inject import client, finally_publish, table


@client("rekognition", as_="eyes")
@client("s3")
def look(bucket, key, *, eyes, s3):
    if s3.head_object(Bucket=bucket, Key=key)["ContentLength"] > 5_000_000:
        return []
    labels = eyes.detect_labels(Image={"S3Object": {"Bucket": bucket, "Name": key}}, MaxLabels=10)
    return [one["Name"] for one in labels["Labels"]]


@table("LABELS", into="labels")
def keep(key, names, labels=None):
    labels.update_item(
        Key={"key": key},
        UpdateExpression="SET names = :n",
        ExpressionAttributeValues={":n": names},
    )


@finally_publish(topic_variable="SEEN_TOPIC")
def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        keep(key, look(bucket, key))
