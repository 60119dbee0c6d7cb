"""Renews subscriptions from a queue: once each, with what Powertools has for it."""
import os

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

import settings
from renewals import Renewal

logger, tracer, metrics = Logger(), Tracer(), Metrics(namespace="Subscriptions")
processor = BatchProcessor(event_type=EventType.SQS)
once = DynamoDBPersistenceLayer(table_name=os.environ["ONCE_TABLE"])
config = IdempotencyConfig(event_key_jmespath="id", expires_after_seconds=3600)


@idempotent_function(data_keyword_argument="subscription", persistence_store=once, config=config)
@tracer.capture_method
def renew(*, subscription):
    renewal = Renewal(subscription, price=settings.price(subscription["plan"]))
    metrics.add_metric(name="Renewed", unit="Count", value=1)
    return renewal.carry_out(settings.provider_key())


def one(record):
    logger.append_keys(message=record.message_id)
    return renew(subscription=record.json_body)


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return process_partial_response(event=event, record_handler=one, processor=processor, context=context)
