from .base import Step
from . import accept, bill  # noqa: F401  (they register themselves)


def build(name, payload):
    return Step.known[name](payload)
