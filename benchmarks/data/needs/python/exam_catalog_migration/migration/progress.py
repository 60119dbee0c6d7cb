"""What is known of earlier runs."""
import json
import os

import boto3

_ssm = boto3.client("ssm")
_PARAMETER = "/catalog/migration/progress"


def note(state):
    value = json.dumps({"after": state.after, "copied": state.copied}, default=str)
    _ssm.put_parameter(Name=_PARAMETER, Value=value, Type="String", Overwrite=True)


def finished():
    boto3.client("events").disable_rule(Name=os.environ["SCHEDULE_RULE"])
    _ssm.delete_parameter(Name=_PARAMETER)
