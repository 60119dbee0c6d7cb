"""What a scan means."""
import json


class Outbox(list):
    """Kept until the end; its methods are called as those of clients."""

    def put_events(self, *entries):
        self.extend(entries)

    def send_message(self, QueueUrl, MessageBody):
        self.append((QueueUrl, MessageBody))


class Tracking:
    def __init__(self, parcels, customers, outbox, deliver, overdue):
        self._parcels, self._customers = parcels, customers
        self._outbox, self._deliver, self._overdue = outbox, deliver, overdue

    def scanned(self, scan):
        parcel = self._parcels.moved(scan["barcode"], scan["depot"])
        if parcel.get("hops", 0) > 9:
            self._overdue(parcel)
        customer = self._customers.find(parcel.get("customer"))
        if customer and customer.get("notify"):
            self._outbox.put_events({"to": customer["id"], "at": scan["depot"]})

    def finish(self):
        while self._outbox:
            self._deliver([self._outbox.pop() for _ in range(min(10, len(self._outbox)))])


def overdue(sqs, url, parcel):
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(parcel, default=str))
