"""Clients are entered on a stack, and rows come out of asynchronous generators."""
import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager

import aioboto3

session = aioboto3.Session()


class Clients(AsyncExitStack):
    async def of(self, service):
        return await self.enter_async_context(session.client(service))


@asynccontextmanager
async def table(name):
    async with session.resource("dynamodb") as tables:
        yield await tables.Table(name)


async def streams(kinesis, name):
    async for page in kinesis.get_paginator("list_shards").paginate(StreamName=name):
        for shard in page["Shards"]:
            started = await kinesis.get_shard_iterator(
                StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )
            yield started["ShardIterator"]


async def records(kinesis, name):
    async for iterator in streams(kinesis, name):
        answer = await kinesis.get_records(ShardIterator=iterator, Limit=100)
        for record in answer["Records"]:
            yield record


async def main():
    name = os.environ["CLICKS"]
    async with Clients() as clients, table(os.environ["CLICK_COUNTS"]) as counts:
        kinesis, firehose = await asyncio.gather(clients.of("kinesis"), clients.of("firehose"))
        seen = [record async for record in records(kinesis, name)]
        await firehose.put_record_batch(DeliveryStreamName=os.environ["LAKE"], Records=[{"Data": r["Data"]} for r in seen])
        await counts.update_item(Key={"id": name}, UpdateExpression="ADD n :n", ExpressionAttributeValues={":n": len(seen)})


def handler(event, context):
    asyncio.run(main())
