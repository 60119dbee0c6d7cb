"""Puts readings on a stream, in batches, and counts them."""
import json
import os
from itertools import islice

import boto3

STREAM = os.environ["STREAM_NAME"]


class Producer:
    size = 500

    def __init__(self, stream, client=None):
        self.stream = stream
        self._kinesis = client or boto3.client("kinesis")

    def batches(self, records):
        iterator = iter(records)
        while batch := list(islice(iterator, self.size)):
            yield batch

    def send(self, records):
        for batch in self.batches(records):
            answer = self._kinesis.put_records(
                StreamName=self.stream, Records=[{"Data": json.dumps(r), "PartitionKey": r["id"]} for r in batch]
            )
            if answer["FailedRecordCount"]:
                self._retry(batch, answer)

    def _retry(self, batch, answer):
        for record, result in zip(batch, answer["Records"]):
            if "ErrorCode" in result:
                self._kinesis.put_record(StreamName=self.stream, Data=json.dumps(record), PartitionKey=record["id"])


producer = Producer(STREAM)
cloudwatch = boto3.client("cloudwatch")


def handler(event, context):
    producer.send(event["readings"])
    cloudwatch.put_metric_data(Namespace="readings", MetricData=[{"MetricName": "sent", "Value": len(event["readings"])}])
