"""Audits a tenant's account as its role, and writes what was found as ourselves."""
import os

import boto3

from audit.account import Account, assumed
from audit.findings import Findings

HOME = Account(boto3.session.Session())
TENANT_ROLE = "arn:aws:iam::{account}:role/" + os.environ["TENANT_ROLE_NAME"]


def handler(event, context):
    findings = Findings(HOME.client("dynamodb"), table=os.environ["FINDINGS"])
    total = 0
    for tenant in HOME.tenants(os.environ["TENANTS_PARAMETER"]):
        theirs = Account(assumed(HOME, TENANT_ROLE.format(account=tenant)))
        for problem in theirs.problems():
            findings.add(tenant, problem)
            total += 1
    HOME.measure("Audit", "Problems", total)
    return {"problems": total}
