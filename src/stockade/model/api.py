"""API Gateway APIs, as far as functions are called by them."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.subject import Subject, default
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Api(Subject):
    """An API. ``protocol`` is ``REST``, ``HTTP`` or ``WEBSOCKET``.

    Its own address is what an ARN of it refers to: in Terraform ``<address>.execution_arn``.
    """

    name: Value[str]
    protocol: Value[str] = default("REST", "an API of the first API Gateway is a REST API")
