import boto3


class Plugin:
    known = {}
    service = None

    def __init_subclass__(cls, kind, **rest):
        super().__init_subclass__(**rest)
        cls.kind = kind
        Plugin.known[kind] = cls

    def __init__(self):
        self.client = boto3.client(self.service)
