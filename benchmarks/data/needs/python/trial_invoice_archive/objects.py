"""Folders and shelves made of buckets."""


class Folder:
    def __init__(self, bucket, prefix):
        self._bucket = bucket
        self._objects = bucket.objects.filter(Prefix=f"{prefix}/")

    def invoices(self):
        yield from self._objects.page_size(200)

    def clear(self):
        self._objects.delete()

    def versions(self):
        """Of a bucket with versions, which this one is not; nobody asks."""
        return [one.get() for one in self._bucket.object_versions.all()]


class Shelf:
    def __init__(self, bucket):
        self._bucket = bucket
        self._copied = {}

    def keep(self, one):
        target = self._bucket.Object(one.key)
        target.copy_from(
            CopySource={"Bucket": one.bucket_name, "Key": one.key}, StorageClass="GLACIER", TaggingDirective="REPLACE"
        )
        self._copied.update({one.key: target})
        return one.key

    def link(self, key):
        return self._bucket.meta.client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket.name, "Key": key}, ExpiresIn=600
        )
