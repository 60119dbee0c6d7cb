"""What is measured of live reading, each in a process of its own: our reading, and botocore alone.

    python -m benchmarks.live_child read URL RECORD --share 0.9 [--session | --role]
    python -m benchmarks.live_child replay URL RECORD

The first writes down which requests it made, which the second makes again. Both print JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from benchmarks.live_account import NUMBER
from benchmarks.measure import RSS_UNIT
from tests.aws.endpoint import Endpoint, key_of
from tests.aws.exact import Told
from tests.aws.scanning import AT, clients

THREADS: Final = 8


def _used(begin: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
    return {"cpu": time.process_time() - begin, "rss": peak / 2**20}


def read(url: str, record: Path, share: float, session: bool, role: bool) -> dict[str, Any]:
    """Reads and decides as ``stockade scan --live`` does, by the same clients: the cost, and what was said."""
    from stockade.consults import undecides
    from stockade.controls import load, names
    from stockade.read.account.answer import Place
    from stockade.read.account.calls import Call
    from stockade.read.account.client import Account, Client
    from stockade.read.account.pace import Pace
    from stockade.read.account.reader import read as reading
    from stockade.read.account.session import begun
    from stockade.read.build import build
    from stockade.read.inputs import Input
    from stockade.scan import scan

    os.environ |= {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": f"ASIA{NUMBER}FAKE" if session else key_of(NUMBER),
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    os.environ.pop("AWS_SESSION_TOKEN", None)
    if session:
        os.environ["AWS_SESSION_TOKEN"] = "token"
    sessions = begun(None)
    used = sessions.base
    if role:
        used = sessions.assumed(f"arn:aws:iam::{NUMBER}:role/reader", "us-east-1")
    controls = load()
    asked: list[tuple[str, str, dict[str, Any]]] = []
    sent = Client._sent

    def noted(self: Client, call: Call, send: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
        asked.append((call.service, call.operation, dict(parameters)))
        return sent(self, call, send, parameters)

    Client._sent = noted  # type: ignore[method-assign]  # the one place that every request comes through
    begin, started = time.process_time(), time.monotonic()
    account = Account(sessions.clients(used), Pace(share, time.monotonic, time.sleep), lambda place, call: None)
    answers = reading(account, Place(NUMBER, "us-east-1", "aws", AT), undecides(names()))
    cost = _used(begin)
    given = Input(
        answers.kind, answers.path, len(answers.resources), build(answers), answers.path, reading=answers
    )
    told = Told.of(scan([given], controls, at=AT))
    whole = _used(begin)
    record.write_text(json.dumps(asked, default=str))
    return {
        **cost,
        "whole": whole,
        "wall": time.monotonic() - started,
        "requests": len(asked),
        "functions": list(told.functions),
        "states": dict(told.states),
        "gaps": list(told.gaps),
    }


def replay(url: str, record: Path) -> dict[str, Any]:
    """Makes the same requests with botocore alone."""
    from botocore import xform_name
    from botocore.exceptions import ClientError
    from botocore.parsers import ResponseParserError

    asked = json.loads(record.read_text())
    # What was repeated is among the requests; moto takes a minute for a list of a thousand functions.
    made = clients(Endpoint(url), NUMBER, attempts=1, patience=600)
    begin = time.process_time()

    def one(request: tuple[str, str, dict[str, Any]]) -> None:
        service, operation, parameters = request
        with suppress(ClientError, ResponseParserError):  # what is not there, or not in moto, is answered so
            getattr(made(service, "us-east-1"), xform_name(operation))(**parameters)

    for service in sorted({one[0] for one in asked}):
        made(service, "us-east-1")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, asked))
    return {**_used(begin), "requests": len(asked)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("read", "replay"))
    parser.add_argument("url")
    parser.add_argument("record", type=Path)
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--session", action="store_true", help="with a session's credentials")
    parser.add_argument("--role", action="store_true", help="with a role's, which are renewed")
    asked = parser.parse_args()
    found = (
        replay(asked.url, asked.record)
        if asked.what == "replay"
        else read(asked.url, asked.record, asked.share, asked.session, asked.role)
    )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
