"""Closes security groups that are open to the world, and tells about it."""
import logging
import os

import boto3

logger = logging.getLogger(__name__)


def connect(service, region=None):
    return boto3.client(service, region_name=region)


def open_rules(group):
    for rule in group["IpPermissions"]:
        if any(one["CidrIp"] == "0.0.0.0/0" for one in rule.get("IpRanges", [])):
            yield rule


def lambda_handler(event, context):
    ec2 = connect("ec2", event.get("region"))
    closed = 0
    for page in ec2.get_paginator("describe_security_groups").paginate():
        for group in page["SecurityGroups"]:
            rules = list(open_rules(group))
            if rules:
                ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=rules)
                closed += len(rules)
    if closed:
        connect("sns").publish(TopicArn=os.environ["ALERTS"], Message=f"closed {closed} rules")
    connect("securityhub").batch_update_findings(FindingIdentifiers=event["findings"], Workflow={"Status": "RESOLVED"})
