"""Transfers, by the SDK's managed helpers."""
import shutil

from boto3.s3.transfer import S3Transfer, TransferConfig


class Mover:
    config = TransferConfig(multipart_threshold=64 * 1024 * 1024, max_concurrency=2)

    def __init__(self, session):
        self._resource = session.resource("s3")
        self._client = self._resource.meta.client
        self._transfer = S3Transfer(client=self._client, config=self.config)

    def fetch(self, bucket, key, into):
        self._client.download_fileobj(bucket, key, into, Config=self.config)

    def put(self, path, bucket, key):
        self._transfer.upload_file(path, bucket, key, extra_args={"ContentType": "application/zip"})

    def keep(self, bucket, key, cold):
        self._resource.Object(cold, key).copy({"Bucket": bucket, "Key": key})

    def link(self, bucket, key, seconds=3600):
        return self._client.generate_presigned_url(
            ClientMethod="get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds
        )

    def form(self, bucket, key):
        limits = [["content-length-range", 1, 1_000_000]]
        return self._client.generate_presigned_post(bucket, key, Conditions=limits)

    def copy(self, source, target):
        """On the disk."""
        return shutil.copy(source, target)

    def erase_link(self, bucket, key):
        return self._client.generate_presigned_url("delete_object", Params={"Bucket": bucket, "Key": key})
