"""Asynchronous clients, iterators and tasks."""
import asyncio
import os

import aioboto3

session = aioboto3.Session()


async def rows():
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table(os.environ["TABLE"])
        answer = await table.query(KeyConditionExpression="x")
        for one in answer["Items"]:
            yield one


async def push(one):
    async with session.client("firehose") as firehose:
        await firehose.put_record(DeliveryStreamName=os.environ["DELIVERY"], Record={"Data": str(one)})


async def run():
    await asyncio.gather(*[push(one) async for one in rows()])


def handler(event, context):
    return asyncio.run(run())
