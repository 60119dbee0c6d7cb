"""Finds faces and texts in images of a bucket."""
import os
from concurrent.futures import ThreadPoolExecutor

import boto3

rekognition = boto3.client("rekognition")
textract = boto3.client("textract")
BUCKET = os.environ["IMAGES"]


def faces(key):
    return rekognition.search_faces_by_image(
        CollectionId=os.environ["COLLECTION"], Image={"S3Object": {"Bucket": BUCKET, "Name": key}}
    )["FaceMatches"]


def text(key):
    blocks = textract.detect_document_text(Document={"S3Object": {"Bucket": BUCKET, "Name": key}})["Blocks"]
    return [block["Text"] for block in blocks if block["BlockType"] == "LINE"]


def handler(event, context):
    with ThreadPoolExecutor(max_workers=8) as pool:
        found = list(pool.map(faces, event["keys"]))
        words = [pool.submit(text, key) for key in event["keys"]]
    return {"faces": found, "words": [one.result() for one in words]}
