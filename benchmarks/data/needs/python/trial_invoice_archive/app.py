"""Moves last year's invoices to the archive and hands out a link to their list."""
import json
import os

import boto3

from objects import Folder, Shelf

s3 = boto3.resource("s3")
_archive = s3.Bucket(os.environ["ARCHIVE_BUCKET"])


def _moved(folder, shelf):
    for summary in folder.invoices():
        if summary.size == 0:
            continue
        one = summary.Object()
        if one.metadata.get("hold") != "yes":
            yield shelf.keep(one)


def handler(event, context):
    folder = Folder(s3.Bucket(os.environ["INVOICE_BUCKET"]), str(event["year"]))
    shelf = Shelf(_archive)
    kept = list(_moved(folder, shelf))
    listing = _archive.Object(f"lists/{event['year']}.json")
    listing.put(Body=json.dumps(kept).encode())
    listing.wait_until_exists()
    if event.get("clean"):
        folder.clear()
    return {"kept": len(kept), "list": shelf.link(listing.key)}
