"""AWS's own iam-policy-autopilot on the labelled handlers, with a service reference served on loopback.

It asks AWS's service reference for what each operation is authorised by and does not run without. The reference
that is served here is made of our own catalog and table, which favours it: AWS's lists more actions for an
operation than a call needs (seven for one ``GetObject``).
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from stockade.code.facts import Call
from stockade.code.services import Services
from stockade.iam.catalog import Catalog
from stockade.needs.actions import prefix_of, wanted
from stockade.source import Source, Span
from stockade.value import Written

NAME: Final = "iam-policy-autopilot"
_NOWHERE: Final = Written(Span(Source("reference", b""), 0, 0))


@dataclass
class Found:
    """What it found in one handler's files, what it said instead, and the seconds of CPU that it took."""

    actions: set[str] = field(default_factory=set)
    complaint: str = ""
    seconds: float = 0.0


def _action(name: str, prefix: str) -> dict[str, Any]:
    action = Catalog.load().action(f"{prefix}:{name}")
    types = action.resource_types if action is not None else ()
    return {"Name": name, "Resources": [{"Name": one} for one in types], "ActionConditionKeys": []}


def _operations(prefix: str) -> Iterator[dict[str, Any]]:
    services = Services.load()
    for client in services.names:
        service = services.service(client) if prefix_of(client) == prefix else None
        for name in service.operations if service is not None else ():
            operation = service.operation(name) if service is not None else None
            if operation is None:
                continue
            found = wanted(Call(service=client, operation=name, origin=_NOWHERE)) or ()
            allowed = [one.action.split(":") for one in found if not one.perhaps]
            yield {
                "Name": name,
                "SDK": [{"Name": client, "Method": operation.method, "Package": "Boto3"}],
                "AuthorizedActions": [{"Service": of, "Name": action} for of, action in allowed],
            }


def reference(prefix: str) -> dict[str, Any] | None:
    """One service of the reference in AWS's form; ``None`` where the catalog has none of this name."""
    service = Catalog.load().service(prefix)
    if service is None:
        return None
    return {
        "Name": prefix,
        "Version": "v1.4",
        "Actions": [_action(name, prefix) for name in service.names],
        "Resources": [{"Name": one, "ARNFormats": [arn]} for one, arn in service.resource_types.items()],
        "ConditionKeys": [],
        "Operations": list(_operations(prefix)),
    }


class _Reference(BaseHTTPRequestHandler):
    """Answers with the list of services, or with one of them."""

    def do_GET(self) -> None:
        found = re.fullmatch(r"/v1/([\w-]+)/[\w-]+\.json", self.path)
        base = f"http://{self.headers['Host']}/v1"
        body: Any = (
            reference(found[1])
            if found
            else [{"service": one, "url": f"{base}/{one}/{one}.json"} for one in Catalog.load().services()]
        )
        data = json.dumps(body).encode()
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing: the benchmark prints its own."""


@contextmanager
def served() -> Iterator[str]:
    """The reference on loopback: its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Reference)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def installed() -> str | None:
    """Its command, where there is one: on the path, or at ``STOCKADE_AUTOPILOT``."""
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return os.environ.get("STOCKADE_AUTOPILOT") or shutil.which(NAME, path=beside)


def run(command: str, files: list[Path], url: str | None) -> Found:
    """What it finds in some files, with the reference at ``url`` or with its own."""
    environment = {**os.environ, "DISABLE_IAM_POLICY_AUTOPILOT_TELEMETRY": "true"}
    if url is not None:
        environment["IAM_POLICY_AUTOPILOT_SERVICE_REFERENCE_URL"] = url
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [command, "generate-policies", "--disable-cache", *_language(files), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        return Found(complaint=words[-1] if words else "no reason given", seconds=spent)
    return Found(set(_actions(json.loads(done.stdout))), seconds=spent)


def _language(files: list[Path]) -> list[str]:
    """What it has to be told of files that it does not know by their ending."""
    unknown = any(one.suffix in (".mjs", ".cjs") for one in files)
    return ["-l", "javascript"] if unknown and all(one.suffix != ".ts" for one in files) else []


def _actions(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "Action":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _actions(value)
    elif isinstance(tree, list):
        for one in tree:
            yield from _actions(one)
