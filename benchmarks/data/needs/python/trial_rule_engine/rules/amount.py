"""Large amounts, and those of new accounts."""
from engine import Alert, Hold, Lookup
from rules.base import Rule


class Large(Rule):
    limit = 10_000

    def steps(self, payment):
        if payment["amount"] <= self.limit:
            return None
        account = yield Lookup(payment["account"])
        if account.get("limit", self.limit) < payment["amount"]:
            yield Hold(payment["id"], "limit")
        return "large"


class Publisher(Rule, off=True):
    """Was tried in spring; left out by `off`."""

    def steps(self, payment):
        import boto3

        boto3.client("kinesis").put_record(StreamName="payments", Data=b"", PartitionKey="1")
        yield Hold(payment["id"], "tried")
