"""What is done to media. Each takes what is known of one and says what is known then."""
import io
import os
import uuid

import boto3
from boto3.s3.transfer import S3Transfer, TransferConfig

s3 = boto3.client("s3")
_transfer = S3Transfer(s3, TransferConfig(use_threads=False))


class _Picture:
    """In memory, with methods that are called as a client's are."""

    def __init__(self, data):
        self.data = data

    def detect_faces(self):
        return self.data.count(b"face")


def fetched(what):
    path = f"/tmp/{uuid.uuid4()}"
    _transfer.download_file(what["bucket"], what["key"], path)
    return {**what, "path": path}


def described(what):
    with open(what["path"], "rb") as file:
        data = file.read()
    found = boto3.client("rekognition").detect_labels(Image={"Bytes": data}, MaxLabels=10)
    return {**what, "labels": [one["Name"] for one in found["Labels"]], "faces": _Picture(data).detect_faces()}


def archived(what):
    text = io.BytesIO("\n".join(what["labels"]).encode())
    s3.upload_fileobj(text, os.environ["TEXTS_BUCKET"], what["key"] + ".txt", ExtraArgs={"ContentType": "text/plain"})


def spoken(what):
    job = f"sound-{uuid.uuid4()}"
    boto3.client("transcribe").start_transcription_job(
        TranscriptionJobName=job, IdentifyLanguage=True,
        Media={"MediaFileUri": f"s3://{what['bucket']}/{what['key']}"}, OutputBucketName=os.environ["TEXTS_BUCKET"],
    )
    return {**what, "job": job}


def translated(what):
    return boto3.client("translate").translate_text(
        Text=what["text"], SourceLanguageCode="auto", TargetLanguageCode="en"
    )
