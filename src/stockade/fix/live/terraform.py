"""The same fixes for who wants Terraform to take over what runs: an `import` block and the changed resource.

A resource says what names it and what the fix changes; all else of it is under `ignore_changes`, so that the
first apply changes nothing but that. What is only taken away has no place in a configuration, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.control import Add, Change, Drop
from stockade.errors import FixError
from stockade.fix.live.functions import renamed
from stockade.fix.live.plain import given, hold_back, plain, text
from stockade.fix.terraform.hcl import Raw
from stockade.fix.terraform.words import Content, block, document
from stockade.model.names import NAMES, names_of, read
from stockade.patterns import lazy_regex
from stockade.read.resource import Resource
from stockade.records import dataclass
from stockade.value import Hole, Ref

_ODD: Final = lazy_regex(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of Terraform's: the model attributes that it has to have, and what is ignored unless changed."""

    type: str
    needs: tuple[str, ...]
    ignores: tuple[str, ...] = ()


_FUNCTION: Final = (
    *("architectures", "code_signing_config_arn", "dead_letter_config", "description", "environment"),
    *(
        "ephemeral_storage",
        "file_system_config",
        "handler",
        "image_config",
        "image_uri",
        "kms_key_arn",
        "layers",
    ),
    *("logging_config", "memory_size", "publish", "reserved_concurrent_executions", "runtime", "s3_bucket"),
    *("s3_key", "s3_object_version", "snap_start", "source_code_hash", "tags", "timeout", "tracing_config"),
    *("vpc_config", "filename"),
)
_KINDS: Final[Mapping[str, _Kind]] = {
    "lambda:GetFunction": _Kind("aws_lambda_function", ("name", "role"), _FUNCTION),
    "lambda:ListFunctionUrlConfigs": _Kind(
        "aws_lambda_function_url", ("auth_type", "qualifier"), ("cors", "invoke_mode")
    ),
    "iam:GetPolicyVersion": _Kind("aws_iam_policy", ("name", "document"), ("description", "path", "tags")),
    "logs:DescribeLogGroups": _Kind(
        "aws_cloudwatch_log_group",
        ("name",),
        ("kms_key_id", "log_group_class", "retention_in_days", "skip_destroy", "tags"),
    ),
    "ecr:DescribeRepositories": _Kind(
        "aws_ecr_repository",
        ("name",),
        (
            "encryption_configuration",
            "force_delete",
            "image_scanning_configuration",
            "image_tag_mutability",
            "tags",
        ),
    ),
    "apigatewayv2:GetStages": _Kind(
        "aws_apigatewayv2_stage",
        ("api_id", "name"),
        (
            *("access_log_settings", "auto_deploy", "client_certificate_id", "default_route_settings"),
            *("deployment_id", "description", "route_settings", "stage_variables", "tags"),
        ),
    ),
    "apigatewayv2:GetRoutes": _Kind(
        "aws_apigatewayv2_route",
        ("api_id", "route_key"),
        (
            *("api_key_required", "authorization_scopes", "authorization_type", "authorizer_id"),
            *("model_selection_expression", "operation_name", "request_models", "request_parameter"),
            *("route_response_selection_expression", "target"),
        ),
    ),
}
_PERMISSION: Final = (
    *("function_name", "action", "principal", "qualifier", "source_arn", "source_account", "principal_org_id"),
    *("function_url_auth_type", "invoked_via_function_url", "event_source_token"),
)
_UNTIL: Final = "package.zip"
"""Stands for the code, which is ignored: Terraform asks for one all the same."""


def terraform(changes: Sequence[Change], before: Mapping[str, Resource], after: Mapping[str, Resource]) -> str:
    """What makes the changes; empty where all of them only take away. Raises ``FixError`` where it cannot."""
    blocks = [*_added(changes), *_changed(changes, before, after)]
    made = "\n\n".join(blocks)
    hold_back(made)
    if not all(line.isprintable() for line in made.split("\n")):
        raise FixError("a text has characters that a line cannot show")
    return f"{made}\n" if made else ""


def together(changes: Sequence[Change], before: Mapping[str, Resource], after: Mapping[str, Resource]) -> str:
    """The changes of many fixes as one configuration, each resource once, without what only commands can do."""
    groups: dict[str, list[Change]] = {}
    for one in changes:
        groups.setdefault(one.handle if isinstance(one, Add) else one.address, []).append(one)
    out: dict[str, None] = {}
    for address, mine in groups.items():
        there = {address: before[address]} if address in before else {}
        try:
            made = terraform(mine[:1] if isinstance(mine[0], Add) else mine, there, after)
        except FixError:
            continue
        if made:
            out[made] = None
    return "\n".join(out)


# ------------------------------------------------------------------------------------------- changed


def _changed(
    changes: Sequence[Change], before: Mapping[str, Resource], after: Mapping[str, Resource]
) -> Iterator[str]:
    for address, old in before.items():
        new = after.get(address)
        asked = [one for one in changes if not isinstance(one, Add) and one.address == address]
        attributes = {one.attribute.partition(".")[0].partition("[")[0] for one in asked}
        if new is None:
            continue  # what goes is in no configuration
        match old.type:
            case "iam:GetRole":
                yield from _role(old, new, attributes)
            case "lambda:AddPermission":
                yield from _permission(old, new)
            case kind if kind in _KINDS:
                yield from _one(_KINDS[kind], old, new, attributes, asked)
            case _:
                raise FixError(f"`{address}` is changed by commands alone")


def _one(
    kind: _Kind, old: Resource, new: Resource, attributes: set[str], asked: Sequence[Change]
) -> Iterator[str]:
    if "environment" in attributes:
        raise FixError("the variables would all have to be written, and are not shown")
    if any(isinstance(one, Drop) for one in asked) and kind.type == "aws_lambda_function":
        attributes -= {"subnet_ids", "security_group_ids"}
    content = Content()
    values = _values(new)
    rows = {row.attribute: row for names in _names(new) for row in names.rows}
    if kind.type == "aws_lambda_function_url":
        content.put(("function_name",), text(old, "FunctionArn").split(":")[6])
    wanted = [one for one in rows if one in (*kind.needs, *attributes)]
    if "vpc_config" in {rows[one].terraform.partition(".")[0] for one in attributes}:
        wanted += [one for one in ("subnet_ids", "security_group_ids") if one not in wanted]
    for attribute in wanted:
        value = values.get(attribute)
        if value is None or not rows[attribute].terraform:
            continue
        said = plain(value)
        if attribute == "document":
            said = document(said, _unnamed, "  ")
        content.put(tuple(rows[attribute].terraform.split(".")), said)
    if kind.type == "aws_lambda_function":
        _code(content, new)
    written = {*content.arguments, *content.blocks} - {"filename", "image_uri"}
    ignored = [one for one in kind.ignores if one not in written]
    if ignored:
        lifecycle = content.blocks.setdefault("lifecycle", [Content()])[0]
        lifecycle.put(("ignore_changes",), Raw(_broken(sorted(ignored))))
    yield from _imported(kind.type, _label(old), _identity(kind.type, old), content)


def _names(resource: Resource) -> list[Any]:
    found = names_of("api", resource.type)
    return [found] if found is not None else []


def _values(resource: Resource) -> Mapping[str, Any]:
    (names,) = _names(resource)
    return read(names, "api", resource.attributes, resource.address, resource.origin)


def _code(content: Content, new: Resource) -> None:
    """What a function has to have by its kind; where its code is, is ignored."""
    if given(new, "Configuration", "PackageType") == "Image":
        content.put(("package_type",), "Image")
        content.put(("image_uri",), text(new, "Code", "ImageUri"))
        return
    content.put(("filename",), _UNTIL)
    for name, argument in (("Handler", "handler"), ("Runtime", "runtime")):
        content.arguments.setdefault(argument, text(new, "Configuration", name))


def _identity(type: str, old: Resource) -> str:
    """What Terraform imports it by."""
    match type:
        case "aws_lambda_function":
            return text(old, "Configuration", "FunctionName")
        case "aws_lambda_function_url":
            parts = text(old, "FunctionArn").split(":")[6:]
            return "/".join(parts)
        case "aws_iam_policy":
            return text(old, "Arn")
        case "aws_cloudwatch_log_group":
            return text(old, "logGroupName")
        case "aws_ecr_repository":
            return text(old, "repositoryName")
        case _:
            return f"{text(old, 'ApiId')}/{old.address.rpartition('/')[2]}"


def _label(old: Resource) -> str:
    """A name in Terraform's language, of what AWS calls it."""
    head, _, tail = old.address.partition("#")
    name = head.rpartition("/")[2].rpartition(":")[2] if tail != "url" else head.split(":")[6]
    if "/stages/" in head:
        name = f"{head.split('/')[-3]}_{name}"
    return _named(name)


def _named(name: str) -> str:
    made = _ODD.sub("_", name).strip("_") or "this"
    return made if made[0].isalpha() else f"a_{made}"


# --------------------------------------------------------------------------------- roles, permissions


