"""Makes a zipped export of a customer's files and hands out a link to it."""
import io
import os
import tempfile
import zipfile

import boto3

from transfer import Mover

CUSTOMER_FILES = os.environ["CUSTOMER_FILES"]
EXPORTS = os.environ["EXPORTS"]


def zipped(mover, keys, path):
    with zipfile.ZipFile(path, "w") as archive:
        for key in keys:
            buffer = io.BytesIO()
            mover.fetch(CUSTOMER_FILES, key, buffer)
            archive.writestr(key, buffer.getvalue())


def handler(event, context):
    mover = Mover(boto3.Session(region_name=os.environ["AWS_REGION"]))
    name = f"{event['customer']}/{context.aws_request_id}.zip"
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        zipped(mover, event["keys"], file.name)
        mover.put(file.name, EXPORTS, name)
    mover.keep(EXPORTS, name, os.environ["COLD_EXPORTS"])
    return {
        "link": mover.link(EXPORTS, name),
        "answer": mover.form(os.environ["ANSWERS"], f"{event['customer']}/answer"),
    }
