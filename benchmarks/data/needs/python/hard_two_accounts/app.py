"""The function's own account, and another one by a role that is assumed."""
import os

import boto3

own = boto3.client("s3")


def other():
    given = boto3.client("sts").assume_role(RoleArn=os.environ["ROLE"], RoleSessionName="x")["Credentials"]
    return boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def handler(event, context):
    body = other().client("s3").get_object(Bucket="theirs", Key="k")["Body"].read()
    own.put_object(Bucket=os.environ["OURS"], Key="k", Body=body)
