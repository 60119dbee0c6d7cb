"""Generators behind one another."""
from functools import reduce


def compose(*stages):
    def run(first):
        return reduce(lambda items, stage: stage(items), stages, first)

    return run


def keep(wanted):
    return lambda items: filter(wanted, items)


def tee(consumer):
    """Sends every item to a coroutine, and on."""

    def run(items):
        target = consumer()
        next(target)
        for item in items:
            target.send(item)
            yield item
        target.close()

    return run


def drained(items):
    for item in items:
        item.delete()
