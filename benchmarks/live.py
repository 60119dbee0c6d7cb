"""What reading a live account costs beside bare botocore, and whether AWS's quotas are kept.

    python -m benchmarks.live            # 1,000 functions, 20 ms latency, AWS's own quotas: some minutes
    python -m benchmarks.live --functions 100 --quick
    python -m benchmarks.live --moto     # beside it, the same number of functions on moto
    python -m benchmarks.live --trouble  # the account under throttling, failures, cut answers, denials, expiry

The account is a fake one on loopback, in a process of its own. Another process reads it as
`stockade scan --live` does; a third makes the very same requests with botocore alone, by as many threads, which
is the floor. Both are told in CPU seconds and peak memory; the endpoint's own are told as well, for neither is
to wait for it.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measure import RSS_UNIT
from tests.aws.account import Account, allow, document
from tests.aws.ample import permission
from tests.aws.endpoint import Endpoint, apart
from tests.aws.scanning import clients
from tests.aws.trouble import FOREVER, Trouble

NUMBER = "111122223333"
THREADS = 8


def many(functions: int) -> Account:
    """An account of functions, each with a role, a policy and a log group; every tenth has an alias."""
    account = Account(NUMBER)
    here = account.region()
    groups = []
    for index in range(functions):
        name = f"service-{index:04}"
        group = here.arn("logs", f"log-group:/aws/lambda/{name}")
        own = document(allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*"))
        source = here.arn("execute-api", f"api{index:04}/prod/GET/")
        here.function(
            name,
            account.role(f"{name}-role", inline={"own": own}),
            settings={"Environment": {"Variables": {"TABLE": f"table-{index}", "LEVEL": "info"}}},
            policy=[permission(here, name, {"Service": "apigateway.amazonaws.com"}, source)],
            aliases={"live": "1"} if index % 10 == 0 else {},
            versions=["1"] if index % 10 == 0 else [],
            tags={"team": f"team-{index % 7}"},
        )
        groups.append({"logGroupName": f"/aws/lambda/{name}", "arn": f"{group}:*", "retentionInDays": 30})
    here.says("logs:DescribeLogGroups", groups)
    here.limits(10_000, 10_000, functions)
    return account


def _used(begin: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
    return {"cpu": time.process_time() - begin, "rss": peak / 2**20}


def read(url: str, share: float, record: Path, session: bool = False) -> dict[str, Any]:
    """What the child says that reads the account: its cost, and the requests, which it writes down."""
    from stockade.controls import load
    from stockade.read.account.calls import Call
    from stockade.read.account.client import Client
    from stockade.read.build import build
    from stockade.read.inputs import Input
    from stockade.scan import scan
    from tests.aws.scanning import AT, reading

    made = clients(Endpoint(url), NUMBER, session=session, attempts=8, mode="adaptive")
    asked: list[tuple[str, str, dict[str, Any]]] = []
    sent = Client._sent

    def noted(self: Client, call: Call, send: Callable[..., Any], parameters: Mapping[str, Any]) -> Any:
        asked.append((call.service, call.operation, dict(parameters)))
        return sent(self, call, send, parameters)

    Client._sent = noted  # type: ignore[method-assign]  # the one place that every request comes through
    begin, started = time.process_time(), time.monotonic()
    answers = reading(Endpoint(url), made=made, share=share)
    used = _used(begin)
    world = build(answers)
    given = Input(answers.kind, answers.path, len(answers.resources), world, answers.path, reading=answers)
    found = scan([given], load(), at=AT)
    whole = _used(begin)
    record.write_text(json.dumps(asked, default=str))
    states = {
        f"{one.address} {name}": state.value for one in found.functions for name, state in one.checklist.items()
    }
    record.with_suffix(".states").write_text(json.dumps(states))
    return {
        **used,
        "whole": whole,
        "wall": time.monotonic() - started,
        "requests": len(asked),
        "functions": len(found.functions),
        "gaps": [f"{one.what}: {one.reason}"[:160] for one in found.gaps],
    }


def replay(url: str, record: Path) -> dict[str, Any]:
    """What the child says that makes the same requests with botocore alone."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    asked = json.loads(record.read_text())
    made = clients(Endpoint(url), NUMBER, attempts=8)
    begin = time.process_time()

    def one(request: tuple[str, str, dict[str, Any]]) -> None:
        service, operation, parameters = request
        with suppress(ClientError):  # what is not there is answered so
            getattr(made(service, "us-east-1"), xform_name(operation))(**parameters)

    for service in sorted({one[0] for one in asked}):
        made(service, "us-east-1")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, asked))
    return {**_used(begin), "requests": len(asked)}


