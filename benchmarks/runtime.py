"""``stockade-runtime`` beside boto3 alone, AWS's caching client and Powertools Parameters, in one run.

    python -m benchmarks.runtime [--write docs/runtime.md]

It needs boto3, ``aws-secretsmanager-caching`` and ``aws-lambda-powertools`` installed. No network: AWS is a
stub that counts calls and takes its time.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import platform
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import files, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "runtime"
LATENCY = 0.1
THREADS = 100
NAMES = ("boto3", "aws-secretsmanager-caching", "Powertools Parameters", "stockade-runtime")


class Stub:
    """The two operations of Secrets Manager that these libraries call; counts them, takes its time."""

    def __init__(self) -> None:
        self.calls = 0
        self.latency = 0.0
        self.down = False
        self.value = json.dumps({"password": "one"})
        self.version = "a" * 32
        self._lock = threading.Lock()

    def get_secret_value(self, **_: Any) -> dict[str, Any]:
        self._took()
        return {"ARN": "arn", "Name": "a", "VersionId": self.version, "SecretString": self.value}

    def describe_secret(self, **_: Any) -> dict[str, Any]:
        self._took()
        return {"ARN": "arn", "Name": "a", "VersionIdsToStages": {self.version: ["AWSCURRENT"]}}

    def _took(self) -> None:
        with self._lock:
            self.calls += 1
        time.sleep(self.latency)
        if self.down:
            from botocore.exceptions import ClientError

            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetSecretValue")


@dataclass
class Peer:
    """One way to get a secret: ``get`` returns its text, ``expire`` makes what is kept old."""

    get: Callable[..., Any]
    expire: Callable[[], None]
    arguments: tuple[str, ...] = ()


def peers(stub: Stub) -> dict[str, Peer]:
    """All of them, on one stub, with their defaults."""
    from aws_lambda_powertools.utilities.parameters import SecretsProvider
    from aws_secretsmanager_caching import SecretCache

    from stockade_runtime import NotFetched, Secret, Store
    from stockade_runtime._cache import Cache

    class Source:
        """The stub as our own source sees AWS."""

        def secret(self, *_: Any) -> Secret:
            try:
                return Secret(stub.get_secret_value()["SecretString"], stub.version)
            except Exception as error:  # whatever the stub raises is an outage
                raise NotFetched(
                    "`a` was not fetched: ThrottlingException", "ThrottlingException", True
                ) from error

        def reset(self) -> None:
            pass

    caching = SecretCache(client=stub)
    powertools: Any = SecretsProvider(boto3_client=stub)
    cache = Cache(jitter=0.0, ahead=1.0)
    keep = Store(cache, Source(), {})

    def expire_caching() -> None:
        caching._get_cached_secret("a")._next_refresh_time = datetime.now(UTC) - timedelta(seconds=1)

    def expire_powertools() -> None:
        for key, held in list(powertools.store.items()):
            powertools.store[key] = held._replace(ttl=held.ttl - timedelta(days=1))

    def expire_own() -> None:
        for held in cache.entries.values():
            held.ahead = held.fresh = held.fetched

    return {
        "boto3": Peer(lambda: stub.get_secret_value(SecretId="a")["SecretString"], lambda: None),
        "aws-secretsmanager-caching": Peer(caching.get_secret_string, expire_caching, ("a",)),
        "Powertools Parameters": Peer(powertools.get, expire_powertools, ("a",)),
        "stockade-runtime": Peer(keep.get_secret, expire_own, ("a",)),
    }


# --------------------------------------------------------------------------------------- the figures


def imports() -> dict[str, float]:
    """Milliseconds of CPU until a process is ready to ask, above the bare interpreter's; the least of seven."""
    ready = {
        "boto3": "import boto3; boto3.client('secretsmanager', region_name='eu-west-1')",
        "aws-secretsmanager-caching": "import boto3; from aws_secretsmanager_caching import SecretCache; "
        "SecretCache(client=boto3.client('secretsmanager', region_name='eu-west-1'))",
        "Powertools Parameters": "from aws_lambda_powertools.utilities.parameters import SecretsProvider; "
        "SecretsProvider()",
        "stockade-runtime": "import stockade_runtime; stockade_runtime.Store()",
    }
    bare = min(_cpu("") for _ in range(7))
    return {name: (min(_cpu(code) for _ in range(7)) - bare) * 1000 for name, code in ready.items()}


def _cpu(code: str) -> float:
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, sys.argv[1])\n{code}", str(RUNTIME / "src")]
    environment = {"AWS_DEFAULT_REGION": "eu-west-1", "PATH": "/usr/bin"}
    before = _children()
    subprocess.run(run, check=True, capture_output=True, env=environment, timeout=60)
    return _children() - before


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cached(peer: Peer) -> float:
    """Microseconds for a value that is kept; the least of five rounds."""
    peer.get(*peer.arguments)
    best = 1e9
    for _ in range(5):
        start = time.process_time()
        for _ in range(20_000):
            peer.get(*peer.arguments)
        best = min(best, (time.process_time() - start) / 20_000)
    return best * 1e6


