"""Starts a task in a cluster and waits until it is done."""
import os

import boto3


def handler(event, context):
    ecs = boto3.client("ecs")
    answer = ecs.run_task(
        cluster=os.environ["CLUSTER"],
        taskDefinition=os.environ["TASK_DEFINITION"],
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": os.environ["SUBNETS"].split(",")}},
        overrides={"containerOverrides": [{"name": "job", "command": event["command"]}]},
    )
    arns = [task["taskArn"] for task in answer["tasks"]]
    ecs.get_waiter("tasks_stopped").wait(cluster=os.environ["CLUSTER"], tasks=arns)
    return arns
