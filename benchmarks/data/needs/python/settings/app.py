"""Settings with types, and a store that takes them."""
from store import Store
from settings import Settings

settings = Settings()
store = Store(settings)


def handler(event, context):
    store.save(event["id"], event["body"])
    return store.latest(event["id"])
