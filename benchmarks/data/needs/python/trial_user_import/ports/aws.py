"""The ports, by AWS."""
import boto3


class S3Lines:
    def __init__(self):
        self._client = boto3.client("s3")

    def read(self, bucket, key):
        body = self._client.get_object(Bucket=bucket, Key=key)["Body"]
        return (line.decode() for line in body.iter_lines())


class CognitoDirectory:
    def __init__(self, pool):
        self._pool = pool
        self._client = boto3.client("cognito-idp")

    def __contains__(self, mail):
        found = self._client.list_users(UserPoolId=self._pool, Filter=f'email = "{mail}"', Limit=1)
        return bool(found["Users"])

    def add(self, mail, group):
        ours = {"UserPoolId": self._pool, "Username": mail}
        try:
            self._client.admin_create_user(**ours, MessageAction="SUPPRESS")
        except self._client.exceptions.InvalidParameterException as error:
            raise ValueError(mail) from error
        self._client.admin_add_user_to_group(**ours, GroupName=group)

    def remove(self, mail):
        self._client.admin_disable_user(UserPoolId=self._pool, Username=mail)


class SqsRefused:
    def __init__(self, refused):
        self._kept = []
        self._queue = boto3.resource("sqs").get_queue_by_name(QueueName=refused)

    def add(self, text):
        self._kept.append({"Id": str(len(self._kept) % 10), "MessageBody": text})

    def flush(self):
        for start in range(0, len(self._kept), 10):
            self._queue.send_messages(Entries=self._kept[start : start + 10])
        self._kept.clear()
