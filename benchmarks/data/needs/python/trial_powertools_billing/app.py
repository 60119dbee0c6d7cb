"""Charges usage that comes in batches, once each, with the tariff of the day."""
import os

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

from tariffs import Tariffs, rounded

logger, tracer = Logger(), Tracer()
_processor = BatchProcessor(event_type=EventType.SQS)
_once = DynamoDBPersistenceLayer(table_name=os.environ["CHARGES_SEEN_TABLE"], key_attr="charge")
_config = IdempotencyConfig(event_key_jmespath="id", expires_after_seconds=86_400)
_tariffs = Tariffs(f"/billing/{os.environ['STAGE']}")


@idempotent_function(data_keyword_argument="charge", persistence_store=_once, config=_config)
def _charged(charge: dict) -> dict:
    price = _tariffs.price(charge["plan"])
    return {"id": charge["id"], "total": rounded(price * charge["units"])}


@tracer.capture_method
def _record(record):
    charge = record.json_body
    total = _charged(charge=charge)
    if total["total"] > 1_000:
        _tariffs.noted(total["id"])


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return process_partial_response(
        event=event, record_handler=_record, processor=_processor, context=context
    )
