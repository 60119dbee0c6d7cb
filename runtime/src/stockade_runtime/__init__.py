"""Secrets and parameters for AWS Lambda functions: fetched when needed, cached, refreshed, never shown.

    from stockade_runtime import secret_from_env

    API_KEY = secret_from_env("API_KEY_SECRET_ARN")     # nothing is fetched yet

    def handler(event, context):
        call(key=API_KEY.value)                         # fetched once, then from memory

Importing this imports neither boto3 nor anything else that costs time: the first miss does.
"""

from ._api import (
    Handle,
    Store,
    clear,
    get_parameter,
    get_parameters,
    get_secret,
    get_secrets,
    parameter_from_env,
    refresh_on,
    rotation,
    secret_from_env,
)
from ._environment import check_environment
from ._secret import MissingVariable, NotFetched, PlaintextSecret, RuntimeSecretError, Secret

__version__ = "0.1.0"
__all__ = [
    "Handle",
    "MissingVariable",
    "NotFetched",
    "PlaintextSecret",
    "RuntimeSecretError",
    "Secret",
    "Store",
    "check_environment",
    "clear",
    "get_parameter",
    "get_parameters",
    "get_secret",
    "get_secrets",
    "parameter_from_env",
    "refresh_on",
    "rotation",
    "secret_from_env",
]
