"""Clients and names are properties, some of which a subclass says anew."""
from vaults import Archive, Vault


def handler(event, context):
    vault = Archive() if event.get("archive") else Vault()
    vault.owner = event["owner"]
    vault.put(event["key"], event["body"].encode())
    return {"size": vault.size(event["key"])}
