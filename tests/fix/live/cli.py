"""The real AWS CLI, in this process: what it makes of a line, and what it does where an endpoint is."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import awscli
import botocore.session
from awscli.clidriver import create_clidriver
from botocore.awsrequest import AWSResponse

from tests.aws.scanning import LOADER


@contextmanager
def one_loader() -> Iterator[None]:
    """Drivers read botocore's models once."""
    own = str(Path(awscli.__file__).parent / "data")
    if own not in LOADER.search_paths:
        LOADER.search_paths.append(own)
    made = botocore.session.create_loader
    botocore.session.create_loader = lambda *_: LOADER
    try:
        yield
    finally:
        botocore.session.create_loader = made


def run(line: str, endpoint: str) -> int:
    """Run a line as a shell would that substitutes nothing, where an endpoint is; the CLI's exit status."""
    words = shlex.split(line)
    assert words[0] == "aws"
    return int(create_clidriver().main([*words[1:], "--endpoint-url", endpoint]))


def parsed(line: str) -> tuple[str, dict[str, Any]]:
    """The operation that a line asks for, and the parameters that botocore would send, which it has checked."""
    words = shlex.split(line)
    assert words[0] == "aws"
    driver = create_clidriver()
    asked: list[tuple[str, dict[str, Any]]] = []
    sent: list[str] = []

    def provide(params: dict[str, Any], model: Any, **_: Any) -> None:
        asked.append((f"{model.service_model.service_name}:{model.name}", dict(params)))

    def nothing(request: Any, **_: Any) -> AWSResponse:
        sent.append(request.url)
        return AWSResponse(request.url, 200, {}, _Body())

    driver.session.register("provide-client-params", provide)
    driver.session.register("before-send", nothing)
    status = driver.main(words[1:])
    assert asked and sent, f"the AWS CLI refuses it ({status}): {line}"
    return asked[0]


class _Body:
    """An empty answer."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield b"{}"

    def read(self, *_: Any) -> bytes:
        return b"{}"
