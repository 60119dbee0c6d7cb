"""Visits things by the names of their classes."""
from dataclasses import dataclass

import boto3


@dataclass
class Instance:
    id: str


@dataclass
class Database:
    id: str


class Visitor:
    def visit(self, thing):
        return getattr(self, "visit_" + type(thing).__name__.lower())(thing)


class Stopper(Visitor):
    def __init__(self, session):
        self.ec2 = session.client("ec2")
        self.rds = session.client("rds")

    def visit_instance(self, thing):
        self.ec2.stop_instances(InstanceIds=[thing.id])
        return self.ec2.create_tags(Resources=[thing.id], Tags=[{"Key": "stopped", "Value": "yes"}])

    def visit_database(self, thing):
        return self.rds.stop_db_instance(DBInstanceIdentifier=thing.id)


KINDS = {"instance": Instance, "database": Database}


def handler(event, context):
    stopper = Stopper(boto3.Session())
    return [stopper.visit(KINDS[one["kind"]](id=one["id"])) for one in event["things"]]
