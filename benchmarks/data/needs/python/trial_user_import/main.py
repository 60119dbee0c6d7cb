"""Users of a file become users of a pool; who cannot is written to a queue."""
import os

from importer import Importer
from ports.aws import CognitoDirectory, S3Lines, SqsRefused

importer = Importer.of(
    S3Lines,
    CognitoDirectory,
    SqsRefused,
    pool=os.environ["POOL_ID"],
    refused=os.environ["REFUSED_QUEUE"],
)


def handler(event, context):
    return importer.run(event["bucket"], event["key"])
