"""What is looked up."""
import os

from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import SSMProvider, get_secret

_provider = SSMProvider()
_rates = parameters.DynamoDBProvider(table_name=os.environ["RATES_TABLE"], key_attr="plan")


def price(plan):
    limits = _provider.get_multiple("/subscriptions/limits", max_age=300)
    rate = _rates.get(plan)
    return max(int(rate), int(limits.get("minimum", 0)))


def provider_key():
    return get_secret(os.environ["PROVIDER_SECRET"], transform="json")["key"]


def rotated(key):
    parameters.set_secret(name=os.environ["PROVIDER_SECRET"], value=key)
