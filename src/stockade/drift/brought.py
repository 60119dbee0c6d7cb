"""Permissions that nobody writes: Terraform and SAM make them with a URL that asks nobody who they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stockade.iam.policy import Document
from stockade.model.access import policy_of
from stockade.model.permission import Permission
from stockade.model.url import FunctionUrl
from stockade.value import Known, Value


def brought(urls: Iterable[FunctionUrl]) -> Iterator[tuple[str, Value[Document]]]:
    """The policies that come with URLs, each with the qualifier that it is on; empty for the function itself.

    ``lambda:InvokeFunction`` by the URL is among them, which AWS asks for since October 2025: it is given
    with newer providers, and without the other permission it is of no use.
    """
    for url in urls:
        is_open = isinstance(url.auth_type, Known) and url.auth_type.value == "NONE"
        if not url.brings_permissions or not is_open or not isinstance(url.qualifier, Known):
            continue
        at = url.origin
        invokes = Permission(
            address=url.address,
            origin=at,
            function_name=url.function_name,
            action=Known("lambda:InvokeFunction", at),
            principal=Known("*", at),
        )
        by_url = replace(invokes, invoked_via_function_url=Known(True, at))
        calls = replace(
            invokes,
            action=Known("lambda:InvokeFunctionUrl", at),
            function_url_auth_type=Known("NONE", at),
        )
        for one in (calls, by_url):
            yield url.qualifier.value or "", Known(policy_of(one), at)
