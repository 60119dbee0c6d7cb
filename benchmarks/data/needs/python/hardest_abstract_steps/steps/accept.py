import os

from .base import Step


class Accept(Step, called="accept"):
    service = "stepfunctions"

    def perform(self):
        started = self.client.start_execution(
            stateMachineArn=os.environ["INTAKE_MACHINE"], name=self.payload["id"], input="{}"
        )
        return started["executionArn"]
