"""A custom resource: empties a bucket before it is deleted, and fills it with a page."""
import json
import urllib.request

import boto3

s3 = boto3.resource("s3")


def respond(event, context, status, data):
    body = json.dumps({"Status": status, "PhysicalResourceId": context.log_stream_name, "Data": data,
                       "StackId": event["StackId"], "RequestId": event["RequestId"],
                       "LogicalResourceId": event["LogicalResourceId"]}).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT")
    urllib.request.urlopen(request)


def on_create(properties):
    s3.Object(properties["Bucket"], "index.html").put(Body=b"hello", ContentType="text/html")


def on_delete(properties):
    bucket = s3.Bucket(properties["Bucket"])
    bucket.object_versions.delete()
    bucket.objects.all().delete()


ACTIONS = {"Create": on_create, "Update": on_create, "Delete": on_delete}


def handler(event, context):
    try:
        ACTIONS[event["RequestType"]](event["ResourceProperties"])
        respond(event, context, "SUCCESS", {})
    except Exception as error:
        respond(event, context, "FAILED", {"error": str(error)})
