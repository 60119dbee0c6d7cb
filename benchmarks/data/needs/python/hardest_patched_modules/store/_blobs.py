from ._made import BUCKET, client as _client

__all__ = ["erase", "save"]


def read(key):
    return _client().get_object(Bucket=BUCKET, Key=key)["Body"].read()


def save(key, body):
    _client().put_object(Bucket=BUCKET, Key=key, Body=body)


def erase(key):
    _client().delete_object(Bucket=BUCKET, Key=key)