def _role(old: Resource, new: Resource, attributes: set[str]) -> Iterator[str]:
    name = text(old, "Role", "RoleName")
    label = _named(name)
    if "trust" in attributes:
        content = Content()
        content.put(("name",), name)
        trust = document(given(new, "Role", "AssumeRolePolicyDocument"), _unnamed, "  ")
        content.put(("assume_role_policy",), trust)
        lifecycle = content.blocks.setdefault("lifecycle", [Content()])[0]
        ignored = ("description", "max_session_duration", "path", "permissions_boundary", "tags")
        lifecycle.put(("ignore_changes",), Raw(_broken(ignored)))
        yield from _imported("aws_iam_role", label, name, content)
    was = {one["PolicyName"]: one for one in given(old, "Role", "RolePolicyList") or ()}
    for one in given(new, "Role", "RolePolicyList") or ():
        if was.get(one["PolicyName"]) != one:
            made = _policy(name, one["PolicyName"], one["PolicyDocument"])
            identity = f"{name}:{one['PolicyName']}" if one["PolicyName"] in was else ""
            yield from _imported("aws_iam_role_policy", _named(f"{name}_{one['PolicyName']}"), identity, made)
    if "managed_policy_arns" in attributes:
        content = Content()
        content.put(("role_name",), name)
        arns = [one["PolicyArn"] for one in given(new, "Role", "AttachedManagedPolicies") or ()]
        content.put(("policy_arns",), arns)
        yield from _imported("aws_iam_role_policy_attachments_exclusive", label, name, content)


def _policy(role: str, name: str, policy: Any) -> Content:
    content = Content()
    content.put(("name",), name)
    content.put(("role",), role)
    content.put(("policy",), document(policy, _unnamed, "  "))
    return content


def _permission(old: Resource, new: Resource) -> Iterator[str]:
    """A statement is replaced: the new one is there before the old one goes."""
    values = _values(new)
    sid = text(old, "StatementId")
    whole = old.address.partition("#")[0].split(":")[6:]
    content = Content()
    content.put(("statement_id",), renamed(sid))
    for attribute in _PERMISSION:
        value = values.get(attribute)
        said = plain(value) if value is not None else None
        if attribute == "function_name":
            said = whole[0]
        if said is not None:
            content.put((attribute,), said)
    lifecycle = content.blocks.setdefault("lifecycle", [Content()])[0]
    lifecycle.put(("create_before_destroy",), True)
    label = _named(f"{whole[0]}_{sid}")
    yield from _imported("aws_lambda_permission", label, f"{':'.join(whole)}/{sid}", content)


# --------------------------------------------------------------------------------------------- added

_ADDED: Final = {
    "LogGroup": "aws_cloudwatch_log_group",
    "Topic": "aws_sns_topic",
    "Queue": "aws_sqs_queue",
    "Alarm": "aws_cloudwatch_metric_alarm",
    "EventInvokeConfig": "aws_lambda_function_event_invoke_config",
    "MethodSettings": "aws_api_gateway_method_settings",
    "Parameter": "aws_ssm_parameter",
}


def _added(changes: Sequence[Change]) -> Iterator[str]:
    for one in changes:
        if not isinstance(one, Add):
            continue
        of = dict(one.attributes)
        if one.kind == "InlinePolicy":
            role = of.get("roles") or one.beside.rpartition("/")[2]
            made = _policy(role, of["name"], of["document"])
            yield from _imported("aws_iam_role_policy", _named(f"{role}_{of['name']}"), "", made)
            continue
        type = _ADDED.get(one.kind)
        names = next(
            (each for each in NAMES if each.model.__name__ == one.kind and type in each.terraform), None
        )
        if type is None or names is None:
            raise FixError(f"a {one.kind.lower()} is made by a person, who knows what belongs into it")
        content = Content()
        for attribute, value in of.items():
            if attribute == "qualifier" and value == "$LATEST":
                continue
            content.put(_steps(names.path(attribute, "terraform")), value)
        label = _named(str(of.get("name") or f"{one.beside.rpartition(':')[2]}_{one.label}"))
        yield from _imported(type, label, "", content)


def _steps(path: str) -> tuple[str | int, ...]:
    out: list[str | int] = []
    for step in path.split("."):
        name, _, index = step.partition("[")
        out.append(name)
        if index:
            out.append(int(index.rstrip("]")))
    return tuple(out)


# --------------------------------------------------------------------------------------------- texts


def _imported(type: str, label: str, identity: str, content: Content) -> Iterator[str]:
    if identity:
        place = Content()
        place.put(("to",), Raw(f"{type}.{label}"))
        place.put(("id",), identity)
        yield "\n".join(block("import", place, _unnamed, ""))
    yield "\n".join(block(f'resource "{type}" "{label}"', content, _unnamed, ""))


def _broken(names: Sequence[str]) -> str:
    lines = "".join(f"      {one},\n" for one in names)
    return f"[\n{lines}    ]"


def _unnamed(one: Ref | Hole) -> str:
    raise FixError(f"`{one}` is not known")
