"""Actions and resources that people know again, for requests of which any of a class would do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from stockade.iam.catalog import Action, Catalog
from stockade.iam.keys import shape_of_text
from stockade.iam.match import Shape
from stockade.iam.request import STRANGER
from stockade.iam.search import Found
from stockade.patterns import lazy_regex

_MOST_ACTIONS: Final = 400


def actions(found: Found) -> Iterator[tuple[str, bool]]:
    """Actions to try, AWS's own first; each with whether it is one."""
    text = "".join(map(str, found.action))
    catalog = Catalog.load()
    if (known := catalog.action(text)) is not None:
        yield str(known), True
        return
    pattern = "".join("*" if not isinstance(token, str) else token[0] for token in found.pattern)
    if pattern in ("*", "?*:?*"):
        # Any will do; these are of services that everybody knows.
        for usual in ("s3:GetObject", "ec2:RunInstances", "iam:CreateUser"):
            yield usual, True
    elif ":" in pattern and "*" not in pattern.partition(":")[0]:
        for one in islice(catalog.expand(pattern), _MOST_ACTIONS):
            yield str(one), True
    yield text, False


def resources(found: Found, action: str) -> Iterator[str | Shape]:
    """Resources to try: where any would do, one such as the action is about, so that people know it again."""
    only = shape_of_text(found.resource)
    known = Catalog.load().action(action) if only == "*" else None
    if known is not None:
        account = found.caller.account if found.caller else ""
        if written := resource(known, account or STRANGER):
            yield written
    yield only


_PLACEHOLDER: Final = lazy_regex(r"\$\{(\w+)\}")
_USUAL: Final = {"Partition": "aws", "Region": "us-east-1", "Account": STRANGER}


def resource(action: Action, account: str = STRANGER) -> str:
    """A resource such as an action is about, so that people know it again; empty where it is about none."""
    service = Catalog.load().service(action.service)
    if service is None or not action.resource_types:
        return ""
    usual = {**_USUAL, "Account": account}
    written = service.resource_types.get(action.resource_types[0], "*")
    return _PLACEHOLDER.sub(lambda one: usual.get(one[1], "example"), written)


def spelt(glob: str) -> str:
    """A resource that a pattern matches, with what people expect at the usual places."""
    segments = glob.split(":", 5)
    if len(segments) < 6:
        return glob.replace("*", "").replace("?", "x")
    for at, usual in ((1, "aws"), (3, "us-east-1"), (4, STRANGER)):
        if segments[at] == "*":
            segments[at] = usual
    *head, last = segments
    return ":".join((*(one.replace("*", "") for one in head), last.replace("*", "example"))).replace("?", "x")
