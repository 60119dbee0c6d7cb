"""The code that a fix shows does keep what it fetches: put in place of the call, nothing is fetched anew."""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.control import Code
from stockade.model.need import Fetch, Learned
from stockade.needs.arguments import Environment
from stockade.needs.derive import learned_alone
from stockade.needs.enrich import analysed
from stockade.remedies.cached import kept

PYTHON = {
    "secret": 'boto3.client("secretsmanager").get_secret_value(SecretId=%s)',
    "parameter": 'boto3.client("ssm").get_parameter(Name=%s, WithDecryption=True)',
}
JAVASCRIPT = {
    "secret": "new AWS.SecretsManager().getSecretValue({ SecretId: %s }).promise()",
    "parameter": "new AWS.SSM().getParameter({ Name: %s, WithDecryption: true }).promise()",
}


def learned(path: str, text: str) -> Learned:
    source = analysed(Files.of({path: text.encode()}), f"{path.rpartition('.')[0]}.handler")
    assert source is not None
    return learned_alone(source, Environment())


def each_time(found: Learned) -> list[Fetch]:
    return [one for one in found.fetches if one.every and one.certain]


def with_code(code: Code) -> str:
    """A handler whose last line is that of the code, and which has the rest at module level."""
    *first, last = code.text.rstrip().splitlines()
    if code.language == "python":
        return "\n".join(
            [*first, "", "name = secret_id = 'x'", "", "def handler(event, context):", f"    {last}"]
        )
    return "\n".join([*first, "const name = 'x';", f"export const handler = async () => {{ {last}", "};"])


@pytest.mark.parametrize("what", ["secret", "parameter"])
@pytest.mark.parametrize("name", ['os.environ["NAME"]', '"orders"', 'event["name"]'])
def test_python(what: str, name: str) -> None:
    call = PYTHON[what] % name
    text = f"import os\nimport boto3\n\n\ndef handler(event, context):\n    return {call}\n"
    (fetch,) = each_time(learned("app.py", text))
    fix = kept([fetch])
    assert fix is not None
    (code,) = fix.code
    assert code.language == "python"
    assert "app.py, line 6" in code.text
    after = learned("app.py", with_code(code))
    assert not each_time(after)
    (need,) = (one for one in after.needed if one.direct)
    assert need.calls == (fetch.operation.strip("`"),)
    assert not [one for one in after.open if one.where == "call"]


@pytest.mark.parametrize("what", ["secret", "parameter"])
@pytest.mark.parametrize("name", ["process.env.NAME", '"orders"', "event.name"])
def test_javascript(what: str, name: str) -> None:
    call = JAVASCRIPT[what] % name
    text = f"const AWS = require('aws-sdk');\nexports.handler = async (event) => {call};\n"
    (fetch,) = each_time(learned("index.js", text))
    fix = kept([fetch])
    assert fix is not None
    (code,) = fix.code
    assert code.language == "javascript"
    after = learned("index.mjs", with_code(code))
    assert not each_time(after)
    (need,) = (one for one in after.needed if one.direct)
    assert need.calls == (fetch.operation.strip("`"),)


def test_nothing_is_shown_of_several_at_once() -> None:
    text = (
        "import boto3\n\n\ndef handler(event, context):\n"
        "    boto3.client('ssm').get_parameters(Names=event['names'], WithDecryption=True)\n"
    )
    found = each_time(learned("app.py", text))
    assert found
    assert kept(found) is None
