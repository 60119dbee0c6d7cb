"""Real clients of AWS that speak to an endpoint on loopback."""

from __future__ import annotations

from typing import Any

import botocore.session
from botocore.config import Config

from tests.aws.endpoint import Endpoint, key_of


def client(
    endpoint: Endpoint,
    service: str,
    *,
    account: str = "111122223333",
    region: str = "us-east-1",
    token: str | None = None,
    config: Config | None = None,
) -> Any:
    """A botocore client of an account's own user, or of its session where there is a token."""
    return botocore.session.Session().create_client(
        service,
        region_name=region,
        endpoint_url=endpoint.url,
        aws_access_key_id=f"ASIA{account}FAKE" if token else key_of(account),
        aws_secret_access_key="secret",
        aws_session_token=token,
        config=config or Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )
