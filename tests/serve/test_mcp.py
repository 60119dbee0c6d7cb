"""The MCP server, asked by the protocol's official client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

ROOT = Path(__file__).parents[2]

STACK = """\
resource "aws_lambda_function" "hook" {
  function_name = "hook"
  role          = aws_iam_role.hook.arn
  runtime       = "python3.13"
  handler       = "app.handler"
}

resource "aws_iam_role" "hook" {
  name               = "hook"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function_url" "hook" {
  function_name      = aws_lambda_function.hook.function_name
  authorization_type = "NONE"
}
"""
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'


def _session(root: Path, talk: Callable[[Client], Awaitable[None]]) -> None:
    """One session of the official client with ``stockade mcp``."""

    async def main() -> None:
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "stockade", "mcp", str(root)], env=environment
        )
        async with Client(stdio_client(server)) as client:
            await talk(client)

    asyncio.run(asyncio.wait_for(main(), 120))


async def _call(client: Client, tool: str, **arguments: Any) -> tuple[bool, str]:
    result = await client.call_tool(tool, arguments)
    text = "".join(getattr(one, "text", "") for one in result.content)
    return bool(result.is_error), text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "main.tf").write_text(STACK)
    (root / "policy.json").write_text(POLICY)
    (tmp_path / "outside.json").write_text(POLICY)
    (root / "link.json").symlink_to(tmp_path / "outside.json")
    # A repository around the root, with a configuration that would leave everything out.
    (tmp_path / ".git").mkdir()
    (tmp_path / "stockade.toml").write_text('exclude = ["**"]\n')
    return root


def test_an_assistant_scans_explains_fixes_and_asks(project: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(project.rglob("*"))}

    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {one.name for one in tools} == {
            "scan", "explain", "fix", "policy", "paths",
            "iam_can", "iam_who_can", "iam_public", "iam_validate", "iam_diff",
        }  # fmt: skip
        assert all(one.annotations and one.annotations.read_only_hint for one in tools)

        failed, text = await _call(client, "scan", most=1)
        report = json.loads(text)
        assert not failed
        assert [one["name"] for one in report["functions"]] == ["hook"]
        assert [one["control"] for one in report["findings"]] == ["public-function-url"]
        assert report["left_out"] == sum(report["findings_by_verdict"].values()) - 1 > 0

        _, text = await _call(client, "scan", most=1000, skip=1, function="hook")
        rest = json.loads(text)
        assert len(rest["findings"]) == report["left_out"] and rest["left_out"] == 0
        assert rest["functions"][0]["checklist"]["public-function-url"] == "fails"

        _, text = await _call(client, "explain", control="public-function-url")
        assert text.startswith("# public-function-url") and "What it does not see" in text
        _, text = await _call(client, "fix", controls=["public-function-url"])
        assert '+  authorization_type = \\"AWS_IAM\\"' in text
        _, text = await _call(client, "policy")
        assert json.loads(text)["schema"].startswith("stockade.policy/")
        _, text = await _call(client, "paths", function="hook")
        assert json.loads(text)["schema"].startswith("stockade.paths/")

        asked = {"action": "s3:GetObject", "resource": "arn:aws:s3:::shop/a"}
        _, text = await _call(client, "iam_can", files=["policy.json"], **asked)
        _, inline = await _call(client, "iam_can", policy=POLICY, **asked)
        assert json.loads(text)["answer"] == json.loads(inline)["answer"] == "ALLOW"
        wider = POLICY.replace("s3:Get*", "s3:*")
        _, text = await _call(client, "iam_diff", old="policy.json", new_policy=wider)
        assert "witness" in text
        _, text = await _call(client, "iam_validate", policy=POLICY.replace("Allow", "Alow"))
        assert "INVALID_EFFECT" in text

    _session(project, talk)
    assert {path: path.read_bytes() for path in sorted(project.rglob("*"))} == before


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("scan", {"path": ".."}, "lies outside"),
        ("scan", {"path": "/etc"}, "lies outside"),
        ("iam_validate", {"files": ["link.json"]}, "lies outside"),
        ("iam_validate", {"files": ["../outside.json"]}, "lies outside"),
        ("iam_can", {"action": "s3:GetObject"}, "there is no policy"),
        ("scan", {"path": "--output=x"}, "does not exist"),
        ("scan", {"controls": ["public-functon-url"]}, "did you mean `public-function-url`?"),
        ("scan", {"function": "hok"}, "no function is called `hok`"),
        ("explain", {"control": "--help"}, "no control is called"),
    ],
)
def test_a_wrong_question_says_what_is_wrong(
    project: Path, tool: str, arguments: dict[str, Any], says: str
) -> None:
    from stockade.cli.mcp import _run
    from stockade.cli.outside import Outside
    from stockade.serve.mcp import server

    async def main() -> None:
        run = _run(Outside(project, {}, ceiling=project))
        async with Client(server(project, run)) as client:
            failed, text = await _call(client, tool, **arguments)
            assert failed and says in text

    asyncio.run(main())
    assert not (project / "x").exists()