def crowd(stub: Stub, peer: Peer, cold: bool) -> tuple[int, float]:
    """Calls made when a hundred threads ask at once, and milliseconds that the median one waits."""
    if not cold:
        peer.get(*peer.arguments)
        peer.expire()
    stub.calls, stub.latency = 0, LATENCY
    barrier = threading.Barrier(THREADS)

    def ask() -> float:
        barrier.wait()
        start = time.monotonic()
        peer.get(*peer.arguments)
        return time.monotonic() - start

    with ThreadPoolExecutor(THREADS) as pool:
        waits = sorted(one.result() for one in [pool.submit(ask) for _ in range(THREADS)])
    stub.latency = 0.0
    return stub.calls, waits[THREADS // 2] * 1000


def outage(stub: Stub, peer: Peer) -> str:
    """What a caller gets when the value has become old while Secrets Manager is down."""
    peer.get(*peer.arguments)
    peer.expire()
    stub.down = True
    try:
        return "the old value" if peer.get(*peer.arguments) else "nothing"
    except Exception as error:  # whichever it is, it is the answer
        return f"{type(error).__name__}"
    finally:
        stub.down = False


def added(name: str) -> int:
    """Bytes that a distribution adds to a function's zip: the Python files of it, deflated."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for one in files(name) or ():
            if one.suffix in (".py", ".json", ".typed"):
                archive.writestr(str(one), one.locate().read_bytes())  # type: ignore[attr-defined]  # a file of a distribution
    return len(held.getvalue())


def own_size() -> int:
    """The same of our own wheel."""
    with TemporaryDirectory() as out:
        run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out]
        subprocess.run(run, cwd=RUNTIME, check=True, capture_output=True)
        (made,) = Path(out).glob("*.whl")
        held = io.BytesIO()
        with (
            zipfile.ZipFile(made) as wheel,
            zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, True, 9) as archive,
        ):
            for one in wheel.namelist():
                if one.startswith("stockade_runtime/"):
                    archive.writestr(one, wheel.read(one))
        return len(held.getvalue())


def report() -> str:
    """All figures as a page."""
    from stockade_runtime import Secret

    rows: dict[str, list[str]] = {}
    secret = Secret("x" * 30)
    text = cached(Peer(lambda: secret.value, lambda: None))
    starts = imports()
    for name in NAMES:
        stub = Stub()
        hit = cached(peers(stub)[name])
        stub = Stub()
        cold = crowd(stub, peers(stub)[name], cold=True)
        stub = Stub()
        old = crowd(stub, peers(stub)[name], cold=False)
        stub = Stub()
        rows[name] = [
            f"{starts[name]:.1f} ms",
            "a call each time" if name == "boto3" else f"{hit:.2f} µs",
            f"{cold[0]}, {cold[1]:.0f} ms",
            f"{old[0]}, {old[1]:.1f} ms",
            outage(stub, peers(stub)[name]),
        ]
    sizes = {
        "boto3": "in the runtime",
        "aws-secretsmanager-caching": f"{added('aws_secretsmanager_caching') / 1024:.1f} KB",
        "Powertools Parameters": f"{added('aws_lambda_powertools') / 1024:.0f} KB",
        "stockade-runtime": f"{own_size() / 1024:.1f} KB",
    }
    heads = (
        "ready to ask, over the bare interpreter",
        "a value that is kept",
        f"{THREADS} threads, nothing kept yet: calls, median wait",
        f"{THREADS} threads at expiry: calls, median wait",
        "expired during an outage",
        "added to the zip",
    )
    lines = [f"| | {' | '.join(NAMES)} |", "|---|" + "---|" * len(NAMES)]
    for place, head in enumerate(heads):
        held = [sizes[name] if place == len(heads) - 1 else rows[name][place] for name in NAMES]
        lines.append(f"| {head} | {' | '.join(held)} |")
    versions = ", ".join(
        f"{one} {version(one)}" for one in ("boto3", "aws-secretsmanager-caching", "aws-lambda-powertools")
    )
    return PAGE.format(
        table="\n".join(lines),
        day=datetime.now(UTC).date(),
        python=platform.python_version(),
        machine=platform.machine(),
        versions=versions,
        value=text,
        latency=int(LATENCY * 1000),
    )


PAGE = """# The runtime library, measured

Made by `python -m benchmarks.runtime --write docs/runtime.md` on {day}, Python {python}, {machine}; {versions}.
All in one run on the same stub of AWS, whose calls take {latency} ms where threads are counted. CPU time, the
least of several rounds.

{table}

- "Ready to ask" is a process that has imported the library and made its cache and client. `stockade-runtime`
  imports boto3 at the first miss; that cost is paid then, in the first invocation that needs a secret. A few
  milliseconds either way are the interpreter's own noise.
- A kept value is what the library's own call returns: for `stockade-runtime` a `Secret`, whose text is another
  {value:.2f} µs.
- AWS's caching client needs `secretsmanager:DescribeSecret` beside `GetSecretValue`, and its call at expiry is
  that.
- Rotation: `stockade-runtime` fetches anew and tries once more (`refresh_on`); AWS's caching client has
  `refresh_secret_now`, which sleeps for two and a half seconds at least; Powertools has `force_fetch`.
- Powertools' cache does not tell a secret's version stages apart, and hands the same JSON document to all
  callers; both are what [the tests](../runtime/tests) hold `stockade-runtime` not to do.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(RUNTIME / "src"))
    page = report()
    print(page)
    if options.write:
        options.write.write_text(page)


if __name__ == "__main__":
    main()
