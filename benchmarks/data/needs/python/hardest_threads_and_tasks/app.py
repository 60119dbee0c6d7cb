"""What is called runs in threads and tasks."""
import asyncio
import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial

import boto3

BUCKET = os.environ["PARTS"]
s3 = boto3.client("s3")
translate = boto3.client("translate")
comprehend = boto3.client("comprehend")


def head(bucket, key):
    return key, s3.get_object_attributes(Bucket=bucket, Key=key, ObjectAttributes=["ObjectSize"])["ObjectSize"]


def sizes(keys):
    with ThreadPoolExecutor(max_workers=8) as pool:
        return dict(pool.map(partial(head, BUCKET), keys))


def fetch_all(keys):
    texts = {}
    with ThreadPoolExecutor() as pool:
        waiting = {pool.submit(s3.get_object, Bucket=BUCKET, Key=key): key for key in keys}
        for done in as_completed(waiting):
            texts[waiting[done]] = done.result()["Body"].read().decode()
    return texts


async def language(text):
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(None, partial(comprehend.detect_dominant_language, Text=text))
    return found["Languages"][0]["LanguageCode"]


async def english(text):
    code = await language(text)
    if code == "en":
        return text
    answer = await asyncio.to_thread(
        translate.translate_text, Text=text, SourceLanguageCode=code, TargetLanguageCode="en"
    )
    return answer["TranslatedText"]


async def everything(texts):
    async with asyncio.TaskGroup() as group:
        tasks = {key: group.create_task(english(text)) for key, text in texts.items()}
    return {key: task.result() for key, task in tasks.items()}


def handler(event, context):
    small = [key for key, size in sizes(event["keys"]).items() if size < 5000]
    for key, text in asyncio.run(everything(fetch_all(small))).items():
        s3.put_object(Bucket=os.environ["TRANSLATED"], Key=key, Body=text.encode())
