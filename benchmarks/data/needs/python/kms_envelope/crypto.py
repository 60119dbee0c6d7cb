"""Encrypts with a data key, decrypts with it."""
import base64
import os
from functools import lru_cache

import boto3
from cryptography.fernet import Fernet


@lru_cache(maxsize=1)
def kms():
    return boto3.client("kms")


def encrypt(text):
    key = kms().generate_data_key(KeyId=os.environ["KEY_ID"], KeySpec="AES_256")
    token = Fernet(base64.urlsafe_b64encode(key["Plaintext"])).encrypt(text.encode())
    return {"key": base64.b64encode(key["CiphertextBlob"]).decode(), "token": token.decode()}


def decrypt(sealed):
    key = kms().decrypt(CiphertextBlob=base64.b64decode(sealed["key"]))["Plaintext"]
    return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed["token"].encode()).decode()


def handler(event, context):
    return {"encrypt": encrypt, "decrypt": decrypt}[event["do"]](event["what"])
