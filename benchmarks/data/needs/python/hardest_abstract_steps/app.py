"""Steps of an intake: subclasses say what they do, the base says in which order."""
from steps import build


def handler(event, context):
    step = build(event["step"], event)
    return {"step": event["step"], "outcome": step.run()}
