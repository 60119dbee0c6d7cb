"""Charges a customer, once."""
import os

import requests
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent

layer = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"])
config = IdempotencyConfig(event_key_jmespath="payment_id")


@idempotent(persistence_store=layer, config=config)
def handler(event, context):
    key = parameters.get_secret(os.environ["API_KEY_SECRET"])
    url = parameters.get_parameter("/payments/url", max_age=600)
    answer = requests.post(url, json=event, headers={"Authorization": f"Bearer {key}"}, timeout=5)
    answer.raise_for_status()
    return answer.json()
