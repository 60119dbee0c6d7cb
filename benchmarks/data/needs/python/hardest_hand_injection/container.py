import inspect
import os

import boto3


class Container:
    def __init__(self):
        self._makers = {}
        self._made = {}
        self._session = boto3.Session()

    def bind(self, kind, maker):
        self._makers[kind] = maker

    def get(self, kind):
        if kind not in self._made:
            maker = self._makers.get(kind, self._by_annotations(kind))
            self._made[kind] = maker(self)
        return self._made[kind]

    @staticmethod
    def _by_annotations(kind):
        def make(container):
            parameters = inspect.signature(kind).parameters.values()
            return kind(**{one.name: container.get(one.annotation) for one in parameters})

        return make

    def client(self, service):
        return self._session.client(service)

    def resource(self, service):
        return self._session.resource(service)

    @staticmethod
    def setting(name):
        return os.environ[name]
