"""Where secrets and parameters come from: AWS through boto3, or the extension beside the function."""

from __future__ import annotations

import os
from _thread import allocate_lock

from ._secret import NotFetched, Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

PASSING = (
    "Internal",
    "LimitExceeded",
    "SlowDown",
    "Throttl",
    "Throughput",
    "Timeout",
    "TooMany",
    "Unavailable",
)
"""Parts of AWS's codes for what goes by itself."""


class Boto3:
    """Secrets Manager and Parameter Store through boto3, imported at the first call.

    A client is kept for each service and region; the region is the one an ARN names.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the clients: their connections belong to the process that made them."""
        self._lock = allocate_lock()
        self._clients: dict[tuple[str, str | None], Any] = {}

    def secret(self, id: str, stage: str | None, version: str | None) -> Secret:
        """One secret. Raises ``NotFetched``."""
        asked = {"SecretId": id, "VersionStage": stage, "VersionId": version}
        given = {name: one for name, one in asked.items() if one is not None}
        return read_secret(self._ask("secretsmanager", id, "get_secret_value", given))

    def secrets(self, ids: list[str]) -> dict[str, Secret]:
        """As many of at most twenty secrets as one call gives; what it refuses is left out."""
        answer = self._ask("secretsmanager", ids[0], "batch_get_secret_value", {"SecretIdList": ids})
        out: dict[str, Secret] = {}
        for one in answer.get("SecretValues", ()):
            arn, name = one["ARN"], one["Name"]
            for id in ids:
                if id in (arn, name) or arn.startswith(f"{id}-"):
                    out[id] = read_secret(one)
        return out

    def parameter(self, name: str) -> Secret:
        """One parameter, decrypted."""
        asked = {"Name": name, "WithDecryption": True}
        return read_parameter(self._ask("ssm", name, "get_parameter", asked).get("Parameter", {}))

    def parameters(self, names: list[str]) -> dict[str, Secret]:
        """As many of at most ten parameters as there are."""
        asked = {"Names": names, "WithDecryption": True}
        out: dict[str, Secret] = {}
        for one in self._ask("ssm", names[0], "get_parameters", asked).get("Parameters", ()):
            for name in names:
                if name in (one["Name"] + one.get("Selector", ""), one.get("ARN")):
                    out[name] = read_parameter(one)
        return out

    def _ask(self, service: str, id: str, operation: str, asked: Mapping[str, Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
        from botocore.exceptions import ConnectionError as NoConnection
        from botocore.parsers import ResponseParserError

        try:
            return getattr(self._client(service, id), operation)(**asked)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            passing = status >= 500 or status == 429 or any(part in code for part in PASSING)
            raise NotFetched(f"`{id}` was not fetched: {code or status}", code, passing) from error
        except BotoCoreError as error:
            passing = isinstance(error, (HTTPClientError, NoConnection))  # none, broken, or too slow
            raise NotFetched(f"`{id}` was not fetched: {type(error).__name__}", "", passing) from error
        except ResponseParserError as error:
            raise NotFetched(f"`{id}` was not fetched: the answer was cut off", "", True) from error

    def _client(self, service: str, id: str) -> Any:
        parts = id.split(":", 4)
        region = parts[3] if parts[0] == "arn" and len(parts) > 4 and parts[3] else None
        with self._lock:
            client = self._clients.get((service, region))
            if client is None:
                from boto3.session import Session  # one of our own: the default one is not safe to share
                from botocore.config import Config

                # An invocation that waits a minute for a secret is lost; better three short tries.
                config = Config(
                    connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
                )
                client = Session().client(service, region_name=region, config=config)
                self._clients[service, region] = client
        return client


class Extension:
    """The AWS Parameters and Secrets Lambda Extension, on this sandbox's loopback.

    Its own cache may be minutes old, so that what is fetched anew on demand goes past it.
    """

    FILE = "/opt/extensions/AWSParametersAndSecretsLambdaExtension"

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token

    @classmethod
    def beside(cls, environ: Mapping[str, str]) -> Extension | None:
        """The extension, where the function has it: its file is there, or its port is set."""
        port = environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "")
        if not port and not os.path.exists(cls.FILE):
            return None
        token = environ.get("AWS_SESSION_TOKEN", "")
        return cls(int(port) if port.isdigit() else 2773, token) if token else None

    def secret(self, id: str, stage: str | None, version: str | None) -> Secret:
        asked = (("secretId", id), ("versionStage", stage), ("versionId", version))
        return read_secret(self._ask("/secretsmanager/get", id, asked))

    def parameter(self, name: str) -> Secret:
        asked = (("name", name), ("withDecryption", "true"))
        return read_parameter(self._ask("/systemsmanager/parameters/get", name, asked).get("Parameter", {}))

    def _ask(self, path: str, id: str, asked: Iterable[tuple[str, str | None]]) -> Any:
        import http.client
        import json
        from urllib.parse import urlencode

        query = urlencode([(name, one) for name, one in asked if one is not None])
        try:
            connection = http.client.HTTPConnection("localhost", self._port, timeout=5)
            try:
                headers = {"X-Aws-Parameters-Secrets-Token": self._token}
                connection.request("GET", f"{path}?{query}", headers=headers)
                response = connection.getresponse()
                body = response.read()
            finally:
                connection.close()
            if response.status == 200:
                return json.loads(body)
            status = str(response.status)
        except (OSError, http.client.HTTPException, ValueError) as error:
            status = type(error).__name__
        raise NotFetched(f"`{id}` was not fetched through the extension: {status}", "", True)


def read_secret(answer: Mapping[str, Any]) -> Secret:
    """What GetSecretValue says; binary secrets arrive as bytes, or in base 64 from the extension.

    Raises ``NotFetched`` where only half of an answer arrived.
    """
    if answer.get("SecretString") is not None:
        return Secret(answer["SecretString"], answer.get("VersionId", ""))
    held = answer.get("SecretBinary")
    if held is None:
        raise NotFetched("an answer without a secret arrived", "", True)
    if isinstance(held, str):
        from binascii import a2b_base64

        held = a2b_base64(held)
    return Secret(held, answer.get("VersionId", ""))


def read_parameter(answer: Mapping[str, Any]) -> Secret:
    """What GetParameter says of one parameter. Raises ``NotFetched`` as ``read_secret``."""
    if "Value" not in answer:
        raise NotFetched("an answer without a parameter arrived", "", True)
    return Secret(answer["Value"], str(answer.get("Version", "")))
