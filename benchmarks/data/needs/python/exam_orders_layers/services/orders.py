"""What may be done with orders."""
import uuid

import boto3

from repositories.orders import CachedOrders, DynamoOrders
from repositories.events import Publisher


class OrderService:
    def __init__(self, orders, publisher):
        self.orders = orders
        self.publisher = publisher

    @classmethod
    def from_settings(cls, settings):
        session = boto3.Session()
        table = session.resource("dynamodb").Table(settings.orders_table)
        return cls(CachedOrders(DynamoOrders(table)), Publisher(session.client("events"), settings.bus_name))

    def place(self, order):
        order["id"] = str(uuid.uuid4())
        self.orders.add(order)
        self.publisher.publish("OrderPlaced", order)
        return order

    def find(self, order_id):
        return self.orders.get_item(order_id)

    def of_customer(self, customer):
        return list(self.orders.by_customer(customer))

    def cancel(self, order_id):
        # No route leads here yet.
        self.orders.remove(order_id)
        self.publisher.archive(order_id)
