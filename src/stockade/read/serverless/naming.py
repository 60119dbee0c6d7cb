"""The logical IDs that the Framework gives to what it makes, so that ``resources`` can speak of them.

As its own documentation lists them, in "AWS CloudFormation Resource Reference".
"""

from __future__ import annotations

import re

ROLE = "IamRoleLambdaExecution"
REST_API = "ApiGatewayRestApi"
HTTP_API = "HttpApi"
WEBSOCKETS = "WebsocketsApi"


def upper_first(name: str) -> str:
    return name[:1].upper() + name[1:]


def normal(name: str) -> str:
    """A function's name as a part of logical IDs."""
    return upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def alphanumeric(name: str) -> str:
    return upper_first(re.sub(r"[^0-9A-Za-z]", "", name))


def function(name: str) -> str:
    return f"{normal(name)}LambdaFunction"


def layer(name: str) -> str:
    return f"{normal(name)}LambdaLayer"


def path(raw: str) -> str:
    """A path of a REST API as a part of logical IDs."""
    return "".join(map(_path_part, raw.split("/")))


def _path_part(part: str) -> str:
    part = part.capitalize().replace("-", "Dash")
    part = re.sub(r"\{(.*)\}", r"\1Var", part)
    return upper_first(re.sub(r"[^0-9A-Za-z]", "", part))


def route(key: str) -> str:
    """A route key of an HTTP API as a part of logical IDs."""
    if key == "*":
        return "Default"
    method, _, rest = key.partition(" ")
    return upper_first(method.lower()) + _route_path(rest)


def _route_path(raw: str) -> str:
    part = raw.replace("/", "Slash").replace("-", "Dash").replace("_", "Underscore").replace(".", "Period")
    return re.sub(r"[^0-9A-Za-z]", "", re.sub(r"\{(.*?)\}", r"\1Var", part))


def websocket(key: str) -> str:
    """A route key of a WebSocket API as a part of logical IDs."""
    part = key.replace("$", "S").replace("/", "Slash").replace("-", "Dash").replace("_", "Underscore")
    return part.replace(".", "Period")
