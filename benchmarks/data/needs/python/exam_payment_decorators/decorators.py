"""Decorators."""
import functools
import os
import time

import boto3

_clients = {}


def _client(service):
    if service not in _clients:
        _clients[service] = boto3.client(service)
    return _clients[service]


def inject(**wanted):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for name, service in wanted.items():
                kwargs.setdefault(name, _client(service))
            return function(*args, **kwargs)

        return wrapper

    return decorate


def retry(function=None, *, times=2):
    if function is None:
        return functools.partial(retry, times=times)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for left in range(times, 0, -1):
            try:
                return function(*args, **kwargs)
            except OSError:
                if left == 1:
                    raise
                time.sleep(1)

    return wrapper


class measured:
    def __init__(self, name):
        self.name = name

    def __call__(self, function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            started = time.monotonic()
            try:
                return function(*args, **kwargs)
            finally:
                self.put_metric_data(time.monotonic() - started)

        return wrapper

    def put_metric_data(self, seconds):
        """In the embedded format: written to the log, nothing is called."""
        print(f'{{"_aws": {{"Namespace": "Payments"}}, "{self.name}": {seconds}}}')


class Audited:
    """A descriptor around a method, which writes down who was let through."""

    def __init__(self, function):
        self.function = function

    def __set_name__(self, owner, name):
        self.name = f"{owner.__name__}.{name}"

    def __get__(self, instance, owner=None):
        return functools.partial(self, instance)

    def __call__(self, instance, order):
        result = self.function(instance, order)
        _client("firehose").put_record(
            DeliveryStreamName=os.environ["AUDIT_STREAM"], Record={"Data": f"{self.name} {order['id']}\n".encode()}
        )
        return result