def _child(*words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.live", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


TROUBLES: dict[str, Trouble] = {
    "none": Trouble(),
    "throttled, once each": Trouble(seed=1, throttled=0.03),
    "5xx, three times each": Trouble(seed=2, failing=0.02, times=3),
    "cut, twice each": Trouble(seed=3, cut=0.05, times=2),
    "all three": Trouble(seed=4, throttled=0.01, failing=0.01, cut=0.02, times=2),
    "a third of GetPolicy denied": Trouble(denied=frozenset({"lambda:GetPolicy"}), share_denied=0.33),
    "1 % of requests never answered": Trouble(seed=5, cut=0.01, times=FOREVER),
    "credentials expire after 3,000": Trouble(expire_after=3_000),
}
"""Plans, by what they are called. Requests that are hit are chosen by the seed."""


def troubles(functions: int, latency: float, record: Path) -> None:
    """The account under each plan: what differs from the untroubled report, and the gaps that say why."""
    untroubled: dict[str, str] = {}
    print(f"{functions:,} functions under trouble")
    for name, plan in TROUBLES.items():
        with apart(many(functions), trouble=replace(plan, latency=latency)) as endpoint:
            words = ["--session"] if plan.expire_after != FOREVER else []
            mine = _child("--read", endpoint.url, "--share", "1000", "--record", str(record), *words)
            told = endpoint.told()["answers"]
        states: dict[str, str] = json.loads(record.with_suffix(".states").read_text())
        untroubled = untroubled or states
        undecided = sum(state == "undecided" for state in states.values())
        wrong = [key for key, state in states.items() if state not in (untroubled.get(key), "undecided")]
        refused = {kind: count for kind, count in told.items() if not kind.startswith(("200", "404"))}
        print(
            f"  {name}: {mine['requests']:,} requests, {mine['wall']:.0f} s, {mine['cpu']:.1f} s CPU, {refused}"
        )
        print(f"    {len(states):,} answers, {undecided:,} undecided, {len(wrong)} others than untroubled")
        for gap in mine["gaps"]:
            print(f"    gap: {gap}")


def _told(endpoint: Endpoint, functions: int, share: float, record: Path) -> None:
    mine = _child("--read", endpoint.url, "--share", str(share), "--record", str(record))
    told = endpoint.told()
    print(f"{functions:,} functions, {mine['requests']:,} requests, {mine['wall']:.0f} s on the clock")
    for gap in mine["gaps"]:
        print(f"  gap: {gap}")
    for name, count in sorted(endpoint.by_quota().items()):
        print(f"  {name:32} {count:7,}")
    refused = {kind: count for kind, count in told["answers"].items() if not kind.startswith(("200", "404"))}
    print(f"  answers that were refused: {refused or 'none'}")
    print(f"  the endpoint's own CPU: {1000 * told['cpu'] / mine['requests']:.2f} ms a request")
    _costs(mine)


def _costs(mine: Mapping[str, Any]) -> None:
    _cost("stockade, reading", mine)
    _cost("stockade, and the scan", {**mine, **mine["whole"]})


def _cost(what: str, of: Mapping[str, Any]) -> None:
    each = 1000 * of["cpu"] / of["requests"]
    print(f"  {what:32} {of['cpu']:7.2f} s CPU, {each:.2f} ms a request, {of['rss']:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=1_000)
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--quick", action="store_true", help="quotas a hundred times as large")
    parser.add_argument("--moto", action="store_true")
    parser.add_argument("--trouble", action="store_true")
    parser.add_argument("--session", action="store_true")
    parser.add_argument("--read")
    parser.add_argument("--replay")
    parser.add_argument("--record", type=Path)
    asked = parser.parse_args()
    if asked.read:
        print(json.dumps(read(asked.read, asked.share, asked.record, asked.session)))
        return
    if asked.replay:
        print(json.dumps(replay(asked.replay, asked.record)))
        return
    scale = 100.0 if asked.quick else 1.0
    with tempfile.TemporaryDirectory() as directory:
        record = Path(directory) / "requests.json"
        if asked.trouble:
            troubles(asked.functions, asked.latency, record)
            return
        account = many(asked.functions)
        with apart(account, trouble=Trouble(latency=asked.latency), quotas=scale) as endpoint:
            _told(endpoint, asked.functions, asked.share * scale, record)
        with apart(account, trouble=Trouble(latency=asked.latency)) as endpoint:
            _cost("botocore alone, the same", _child("--replay", endpoint.url, "--record", str(record)))
        if asked.moto:
            with moto(asked.functions) as url:
                mine = _child("--read", url, "--share", "1000", "--record", str(record))
                print(f"moto, {mine['functions']:,} functions: {len(mine['gaps'])} calls that it does not know")
                _costs(mine)
                _cost("botocore alone, the same", _child("--replay", url, "--record", str(record)))


@contextmanager
def moto(functions: int) -> Iterator[str]:
    """Moto's server with as many functions."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = clients(Endpoint(f"http://{host}:{port}"), NUMBER)
        trust = json.dumps(
            document(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                }
            )
        )
        role = made("iam", "us-east-1").create_role(RoleName="all", AssumeRolePolicyDocument=trust)["Role"][
            "Arn"
        ]
        for index in range(functions):
            made("lambda", "us-east-1").create_function(
                FunctionName=f"service-{index:04}",
                Runtime="python3.13",
                Role=role,
                Handler="index.handler",
                Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
            )
        yield f"http://{host}:{port}"
    finally:
        server.stop()


if __name__ == "__main__":
    main()
