"""An API of orders, with routes of Powertools."""
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from orders.repository import Orders

app = APIGatewayHttpResolver()
logger = Logger()
tracer = Tracer()
orders = Orders.from_environment()


@app.get("/orders/<order_id>")
@tracer.capture_method
def get_order(order_id: str):
    found = orders.get(order_id)
    if found is None:
        raise NotFoundError(order_id)
    return found


@app.get("/orders")
def list_orders():
    return orders.of_customer(app.current_event.query_string_parameters["customer"])


@app.post("/orders")
def create_order():
    return orders.create(app.current_event.json_body), 201


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def lambda_handler(event, context):
    return app.resolve(event, context)
