"""One account, whoever's it is."""
import boto3


class Account:
    def __init__(self, session):
        self._session = session
        self._clients = {}

    def client(self, service):
        try:
            return self._clients[service]
        except KeyError:
            return self._clients.setdefault(service, self._session.client(service))

    def tenants(self, parameter):
        value = self.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
        return [one.strip() for one in value.split(",") if one]

    def problems(self):
        yield from self._open_buckets()
        yield from self._old_keys()

    def _open_buckets(self):
        s3 = self.client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            status = s3.get_bucket_policy_status(Bucket=bucket["Name"])["PolicyStatus"]
            if status["IsPublic"]:
                yield {"kind": "open-bucket", "what": bucket["Name"]}

    def _old_keys(self):
        iam = self.client("iam")
        for user in iam.get_paginator("list_users").paginate().search("Users[]"):
            for key in iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]:
                yield {"kind": "key", "what": key["AccessKeyId"]}

    def measure(self, namespace, name, value):
        data = [{"MetricName": name, "Value": value, "Unit": "Count"}]
        self.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)


def assumed(home, role):
    answer = home.client("sts").assume_role(RoleArn=role, RoleSessionName="audit", DurationSeconds=900)
    keys = answer["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
