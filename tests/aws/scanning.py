"""A live scan of a fake endpoint, through everything but the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

from stockade.consults import undecides
from stockade.control import Noise
from stockade.controls import load
from stockade.controls import names as existing
from stockade.read.account.answer import Place
from stockade.read.account.calls import Call
from stockade.read.account.client import Account
from stockade.read.account.pace import Pace
from stockade.read.account.reader import read
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.report import Report
from stockade.scan import scan
from tests.aws.endpoint import Endpoint, key_of

AT = "2026-02-03T04:05:06Z"
LOADER = Loader()


def clients(
    endpoint: Endpoint,
    account: str,
    *,
    session: bool = False,
    attempts: int = 8,
    mode: str = "standard",
    patience: int = 60,
) -> Callable[[str, str], Any]:
    """Clients of an account by service and region, each made once and without waiting between attempts."""
    made: dict[tuple[str, str], Any] = {}
    of = botocore.session.Session()
    of.register_component("data_loader", LOADER)
    retries = {"mode": mode, "total_max_attempts": attempts}
    config = Config(retries=retries, max_pool_connections=32, read_timeout=patience)

    def client(service: str, region: str) -> Any:
        if (service, region) not in made:
            made[service, region] = of.create_client(
                service,
                region_name=region,
                endpoint_url=endpoint.url,
                aws_access_key_id=f"ASIA{account}FAKE" if session else key_of(account),
                aws_secret_access_key="secret",
                aws_session_token="token" if session else None,
                config=config,
            )
        return made[service, region]

    return client


def reading(
    endpoint: Endpoint,
    *,
    account: str = "111122223333",
    region: str = "us-east-1",
    controls: Sequence[str] | None = None,
    share: float = 1000.0,
    tell: Callable[[Place, Call], None] = lambda place, call: None,
    made: Callable[[str, str], Any] | None = None,
) -> Reading:
    """What is read of one account and region, by clients that are ``made``; the usual share keeps no pace."""
    pace = Pace(share, time.monotonic, time.sleep)
    known = Account(made or clients(endpoint, account), pace, tell)
    place = Place(account, region, "aws", AT)
    return read(known, place, undecides(controls or existing()))


def report(endpoint: Endpoint, *, noise: Noise = Noise.AUDIT, **more: Any) -> Report:
    """The report of a scan of one account and region."""
    made = reading(endpoint, **more)
    given = Input(made.kind, made.path, len(made.resources), build(made), made.path, reading=made)
    return scan([given], load(), at=AT, only=more.get("controls"), noise=noise)
