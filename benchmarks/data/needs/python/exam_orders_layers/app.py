"""Places orders and answers what became of them."""
import json

from services.orders import OrderService
from settings import Settings

_service = None


def service():
    global _service
    if _service is None:
        _service = OrderService.from_settings(Settings.from_env())
    return _service


ROUTES = {
    ("POST", "/orders"): lambda event: service().place(json.loads(event["body"])),
    ("GET", "/orders/{id}"): lambda event: service().find(event["pathParameters"]["id"]),
    ("GET", "/customers/{id}/orders"): lambda event: service().of_customer(event["pathParameters"]["id"]),
}


def handler(event, context):
    route = ROUTES.get((event["httpMethod"], event["resource"]))
    if route is None:
        return {"statusCode": 404, "body": "{}"}
    return {"statusCode": 200, "body": json.dumps(route(event), default=str)}
