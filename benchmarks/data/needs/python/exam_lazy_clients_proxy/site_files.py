"""Pages, as a mapping over a bucket."""
import mimetypes

from aws import names


class Site:
    def __init__(self, client, bucket):
        self._client, self._where = client, {"Bucket": bucket}

    def __setitem__(self, path, body):
        kind, _ = mimetypes.guess_type(path)
        self._client.put_object(**self._where, Key=path, Body=body, ContentType=kind or "text/html")

    def __getitem__(self, path):
        return self._client.get_object(**self._where, Key=path)["Body"].read()

    def __delitem__(self, path):
        self._client.delete_object(**self._where, Key=path)

    def __contains__(self, path):
        try:
            self._client.head_object(**self._where, Key=path)
        except self._client.exceptions.ClientError:
            return False
        return True

    def draft(self, path):
        return self.__class__(self._client, names.DRAFTS)[path]

    def history(self, path):
        return self._client.list_object_versions(**self._where, Prefix=path)
