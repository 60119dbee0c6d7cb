"""Checks, which make themselves known by being defined."""
from . import documents, duplicates  # noqa: F401  (defining them is what registers them)
from .base import Check


def run_all(claim):
    for check in Check.registered():
        yield check.slug, check.passes(claim)
