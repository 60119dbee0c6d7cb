"""Reads many objects at once."""
import asyncio
import os

import aioboto3

session = aioboto3.Session()
BUCKET = os.environ["DATA_BUCKET"]


async def read(s3, key):
    answer = await s3.get_object(Bucket=BUCKET, Key=key)
    async with answer["Body"] as body:
        return await body.read()


async def run(keys):
    async with session.client("s3") as s3:
        texts = await asyncio.gather(*(read(s3, key) for key in keys))
    async with session.resource("dynamodb") as ddb:
        table = await ddb.Table(os.environ["SUMMARY_TABLE"])
        await table.update_item(Key={"id": "all"}, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": len(texts)})


def handler(event, context):
    asyncio.run(run(event["keys"]))
