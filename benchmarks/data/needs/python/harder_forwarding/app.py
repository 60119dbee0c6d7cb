"""An object that forwards to a client whatever it is asked for, counted and tried again."""
import os

from forward import Patient

secrets = Patient("secretsmanager", tries=3)


def handler(event, context):
    name = os.environ["SECRET"]
    step = {"createSecret": create, "setSecret": lambda name: None, "finishSecret": finish}[event["Step"]]
    return step(name)


def create(name):
    secrets.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
    fresh = secrets.get_random_password(PasswordLength=32)["RandomPassword"]
    secrets.put_secret_value(SecretId=name, SecretString=fresh, VersionStages=["AWSPENDING"])


def finish(name):
    secrets.update_secret_version_stage(SecretId=name, VersionStage="AWSCURRENT")


def remove(name):
    secrets.delete_secret(SecretId=name)
