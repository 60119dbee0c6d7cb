"""Stops instances at night."""
import boto3

ec2 = boto3.resource("ec2")


def tagged(state):
    filters = [{"Name": "tag:schedule", "Values": ["office"]}, {"Name": "instance-state-name", "Values": [state]}]
    return ec2.instances.filter(Filters=filters)


def handler(event, context):
    if event["action"] == "stop":
        for instance in tagged("running"):
            print("stopping", instance.id, instance.instance_type)
            instance.stop()
    else:
        tagged("stopped").start()
