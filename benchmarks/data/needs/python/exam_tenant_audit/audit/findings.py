"""What was found, in a table."""
import json
from io import StringIO


class Findings:
    def __init__(self, client, *, table):
        self.client, self.table = client, table
        self.lines = StringIO()

    def add(self, tenant, problem):
        text = json.dumps(problem)
        self.lines.write(text + "\n")
        self.client.put_item(
            TableName=self.table, Item={"tenant": {"S": tenant}, "what": {"S": problem["what"]}, "text": {"S": text}}
        )
