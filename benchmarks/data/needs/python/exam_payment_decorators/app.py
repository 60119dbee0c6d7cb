"""Takes payments: every step is retried, measured and handed what it needs."""
import json
import os

from decorators import Audited, inject, measured, retry


@retry(times=3)
@inject(secrets="secretsmanager")
def key(name, *, secrets):
    return json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])["key"]


class Payments:
    @measured("Charge")
    @inject(payments="dynamodb", queue="sqs")
    def charge(self, order, *, payments, queue):
        payments.put_item(TableName=os.environ["PAYMENTS"], Item={"id": {"S": order["id"]}, "state": {"S": "taken"}})
        queue.send_message(QueueUrl=os.environ["SETTLEMENT_URL"], MessageBody=json.dumps(order))
        return True

    @measured("Refund")
    @inject(payments="dynamodb")
    def refund(self, order, *, payments):
        payments.delete_item(TableName=os.environ["PAYMENTS"], Key={"id": {"S": order["id"]}})

    @Audited
    def settle(self, order):
        order["signature"] = hash((key("payments/provider"), order["id"]))
        return self.charge(order)


def handler(event, context):
    payments = Payments()
    return [payments.settle(order) for order in event["orders"]]
