"""``aws.s3`` and so on: an attribute of this module is a client, which is not made before it is used."""
import boto3

_SERVICES = {"s3": "s3", "cloudfront": "cloudfront", "lambda_": "lambda", "states": "stepfunctions"}


class _Lazy:
    __slots__ = ("_service", "_made")

    def __init__(self, service):
        self._service = service
        self._made = None

    def __getattr__(self, name):
        if self._made is None:
            self._made = boto3.client(self._service)
        return getattr(self._made, name)


def __getattr__(name):
    if name not in _SERVICES:
        raise AttributeError(name)
    made = globals()[name] = _Lazy(_SERVICES[name])
    return made
