"""Reads log files of a bucket, takes out what is personal and hands it on, as a pipeline of generators."""
import os

from pipeline import compose, keep, tee
from stages import batches, lines, masked, names, sent

pipeline = compose(
    names(os.environ["LOG_BUCKET"]),
    lines,
    keep(lambda line: '"level": "ERROR"' in line or '"level":"ERROR"' in line),
    masked,
    batches(100),
    tee(sent),
)


def handler(event, context):
    return {"batches": sum(1 for _ in pipeline(event["prefix"]))}
