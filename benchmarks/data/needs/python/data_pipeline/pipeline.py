"""Starts a query, waits for it and reads its answer."""
import os
import time

import boto3

athena = boto3.client("athena")
glue = boto3.client("glue")


class QueryFailed(Exception):
    pass


def run(sql):
    query = athena.start_query_execution(
        QueryString=sql,
        WorkGroup=os.environ["WORKGROUP"],
        ResultConfiguration={"OutputLocation": f"s3://{os.environ['RESULTS']}/athena/"},
    )["QueryExecutionId"]
    for _ in range(60):
        state = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]
        if state == "SUCCEEDED":
            return [row["Data"] for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=query)
                    for row in page["ResultSet"]["Rows"]]
        if state in ("FAILED", "CANCELLED"):
            raise QueryFailed(query)
        time.sleep(1)
    athena.stop_query_execution(QueryExecutionId=query)
    raise QueryFailed(query)


def handler(event, context):
    columns = glue.get_table(DatabaseName="lake", Name=event["table"])["Table"]["StorageDescriptor"]["Columns"]
    return run(f"SELECT {', '.join(c['Name'] for c in columns)} FROM lake.{event['table']} LIMIT 10")
