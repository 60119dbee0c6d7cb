"""Has all checks look at an insurance claim."""
import json

from checks import run_all
from checks.store import Claims


def handler(event, context):
    claims = Claims()
    for record in event["Records"]:
        claim = json.loads(record["body"])
        results = dict(run_all(claim))
        claims[claim["id"]] = results
        if not all(results.values()):
            claims.escalate(claim)
    return len(claims)
