"""Calls that block, in threads, gathered."""
import asyncio
import functools
import os

import boto3

vision = boto3.client("rekognition")
words = boto3.client("comprehend")
results = boto3.resource("dynamodb").Table(os.environ["RESULTS"])


async def labels(image):
    return await asyncio.to_thread(vision.detect_labels, Image={"Bytes": image})


async def mood(text):
    loop = asyncio.get_running_loop()
    call = functools.partial(words.detect_sentiment, Text=text, LanguageCode="en")
    return await loop.run_in_executor(None, call)


async def keep(item):
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(results.put_item, Item=item))


async def main(event):
    steps = [labels(event["image"].encode()), mood(event["text"])]
    seen, felt = await asyncio.gather(*steps)
    await keep({"id": event["id"], "labels": len(seen["Labels"]), "mood": felt["Sentiment"]})


def handler(event, context):
    asyncio.run(main(event))
