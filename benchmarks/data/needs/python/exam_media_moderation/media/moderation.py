"""What is not to be shown."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import boto3

from .storage import QUARANTINE, Storage


def _rekognition() -> Any:
    return boto3.client("rekognition")


def _table() -> Any:
    return boto3.resource("dynamodb").Table(os.environ["VERDICTS"])


@dataclass
class Moderator:
    storage: Storage
    eyes: Any = field(default_factory=_rekognition)
    verdicts: Any = field(default_factory=_table)
    threshold: float = 80.0

    def judge(self, bucket: str, key: str) -> dict[str, Any]:
        found = self.eyes.detect_moderation_labels(
            Image={"S3Object": {"Bucket": bucket, "Name": key}}, MinConfidence=self.threshold
        )
        names = [one["Name"] for one in found["ModerationLabels"]]
        if names:
            self.storage.label(bucket, key, {"moderation": names[0]})
            self.storage.move(bucket, key, QUARANTINE)
        self.verdicts.update_item(
            Key={"picture": f"{bucket}/{key}"},
            UpdateExpression="SET labels = :labels",
            ExpressionAttributeValues={":labels": names},
        )
        return {"key": key, "labels": names}

    def forget(self, key: str) -> None:
        self.verdicts.delete_item(Key={"picture": key})
