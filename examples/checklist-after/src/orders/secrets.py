"""Secrets, fetched once in five minutes."""

from aws_lambda_powertools.utilities import parameters


def secret(arn):
    return parameters.get_secret(arn, max_age=300)
