"""The copy that the search reads."""
from itertools import islice


class Queue:
    """Of what is to be done, in memory; `query` and `scan` are its own."""

    def __init__(self, items):
        self._items = iter(items)

    def scan(self, count):
        return list(islice(self._items, count))


class Copies:
    def __init__(self, dynamodb, name):
        self._batch_get = dynamodb.batch_get_item
        self._table = dynamodb.Table(name)

    def refresh(self, articles):
        waiting, count = Queue(articles), 0
        with self._table.batch_writer(overwrite_by_pkeys=["article"]) as writer:
            while keys := waiting.scan(100):
                asked = {self._table.table_name: {"Keys": [{"article": one} for one in keys]}}
                for item in self._batch_get(RequestItems=asked)["Responses"].get(self._table.name, []):
                    writer.put_item(Item={**item, "stale": True})
                    count += 1
        return count

    def drop(self):
        self._table.delete()
        self._table.wait_until_not_exists()
