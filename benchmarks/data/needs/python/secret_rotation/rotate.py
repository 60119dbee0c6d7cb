"""Rotates the password of a database user."""
import json
import logging
import os

import boto3
import psycopg2

log = logging.getLogger()


def lambda_handler(event, context):
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    service = boto3.client("secretsmanager", endpoint_url=os.environ.get("SECRETS_MANAGER_ENDPOINT"))
    metadata = service.describe_secret(SecretId=arn)
    if not metadata.get("RotationEnabled"):
        raise ValueError(f"{arn} is not enabled for rotation")
    steps = {"createSecret": create, "setSecret": apply, "testSecret": check, "finishSecret": finish}
    steps[step](service, arn, token)


def create(service, arn, token):
    try:
        service.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    except service.exceptions.ResourceNotFoundException:
        current = json.loads(service.get_secret_value(SecretId=arn, VersionStage="AWSCURRENT")["SecretString"])
        current["password"] = service.get_random_password(ExcludeCharacters="/@\"'\\")["RandomPassword"]
        service.put_secret_value(
            SecretId=arn, ClientRequestToken=token, SecretString=json.dumps(current), VersionStages=["AWSPENDING"]
        )


def connect(service, arn, stage):
    secret = json.loads(service.get_secret_value(SecretId=arn, VersionStage=stage)["SecretString"])
    return psycopg2.connect(host=secret["host"], user=secret["username"], password=secret["password"])


def apply(service, arn, token):
    with connect(service, arn, "AWSCURRENT") as connection:
        connection.cursor().execute("ALTER USER app WITH PASSWORD %s", (token,))


def check(service, arn, token):
    connect(service, arn, "AWSPENDING").close()


def finish(service, arn, token):
    for version, stages in service.describe_secret(SecretId=arn)["VersionIdsToStages"].items():
        if "AWSCURRENT" in stages and version != token:
            service.update_secret_version_stage(
                SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=version
            )
