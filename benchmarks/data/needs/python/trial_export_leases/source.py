"""Where rows come from: Athena's last answer, page by page."""
import os

import boto3


def rows(day):
    athena = boto3.client("athena")
    query = athena.start_query_execution(
        QueryString="SELECT * FROM sales WHERE day = ?",
        ExecutionParameters=[day],
        WorkGroup=os.environ["WORKGROUP"],
    )["QueryExecutionId"]
    for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=query):
        yield [[cell.get("VarCharValue", "") for cell in row["Data"]] for row in page["ResultSet"]["Rows"]]
