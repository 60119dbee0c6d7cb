"""Tags whatever it is told to: which service is known only from the event."""
import boto3

tagging = boto3.client("resourcegroupstaggingapi")


def handler(event, context):
    tagging.tag_resources(ResourceARNList=event["arns"], Tags=event["tags"])
    client = boto3.client(event["service"])
    getattr(client, event["operation"])(**event["arguments"])
