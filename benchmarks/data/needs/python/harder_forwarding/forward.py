import time

import boto3
from botocore.exceptions import ClientError


class Patient:
    def __init__(self, service, tries):
        self._client = boto3.session.Session().client(service)
        self._tries = tries

    def __getattr__(self, name):
        method = getattr(self._client, name)

        def patient(*args, **kwargs):
            for attempt in range(self._tries):
                try:
                    return method(*args, **kwargs)
                except ClientError:
                    time.sleep(attempt)
            return method(*args, **kwargs)

        return patient
