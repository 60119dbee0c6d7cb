"""A package hands out names of its modules, and one of them is replaced when it is imported."""
import store
import store.auditing  # noqa: F401  (replaces store.save)
from store import load as fetch


def handler(event, context):
    body = fetch(event["key"])
    store.save(event["key"] + ".copy", body)
    return len(body)
