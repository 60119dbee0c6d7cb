"""Looks like a table."""
from types import SimpleNamespace


class Table:
    def __init__(self, name):
        self.name = name
        self.items = []
        self.meta = SimpleNamespace(client=self)

    def put_item(self, Item):
        self.items.append(Item)

    def delete_item(self, Key):
        self.items = [one for one in self.items if one["id"] != Key]
