import boto3


class Client:
    def __set_name__(self, owner, name):
        self.service = name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return instance.__dict__.setdefault(f"_{self.service}", boto3.client(self.service))
