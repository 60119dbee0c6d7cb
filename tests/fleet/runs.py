"""Runs of a fleet over a made organisation, by the command itself in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.store.parts import Store
from tests.aws.endpoint import Endpoint, key_of
from tests.aws.organization import CONTROLS, ROLE, Organization

ROOT = Path(__file__).parents[2]


def environment(endpoint: Endpoint, organization: Organization, home: Path) -> dict[str, str]:
    """No credentials but those of the management account, and nobody's configuration."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "STOCKADE_"))}
    return ours | {
        "AWS_ENDPOINT_URL": endpoint.url,
        "AWS_ACCESS_KEY_ID": key_of(organization.numbers[0]),
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": organization.regions[0],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(home / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
        "STOCKADE_STORE": str(home / "runs"),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }


def words(organization: Organization, *more: str) -> list[str]:
    """``fleet scan`` of an organisation, asking what its truth speaks of, as fast as it goes."""
    regions = [word for one in organization.regions for word in ("--region", one)]
    controls = [word for one in CONTROLS for word in ("--control", one)]
    asked = ["--organization", ROLE, "--max-share", "1", "--noise", "audit"]
    return ["fleet", "scan", *asked, *regions, *controls, *more]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stockade", *arguments]


def begun(env: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    here = env["STOCKADE_STORE"].removesuffix("runs")
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*arguments), env=dict(env), cwd=here, stdout=pipe, stderr=pipe, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its exit status and what it said."""
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def outside_at(folder: Path, env: Mapping[str, str] | None = None) -> Outside:
    """The world outside of a command that runs in a folder, without anybody's environment."""
    return Outside(folder, env or {"HOME": str(folder)})


def told(env: Mapping[str, str], *arguments: str) -> Result:
    """What a command says that needs no workers, in this process."""
    outside = outside_at(Path(env["STOCKADE_STORE"]).parent, env)
    return CliRunner().invoke(app, list(arguments), obj=outside, catch_exceptions=False, standalone_mode=False)


def until(process: subprocess.Popen[str], store: Path, number: int, seconds: float = 200) -> None:
    """Wait until so many pieces are kept, and fail where the process ends before."""
    late = time.monotonic() + seconds
    while len(list(pieces(store))) < number:
        assert process.poll() is None, ended(process)
        assert time.monotonic() < late, "nothing is kept"
        time.sleep(0.05)


def found(store: Path, only: Collection[str] = ()) -> dict[tuple[str, str], dict[str, set[str]]]:
    """What the one finished run in a store says, in the form of the truth; what is there twice fails.

    ``only`` leaves out findings of other controls than these.
    """
    kept = Store(store)
    names: dict[str, tuple[tuple[str, str], str]] = {}
    out: dict[tuple[str, str], dict[str, set[str]]] = {}
    for (roots,) in kept.select("SELECT roots FROM runs"):
        (root,) = roots
        account, region = root.split("/")
        assert (account, region) not in out, "an input is there twice"
        out[account, region] = {}
    for root, address, name in kept.select("SELECT root, address, name FROM functions"):
        account, region = root.split("/")
        assert address not in names, "a function is there twice"
        names[address] = (account, region), name
        out[account, region][name] = set()
    ((twice,),) = kept.select("SELECT count(*) - count(DISTINCT fingerprint) FROM findings")
    assert twice == 0, "a finding is there twice"
    failing = "SELECT control, functions FROM findings WHERE verdict = 'fails'"
    of_them = " AND list_contains($1::VARCHAR[], control)" if only else ""
    for control, functions in kept.select(failing + of_them, [list(only)] if only else ()):
        for address in functions:
            of, name = names[address]
            out[of][name].add(control)
    return out


def pieces(store: Path) -> Iterator[Path]:
    """What is kept so far of runs that are not finished."""
    yield from store.glob("fleet/*/account=*/region=*")


def asked(env: Mapping[str, str], *arguments: str) -> Any:
    """What ``fleet ask`` says, as JSON."""
    return json.loads(told(env, "fleet", "ask", *arguments, "--format", "json").stdout)


@contextmanager
def outside_of(
    env: Mapping[str, str], folder: Path, *, workers: int = 1, threads: int = 1, profiled: bool = False
) -> Iterator[tuple[subprocess.Popen[bytes], list[subprocess.Popen[bytes]], str]]:
    """A scheduler of Dask and workers, each a process of its own, and the scheduler's address."""
    file = folder / "scheduler.json"
    told = dict(env, DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=str(profiled))

    def started(module: str, *more: str) -> subprocess.Popen[bytes]:
        of = [sys.executable, "-m", f"distributed.cli.{module}", "--host", "127.0.0.1", "--no-dashboard"]
        nothing = subprocess.DEVNULL
        named = ["--scheduler-file", str(file)]
        return subprocess.Popen([*of, *named, *more], env=told, cwd=folder, stdout=nothing, stderr=nothing)

    scheduler = started("dask_scheduler", "--port", "0")
    late = time.monotonic() + 60
    while not file.exists() and time.monotonic() < late:
        time.sleep(0.05)
    made = [started("dask_worker", "--nthreads", str(threads), "--no-nanny") for _ in range(workers)]
    try:
        yield scheduler, made, json.loads(file.read_text())["address"]
    finally:
        for one in (*made, scheduler):
            one.kill()
            one.wait(30)
