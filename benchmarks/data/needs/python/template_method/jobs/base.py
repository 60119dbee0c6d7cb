from abc import ABC, abstractmethod

import boto3


class Job(ABC):
    service: str

    def __init__(self):
        self.client = boto3.client(self.service)

    def __call__(self, event, context):
        for item in self.find():
            self.remove(item)

    @abstractmethod
    def find(self): ...

    @abstractmethod
    def remove(self, item): ...
