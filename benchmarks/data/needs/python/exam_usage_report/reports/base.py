"""How a report is written, step by step."""
import csv
import io
import time
from abc import ABC, abstractmethod

import boto3

from . import names


class Report(ABC):
    clients: dict = {}

    def __init__(self, day):
        self.day = day

    @classmethod
    def aws(cls, service):
        if service not in cls.clients:
            cls.clients[service] = boto3.client(service)
        return cls.clients[service]

    @property
    @abstractmethod
    def question(self): ...

    def write(self):
        text = self.render(self.rows())
        place = self.store(text)
        self.done(place)
        return {"place": place}

    def rows(self):
        athena = self.aws("athena")
        started = athena.start_query_execution(QueryString=self.question, WorkGroup=names.WORKGROUP)
        running = started["QueryExecutionId"]
        while athena.get_query_execution(QueryExecutionId=running)["QueryExecution"]["Status"]["State"] == "RUNNING":
            time.sleep(1)
        for row in athena.get_query_results(QueryExecutionId=running)["ResultSet"]["Rows"]:
            yield [one.get("VarCharValue", "") for one in row["Data"]]

    def render(self, rows):
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue()

    def store(self, text):
        key = f"{type(self).__name__}/{self.day}.csv"
        self.aws("s3").put_object(Bucket=names.BUCKET, Key=key, Body=text.encode())
        return f"s3://{names.BUCKET}/{key}"

    def done(self, place):
        """Nobody is told unless a report says so."""
