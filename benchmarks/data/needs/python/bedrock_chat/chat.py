"""Answers questions with a model, and remembers the talk."""
import json
import os
import time

import boto3

runtime = boto3.client("bedrock-runtime")
history = boto3.resource("dynamodb").Table(os.environ["HISTORY"])
MODEL = os.getenv("MODEL_ID", "anthropic.claude-3-haiku-20240307-v1:0")


def remembered(session):
    answer = history.query(KeyConditionExpression="session = :s", ExpressionAttributeValues={":s": session})
    return [{"role": item["role"], "content": [{"text": item["text"]}]} for item in answer["Items"]]


def remember(session, role, text):
    history.put_item(Item={"session": session, "at": str(time.time()), "role": role, "text": text})


def handler(event, context):
    body = json.loads(event["body"])
    remember(body["session"], "user", body["text"])
    answer = runtime.converse(modelId=MODEL, messages=remembered(body["session"]))
    text = answer["output"]["message"]["content"][0]["text"]
    remember(body["session"], "assistant", text)
    return {"statusCode": 200, "body": json.dumps({"text": text})}
