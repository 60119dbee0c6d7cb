"""What a dynamic reference of CloudFormation (``{{resolve:…}}``) fetches, as a function may fetch it itself."""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import record
from stockade.remedies.fetched import PARAMETER, SECRET
from stockade.value import Hole, Ref, Text, text_of

_SERVICE: Final = lazy_regex(r"resolve:(secretsmanager|ssm-secure|ssm):(.+)")
_WHOLE_ARN: Final = lazy_regex(r"-[A-Za-z0-9]{6}$")


@record
class Fetched:
    """What is fetched: ``name`` is what the SDK asks for, ``resource`` what the role has to be allowed.

    ``end`` is what a variable that holds the name is called by, ``by`` what the name is in a word, ``action``
    the one to allow. ``member`` is the one that is taken of a secret that is JSON, empty for all of it.
    """

    name: str
    by: str
    end: str
    action: str
    resource: Text
    member: str


def fetched(ref: Ref) -> Fetched | None:
    """What a reference that a template's reader made fetches; ``None`` for any other, and one not all known."""
    found = _SERVICE.fullmatch(ref.address)
    if found is None or "${" in ref.address:
        return None
    service, name = found.groups()
    if service == "secretsmanager":
        member = ref.attribute.partition(".")[2]
        if not name.startswith("arn:"):
            return Fetched(
                name, "name", "_SECRET_ARN", SECRET, _arn("secretsmanager", f":secret:{name}-??????"), member
            )
        # Secrets Manager adds six characters to a name, without which an ARN is understood, but no permission.
        resource = name if _WHOLE_ARN.search(name) else f"{name}-??????"
        return Fetched(name, "ARN", "_SECRET_ARN", SECRET, Text((resource,)), member)
    parameter = name.partition(":")[0]
    resource_name = f":parameter/{parameter.removeprefix('/')}"
    return Fetched(parameter, "name", "_PARAMETER", PARAMETER, _arn("ssm", resource_name), "")


def _arn(service: str, rest: str) -> Text:
    return text_of("arn:", Hole("partition"), f":{service}:", Hole("region"), ":", Hole("account"), rest)
