"""Where pictures lie."""
from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Storage(Protocol):
    def move(self, place: str, key: str, to: str) -> None: ...

    def label(self, place: str, key: str, labels: dict[str, str]) -> None: ...


class S3Storage:
    def __init__(self, client: S3Client) -> None:
        self._client = client

    def move(self, place: str, key: str, to: str) -> None:
        self._client.copy_object(Bucket=to, Key=key, CopySource={"Bucket": place, "Key": key})
        self._client.delete_object(Bucket=place, Key=key)

    def label(self, place: str, key: str, labels: dict[str, str]) -> None:
        tags = [{"Key": name, "Value": value} for name, value in labels.items()]
        self._client.put_object_tagging(Bucket=place, Key=key, Tagging={"TagSet": tags})


class FolderStorage:
    """For one's own machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def move(self, place: str, key: str, to: str) -> None:
        shutil.move(self._root / place / key, self._root / to / key)

    def label(self, place: str, key: str, labels: dict[str, str]) -> None:
        (self._root / place / f"{key}.labels").write_text(repr(labels))


_KINDS = {
    "s3": lambda: S3Storage(boto3.client("s3")),
    "folder": lambda: FolderStorage(Path("/tmp")),
}


def storage_for(kind: str) -> Storage:
    return _KINDS[kind]()


QUARANTINE = os.environ["QUARANTINE_BUCKET"]
