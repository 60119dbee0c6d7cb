"""Are the documents what they are said to be?"""
import os

import boto3

from .base import Check


class Legible(Check):
    slug = "legible"

    def __init__(self):
        self.textract = boto3.client("textract")

    def passes(self, claim):
        answer = self.textract.analyze_expense(Document={"Bytes": bytes.fromhex(claim["scan"])})
        return bool(answer["ExpenseDocuments"])


class Signed(Check):
    slug = "signed"
    algorithm = "RSASSA_PSS_SHA_256"

    def passes(self, claim):
        answer = boto3.client("kms").verify(
            KeyId=os.environ["SIGNING_KEY"],
            Message=claim["digest"].encode(),
            Signature=bytes.fromhex(claim["signature"]),
            SigningAlgorithm=self.algorithm,
        )
        return answer["SignatureValid"]


class Translated(Check, enabled=False):
    slug = "translated"

    def passes(self, claim):
        boto3.client("translate").translate_text(Text=claim["text"], SourceLanguageCode="auto", TargetLanguageCode="en")
        return True
