"""Statements of functions' resource-based policies, as `lambda:AddPermission` takes them."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Permission(Subject):
    """Who may do ``action`` to a function. An absent restriction is ``None``: it does not restrict.

    ``principal`` is ``*``, an account, an ARN or a service such as ``apigateway.amazonaws.com``.
    ``function_name`` may also be an ARN.
    """

    function_name: Value[str]
    action: Value[str]
    principal: Value[str]
    qualifier: Value[str | None] = default(None, "without a qualifier the permission is on the function itself")
    source_arn: Value[str | None] = default(None, "no source ARN restricts the permission")
    source_account: Value[str | None] = default(None, "no source account restricts the permission")
    principal_org_id: Value[str | None] = default(None, "no organisation restricts the permission")
    function_url_auth_type: Value[str | None] = default(None, "no URL auth type restricts the permission")
    invoked_via_function_url: Value[bool | None] = default(None, "the permission is not restricted to the URL")
    event_source_token: Value[str | None] = default(None, "no event source token restricts the permission")
    statement_id: Value[str | None] = default(None, "the statement's name is generated")
