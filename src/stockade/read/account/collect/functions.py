"""Functions: their configuration, tags, code and reserved concurrency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Absent, Document, Present, Unread
from stockade.read.account.calls import LAMBDA, LAMBDA_FUNCTION, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

LIST: Final = Call("lambda", "ListFunctions", LAMBDA, "which functions there are", "Functions")
GET: Final = Call(
    "lambda",
    "GetFunction",
    LAMBDA_FUNCTION,
    "a function's configuration, its tags, where its code is and what concurrency it reserves",
)
CALLS: Final = (LIST, GET)

HIDE: Final = ("Configuration.Environment.Variables", "Configuration.Description", "Tags")
"""What owners write freely, and may be secret."""


def listed(scene: Scene) -> Iterator[Seen]:
    """The functions of the region, in the order of their names."""
    items = scene.listing(LIST).items
    for one in sorted(items, key=lambda one: str(one.get("FunctionName", ""))):
        yield Seen(str(one.get("FunctionArn", "")), str(one.get("FunctionName", "")), one)


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each function; what ``ListFunctions`` said stands where ``GetFunction`` was lost."""
    answers = scene.each(scene.functions, lambda one: scene.ask(GET, one.arn, FunctionName=one.name))
    for seen, answer in zip(scene.functions, answers, strict=True):
        match answer:
            case Present(data):
                yield _function(scene, GET, seen, data)
            case Absent():
                pass  # it was deleted since it was listed
            case Unread() as why:
                lost: Value[Any] = why.value()
                yield _function(
                    scene,
                    LIST,
                    seen,
                    {"Configuration": seen.configuration},
                    Tags=lost,
                    Code=lost,
                    Concurrency=lost,
                )


def _function(scene: Scene, call: Call, seen: Seen, data: Mapping[str, Any], **more: Value[Any]) -> Resource:
    code = {name: one for name, one in data.get("Code", {}).items() if name != "Location"}
    kept = (
        {**data, "Code": code} if "Code" in data else data
    )  # where its code is, is a key to it for ten minutes
    document = scene.document(call, seen.arn, kept, HIDE)
    if error := data.get("Configuration", {}).get("Environment", {}).get("Error"):
        more["Configuration"] = _undecrypted(document, str(error.get("ErrorCode", "")))
    return scene.resource("lambda:GetFunction", seen.arn, document, **more)


def _undecrypted(document: Document, code: str) -> Value[Any]:
    """The configuration of a function whose variables the reader may not decrypt."""
    configuration = document.members["Configuration"]
    if not isinstance(configuration, Known):
        return configuration
    environment = configuration.value["Environment"]
    reason = (
        f"Lambda may not decrypt the variables for this reader ({code}): it needs `kms:Decrypt` on their key"
    )
    lost = Known({"Variables": Unknown(reason, environment.origin)}, environment.origin)
    return Known({**configuration.value, "Environment": lost}, configuration.origin)
