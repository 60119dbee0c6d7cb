"""Who is made of what, once."""
from functools import cached_property, lru_cache

import boto3

from . import constants
from .mail import Mailer
from .repository import Invoices, Usage


@lru_cache(maxsize=None)
def client_of(service, region=None):
    return boto3.client(service, region_name=region)


class Wiring:
    @cached_property
    def usage(self):
        return Usage(client_of("dynamodb"))

    @cached_property
    def invoices(self):
        return Invoices(client_of("dynamodb"), client_of("s3"), bucket=constants.COPIES)

    @cached_property
    def mailer(self):
        return Mailer(client_of("sesv2", "eu-west-1"))

    @cached_property
    def dunning(self):
        return Mailer(client_of("ses"))
