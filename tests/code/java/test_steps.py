"""How the work grows with what there is to read, in lines of ours that are run and never by a clock."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from stockade.code.files import Files
from stockade.code.java import analyse

HANDLER = """package shop;
import software.amazon.awssdk.services.s3.S3Client;
public class Handler {
    private final S3Client s3 = S3Client.create();
    public String handleRequest(String key) {
        StringBuilder text = new StringBuilder();
        if (key != null) { text%s; }
        s3.getObject(r -> r.bucket("photos").key(key));
        return text.toString();
    }
}
"""


def lines(links: int) -> int:
    """How many lines of ``code.java`` are run for a chain of so many calls."""
    count = 0

    def traced(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if not frame.f_globals.get("__name__", "").startswith("stockade.code.java"):
            return None
        count += event == "line"
        return traced

    files = Files.of({"shop/Handler.java": (HANDLER % ('.append("x")' * links)).encode()})
    before = sys.gettrace()
    sys.settrace(traced)
    try:
        source = analyse(files, "shop.Handler::handleRequest")
    finally:
        sys.settrace(before)
    assert [call.operation for call in source.calls] == ["GetObject"]
    return count


def test_a_chain_of_calls_costs_its_length() -> None:
    assert lines(400) < 2.2 * lines(200)
