"""Books a transfer between two accounts, through the Data API of an Aurora cluster."""
from decimal import Decimal

from database import Database, NotBooked
from receipts import Receipts


def handler(event, context):
    amount = Decimal(event["amount"])
    with Database.connect() as db:
        with db.transaction() as work:
            left = work.one("SELECT balance FROM account WHERE id = :id FOR UPDATE", id=event["from"])
            if left is None or Decimal(left) < amount:
                raise NotBooked(event["from"])
            work.many(
                "UPDATE account SET balance = balance + :by WHERE id = :id",
                [{"id": event["from"], "by": str(-amount)}, {"id": event["to"], "by": str(amount)}],
            )
        return Receipts()[event["id"]].save(f"{amount} booked")
    return None
