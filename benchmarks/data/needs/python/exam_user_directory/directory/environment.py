"""Reads the environment in one place."""
import os
from typing import Optional


def required(name: str, default: Optional[str] = None) -> str:
    value = os.environ.get(f"DIRECTORY_{name}", default)
    if value is None:
        raise RuntimeError(f"DIRECTORY_{name} is not set")
    return value
