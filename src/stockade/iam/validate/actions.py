"""Actions: whether there are such services and such actions, and which real ones may be meant."""

from __future__ import annotations

from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.match import glob_matches
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.near import nearest
from stockade.iam.validate.resource_types import service_of
from stockade.iam.validate.sheet import Part, Sheet, text_of
from stockade.memory import remembered
from stockade.records import record
from stockade.value import Unknown

# Operations that are often taken for actions, and the action that allows them.
_OPERATIONS: Final = {
    "lambda:invoke": "lambda:InvokeFunction",
    "lambda:invokeasync": "lambda:InvokeFunction",
    "s3:headbucket": "s3:ListBucket",
    "s3:headobject": "s3:GetObject",
    "s3:listbuckets": "s3:ListAllMyBuckets",
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:listobjectversions": "s3:ListBucketVersions",
    "s3:listparts": "s3:ListMultipartUploadParts",
    "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:uploadpart": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:getobjectlockconfiguration": "s3:GetBucketObjectLockConfiguration",
    "sqs:changemessagevisibilitybatch": "sqs:ChangeMessageVisibility",
    "sqs:deletemessagebatch": "sqs:DeleteMessage",
    "sqs:sendmessagebatch": "sqs:SendMessage",
    "sns:publishbatch": "sns:Publish",
    "dynamodb:transactgetitems": "dynamodb:GetItem",
}


@record
class _Wrong:
    """What is wrong with one action, whatever statement it stands in."""

    code: str
    message: str
    help: str
    instead: str | None = None


def check(part: Part, sheet: Sheet) -> None:
    """Everything about the names in Action and NotAction."""
    for element in ("Action", "NotAction"):
        for node in part.texts(element):
            text = text_of(node)
            if text is None:
                sheet.unsure(node)
            elif "${" not in text:  # a variable here is told of by the rules on variables
                for wrong in _wrong(text, sheet.catalog):
                    sheet.say(wrong.code, node, wrong.message, wrong.help, instead=wrong.instead)
                if element == "Action":
                    _fits(text, node, sheet)


@remembered(4096)
def _wrong(text: str, catalog: Catalog) -> tuple[_Wrong, ...]:
    if text == "*":
        return ()
    prefix, colon, name = text.partition(":")
    if not colon or not prefix or not name:
        return (_shapeless(text, catalog),)
    if "*" in prefix or "?" in prefix:
        services = [one for one in catalog.services() if glob_matches(prefix.lower(), one)]
        wide = _Wrong(
            "WILDCARD_IN_SERVICE_NAME",
            f"`{prefix}` stands for every service whose prefix is like it, those of the future among them",
            "name the service" if not services else f"name the services, such as `{services[0]}`",
        )
        if not services:
            return (wide, _no_service(text, prefix, catalog))
        return (wide,) if catalog.expand(text) else (wide, _no_action(text, prefix, name, catalog))
    service = catalog.service(prefix)
    if service is None:
        return (_no_service(text, prefix, catalog),)
    if "*" in name or "?" in name:
        return () if service.expand(name) else (_no_action(text, prefix, name, catalog),)
    return () if service.action(name) else (_no_action(text, prefix, name, catalog),)


def _shapeless(text: str, catalog: Catalog) -> _Wrong:
    return _Wrong(
        "INVALID_ACTION",
        f"`{text}` is not of the form `service:Action`" if text else "the action is an empty text",
        "write the service's prefix, a colon and the action's name",
    )


def _no_service(text: str, prefix: str, catalog: Catalog) -> _Wrong:
    name = text.partition(":")[2]
    near = nearest(prefix.strip(), catalog.services())
    known = [one for one in near if catalog.expand(f"{one}:{name}")]
    meant = [f"{one}:{name}" for one in known]
    help = _did_you_mean(meant) or "the service's prefix stands in AWS's Service Authorization Reference"
    if near and not known:
        help = f"did you mean `{near[0]}`? it has no action `{name}` either"
    return _Wrong(
        "INVALID_SERVICE_IN_ACTION",
        f"there is no service `{prefix}`, as of {catalog.date}",
        help,
        meant[0] if len(known) == 1 and len(near) == 1 else None,
    )


def _no_action(text: str, prefix: str, name: str, catalog: Catalog) -> _Wrong:
    service = catalog.service(prefix)
    title = service.title if service else f"`{prefix}`"
    if "*" in name or "?" in name:
        return _Wrong(
            "INVALID_ACTION",
            f"`{text}` covers no action of {title}, as of {catalog.date}",
            "remove it, or name the action",
        )
    meant: list[str] = []
    operation = allowing(text)
    if operation:
        meant = [operation]
    elif service is not None:
        every = [action.name for action in service.expand("*")]
        meant = [f"{prefix}:{one}" for one in nearest(name, every)]
    return _Wrong(
        "INVALID_ACTION",
        f"{title} has no action `{name}`, as of {catalog.date}",
        f"what allows that operation is `{operation}`"
        if operation
        else _did_you_mean(meant) or "remove it, or name the action",
        meant[0] if len(meant) == 1 else None,
    )


def allowing(text: str) -> str | None:
    """The action that allows an operation whose name is often taken for one; ``None`` for other texts."""
    return _OPERATIONS.get(text.lower())


def _did_you_mean(names: list[str]) -> str:
    if not names:
        return ""
    quoted = [f"`{one}`" for one in names]
    return f"did you mean {' or '.join([', '.join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)}?"


def _fits(text: str, node: Node, sheet: Sheet) -> None:
    """Whether an action of a resource-based policy is one of the resource's own service."""
    own = "sts" if sheet.kind is Kind.TRUST else service_of(sheet.resource_type)
    if own is None or sheet.kind not in (Kind.RESOURCE, Kind.TRUST):
        return
    prefix = text.partition(":")[0].lower()
    if text == "*" or glob_matches(prefix, own):
        return
    if sheet.catalog.service(prefix) is None and not ("*" in prefix or "?" in prefix):
        return  # told already
    what = "a role's trust policy" if sheet.kind is Kind.TRUST else f"a policy on {sheet.resource_type}"
    sheet.say(
        "UNSUPPORTED_ACTION_IN_POLICY",
        node,
        f"`{text}` is not an action of {what}",
        f"name actions of `{own}`, or put it into an identity policy",
    )


def covers(part: Part, action: str) -> Node | None:
    """The element of Action that covers an action for sure, the plainest first; ``None`` where none does."""
    wanted = action.lower()
    wild: Node | None = None
    for node, text in part.known("Action"):
        glob = text.lower()
        if glob == wanted:
            return node
        if wild is None and ("*" in glob or "?" in glob) and glob_matches(glob, wanted):
            wild = node
    return wild


def spares(part: Part, action: str) -> bool | None:
    """Whether NotAction leaves an action out; ``None`` where that depends on what is not known."""
    nodes = part.texts("NotAction")
    if any(isinstance(node.value, Unknown) for node in nodes):
        return None
    return any(glob_matches(text.lower(), action.lower()) for _, text in part.known("NotAction"))
