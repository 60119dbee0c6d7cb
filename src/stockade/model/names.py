"""The one table of names: model attribute, Terraform, CloudFormation and API, for reading and for fixing.

A path leads through nested blocks and objects by dots; ``[]`` after a name goes through every
element of a list. An empty path says that the dialect has no such thing. Defaults, and the sentence
that says whose they are, stand at the attribute itself (see ``Subject``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from stockade.model.api import Api
from stockade.model.function import Alias, Function
from stockade.model.logs import LogGroup
from stockade.model.permission import Permission
from stockade.model.policy import Attachment, CustomerPolicy, InlinePolicy
from stockade.model.role import Role
from stockade.model.subject import Subject
from stockade.model.typed import (
    Read,
    blocks,
    days,
    flag,
    is_null,
    number,
    optional,
    reserved,
    text,
    texts,
    texts_by_name,
    tree,
)
from stockade.model.url import FunctionUrl
from stockade.value import Known, Origin, Ref, Text, Unknown, Value

Dialect: TypeAlias = Literal["terraform", "cloudformation", "api"]
DIALECTS: Final[tuple[Dialect, ...]] = ("terraform", "cloudformation", "api")
# ------------------------------------------------------------------------------------------ the table


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute. ``element`` is the model type of what a list of nested objects holds."""

    attribute: str
    terraform: str
    cloudformation: str
    api: str
    read: Read = text
    element: type[Subject] | None = None

    def path(self, dialect: Dialect) -> str:
        """What the dialect calls it; empty where it has no such thing."""
        match dialect:
            case "terraform":
                return self.terraform
            case "cloudformation":
                return self.cloudformation
            case "api":
                return self.api


Step: TypeAlias = tuple[Row, tuple[str, ...], bool]
"""A row, the names of its path after the first, and whether the first is a list to go through."""


@dataclass(frozen=True)
class Names:
    """A model type and the resource types it is made of, each with the rows that read it.

    ``api`` is the call whose answer the API paths lead into.
    """

    model: type[Subject]
    terraform: tuple[str, ...]
    cloudformation: tuple[str, ...]
    api: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The attributes of the model that AWS has no default for."""
        own = {row.attribute for row in self.rows}
        return tuple(one.name for one in fields(self.model) if one.default is MISSING and one.name in own)

    def path(self, attribute: str, dialect: Dialect) -> str:
        """What a dialect calls an attribute, which may lead into a list (``inline_policies[0].document``).

        Raises ``KeyError`` for an attribute that is not in the table.
        """
        name, bracket, rest = attribute.partition("[")
        row = self._by_attribute[name]
        if not bracket:
            return row.path(dialect)
        index, _, inner = rest.partition("].")
        below = element_names(row.element).path(inner, dialect) if row.element else inner
        return f"{row.path(dialect)}[{index}].{below}"

    @cached_property
    def _by_attribute(self) -> Mapping[str, Row]:
        return {row.attribute: row for row in self.rows}

    @cached_property
    def by_head(self) -> Mapping[Dialect, Mapping[str, tuple[Step, ...]]]:
        """For every dialect how to read what stands under the first name of a path."""
        out: dict[Dialect, dict[str, tuple[Step, ...]]] = {}
        for dialect in DIALECTS:
            heads: dict[str, tuple[Step, ...]] = out.setdefault(dialect, {})
            for row in self.rows:
                if path := row.path(dialect):
                    first, *rest = path.split(".")
                    head = first.removesuffix("[]")
                    heads[head] = (*heads.get(head, ()), (row, tuple(rest), head != first))
        return out


NAMES: Final = (
    Names(
        Function,
        ("aws_lambda_function",),
        ("AWS::Lambda::Function",),
        ("lambda:GetFunction",),
        (
            Row("name", "function_name", "FunctionName", "Configuration.FunctionName"),
            Row("role", "role", "Role", "Configuration.Role"),
            Row("package_type", "package_type", "PackageType", "Configuration.PackageType"),
            Row("runtime", "runtime", "Runtime", "Configuration.Runtime", optional),
            Row("handler", "handler", "Handler", "Configuration.Handler", optional),
            Row("architectures", "architectures", "Architectures", "Configuration.Architectures", texts),
            Row("description", "description", "Description", "Configuration.Description"),
            Row("timeout", "timeout", "Timeout", "Configuration.Timeout", number),
            Row("memory_size", "memory_size", "MemorySize", "Configuration.MemorySize", number),
            Row(
                "ephemeral_storage",
                "ephemeral_storage.size",
                "EphemeralStorage.Size",
                "Configuration.EphemeralStorage.Size",
                number,
            ),
            Row(
                "reserved_concurrency",
                "reserved_concurrent_executions",
                "ReservedConcurrentExecutions",
                "Concurrency.ReservedConcurrentExecutions",
                reserved,
            ),
            Row(
                "tracing_mode", "tracing_config.mode", "TracingConfig.Mode", "Configuration.TracingConfig.Mode"
            ),
            Row(
                "environment",
                "environment.variables",
                "Environment.Variables",
                "Configuration.Environment.Variables",
                texts_by_name,
            ),
            Row("kms_key_arn", "kms_key_arn", "KmsKeyArn", "Configuration.KMSKeyArn", optional),
            Row("layers", "layers", "Layers", "Configuration.Layers[].Arn", texts),
            Row(
                "dead_letter_arn",
                "dead_letter_config.target_arn",
                "DeadLetterConfig.TargetArn",
                "Configuration.DeadLetterConfig.TargetArn",
                optional,
            ),
            Row(
                "subnet_ids",
                "vpc_config.subnet_ids",
                "VpcConfig.SubnetIds",
                "Configuration.VpcConfig.SubnetIds",
                texts,
            ),
            Row(
                "security_group_ids",
                "vpc_config.security_group_ids",
                "VpcConfig.SecurityGroupIds",
                "Configuration.VpcConfig.SecurityGroupIds",
                texts,
            ),
            Row(
                "file_systems",
                "file_system_config[].arn",
                "FileSystemConfigs[].Arn",
                "Configuration.FileSystemConfigs[].Arn",
                texts,
            ),
            Row(
                "log_group",
                "logging_config.log_group",
                "LoggingConfig.LogGroup",
                "Configuration.LoggingConfig.LogGroup",
                optional,
            ),
            Row(
                "log_format",
                "logging_config.log_format",
                "LoggingConfig.LogFormat",
                "Configuration.LoggingConfig.LogFormat",
            ),
            Row("publish", "publish", "", "", flag),
            Row(
                "code_signing_config_arn",
                "code_signing_config_arn",
                "CodeSigningConfigArn",
                "Configuration.CodeSigningConfigArn",
                optional,
            ),
            Row("filename", "filename", "", "", optional),
            Row("s3_bucket", "s3_bucket", "Code.S3Bucket", "", optional),
            Row("s3_key", "s3_key", "Code.S3Key", "", optional),
            Row("s3_object_version", "s3_object_version", "Code.S3ObjectVersion", "", optional),
            Row("source_code_hash", "source_code_hash", "", "Configuration.CodeSha256", optional),
            Row("image_uri", "image_uri", "Code.ImageUri", "Code.ImageUri", optional),
            Row("tags", "tags", "", "Tags", texts_by_name),
        ),
    ),
    Names(
        Alias,
        ("aws_lambda_alias",),
        ("AWS::Lambda::Alias",),
        ("lambda:ListAliases",),
        (
            Row("name", "name", "Name", "Name"),
            Row("function_name", "function_name", "FunctionName", "AliasArn"),
            Row("function_version", "function_version", "FunctionVersion", "FunctionVersion"),
        ),
    ),
    Names(
        FunctionUrl,
        ("aws_lambda_function_url",),
        ("AWS::Lambda::Url",),
        ("lambda:ListFunctionUrlConfigs",),
        (
            Row("function_name", "function_name", "TargetFunctionArn", "FunctionArn"),
            Row("auth_type", "authorization_type", "AuthType", "AuthType"),
            Row("qualifier", "qualifier", "Qualifier", "", optional),
            Row("invoke_mode", "invoke_mode", "InvokeMode", "InvokeMode"),
            Row("allow_origins", "cors.allow_origins", "Cors.AllowOrigins", "Cors.AllowOrigins", texts),
            Row("allow_methods", "cors.allow_methods", "Cors.AllowMethods", "Cors.AllowMethods", texts),
            Row("allow_headers", "cors.allow_headers", "Cors.AllowHeaders", "Cors.AllowHeaders", texts),
            Row("expose_headers", "cors.expose_headers", "Cors.ExposeHeaders", "Cors.ExposeHeaders", texts),
            Row(
                "allow_credentials",
                "cors.allow_credentials",
                "Cors.AllowCredentials",
                "Cors.AllowCredentials",
                flag,
            ),
            Row("max_age", "cors.max_age", "Cors.MaxAge", "Cors.MaxAge", number),
        ),
    ),
    Names(
        Permission,
        ("aws_lambda_permission",),
        ("AWS::Lambda::Permission",),
        ("lambda:AddPermission",),
        (
            Row("function_name", "function_name", "FunctionName", "FunctionName"),
            Row("action", "action", "Action", "Action"),
            Row("principal", "principal", "Principal", "Principal"),
            Row("qualifier", "qualifier", "", "Qualifier", optional),
            Row("source_arn", "source_arn", "SourceArn", "SourceArn", optional),
            Row("source_account", "source_account", "SourceAccount", "SourceAccount", optional),
            Row("principal_org_id", "principal_org_id", "PrincipalOrgID", "PrincipalOrgID", optional),
            Row(
                "function_url_auth_type",
                "function_url_auth_type",
                "FunctionUrlAuthType",
                "FunctionUrlAuthType",
                optional,
            ),
            Row(
                "invoked_via_function_url",
                "invoked_via_function_url",
                "InvokedViaFunctionUrl",
                "InvokedViaFunctionUrl",
                flag,
            ),
            Row("event_source_token", "event_source_token", "EventSourceToken", "EventSourceToken", optional),
            Row("statement_id", "statement_id", "", "StatementId", optional),
        ),
    ),
    Names(
        Role,
        ("aws_iam_role", "data.aws_iam_role"),
        ("AWS::IAM::Role",),
        ("iam:GetRole",),
        (
            Row("name", "name", "RoleName", "Role.RoleName"),
            Row("arn", "arn", "", "Role.Arn"),
            Row("path", "path", "Path", "Role.Path"),
            Row(
                "trust", "assume_role_policy", "AssumeRolePolicyDocument", "Role.AssumeRolePolicyDocument", tree
            ),
            Row(
                "boundary",
                "permissions_boundary",
                "PermissionsBoundary",
                "Role.PermissionsBoundary.PermissionsBoundaryArn",
                optional,
            ),
            Row("managed_policy_arns", "managed_policy_arns", "ManagedPolicyArns", "", texts),
            Row("inline_policies", "inline_policy", "Policies", "", blocks, InlinePolicy),
        ),
    ),
    Names(
        InlinePolicy,
        ("aws_iam_role_policy",),
        ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"),
        ("iam:GetRolePolicy",),
        (
            Row("name", "name", "PolicyName", "PolicyName"),
            Row("roles", "role", "Roles", "RoleName", texts),
            Row("document", "policy", "PolicyDocument", "PolicyDocument", tree),
        ),
    ),
    Names(
        CustomerPolicy,
        ("aws_iam_policy", "data.aws_iam_policy"),
        ("AWS::IAM::ManagedPolicy",),
        ("iam:GetPolicyVersion",),
        (
            Row("name", "name", "ManagedPolicyName", "PolicyName"),
            Row("path", "path", "Path", "Path"),
            Row("roles", "", "Roles", "", texts),
            Row("document", "policy", "PolicyDocument", "PolicyVersion.Document", tree),
        ),
    ),
    Names(
        Attachment,
        ("aws_iam_role_policy_attachment",),
        (),
        ("iam:ListAttachedRolePolicies",),
        (
            Row("roles", "role", "", "RoleName", texts),
            Row("policy_arns", "policy_arn", "", "AttachedPolicies[].PolicyArn", texts),
        ),
    ),
    Names(
        Attachment,
        ("aws_iam_policy_attachment",),
        (),
        (),
        (Row("roles", "roles", "", "", texts), Row("policy_arns", "policy_arn", "", "", texts)),
    ),
    Names(
        Attachment,
        ("aws_iam_role_policy_attachments_exclusive",),
        (),
        (),
        (Row("roles", "role_name", "", "", texts), Row("policy_arns", "policy_arns", "", "", texts)),
    ),
    Names(
        LogGroup,
        ("aws_cloudwatch_log_group",),
        ("AWS::Logs::LogGroup",),
        ("logs:DescribeLogGroups",),
        (
            Row("name", "name", "LogGroupName", "logGroupName"),
            Row("retention_days", "retention_in_days", "RetentionInDays", "retentionInDays", days),
            Row("kms_key_arn", "kms_key_id", "KmsKeyId", "kmsKeyId", optional),
        ),
    ),
    Names(
        Api,
        ("aws_api_gateway_rest_api",),
        ("AWS::ApiGateway::RestApi",),
        ("apigateway:GetRestApis",),
        (Row("name", "name", "Name", "name"),),
    ),
    Names(
        Api,
        ("aws_apigatewayv2_api",),
        ("AWS::ApiGatewayV2::Api",),
        ("apigateway:GetApis",),
        (
            Row("name", "name", "Name", "Name"),
            Row("protocol", "protocol_type", "ProtocolType", "ProtocolType"),
        ),
    ),
)

_BY_TYPE: Final[Mapping[tuple[Dialect, str], Names]] = {
    **{("terraform", kind): names for names in NAMES for kind in names.terraform},
    **{("cloudformation", kind): names for names in NAMES for kind in names.cloudformation},
    **{("api", kind): names for names in NAMES for kind in names.api},
}


def names_of(dialect: Dialect, kind: str) -> Names | None:
    """The names of a resource type; ``None`` for one that no model type is made of."""
    return _BY_TYPE.get((dialect, kind))


def element_names(model: type[Subject]) -> Names:
    """The names of a model type where it is nested in another's list."""
    return next(names for names in NAMES if names.model is model)


# -------------------------------------------------------------------------------------------- reading


def read(
    names: Names, dialect: Dialect, attributes: Mapping[str, Value[Any]], address: str, origin: Origin
) -> dict[str, Value[Any]]:
    """The model attributes that were written, for the model type's constructor.

    What nobody wrote, or wrote as null, is left to the type's default; where AWS has none it is a
    reference to what deployment will fill in. Only attributes that the table names are evaluated.
    """
    out: dict[str, Value[Any]] = {}
    heads = names.by_head[dialect]
    for head in attributes:
        for row, steps, each in heads.get(head, ()):
            found = _follow(attributes[head], steps, each)
            if found is None or is_null(found):
                continue
            value = row.read(found)
            if value is not None:
                out[row.attribute] = value
    for attribute in names.required:
        if attribute not in out:
            path = names.path(attribute, dialect) or attribute
            reason = f"`{address}.{path}` is known only after deployment"
            out[attribute] = Unknown(reason, origin, Text((Ref(address, path),)))
    return out


def _follow(value: Value[Any], steps: tuple[str, ...], each: bool) -> Value[Any] | None:
    """The value at the end of a path; ``None`` where nobody wrote one."""
    match value:
        case Unknown():
            return value if not steps and not each else Unknown(value.reason, value.origin)
        case Known(None):
            return None
        case Known(tuple() | list() as items, origin) if each:
            found = (_follow(item, steps, False) for item in items)
            return Known(tuple(one for one in found if one is not None), origin)
        case Known(_) if not steps:
            return value
        case Known(tuple() | list() as items):
            # One block; more are an error of the input's, and none is as if nobody wrote it.
            return _follow(items[0], steps, False) if items else None
        case Known(Mapping() as members):
            name = steps[0].removesuffix("[]")
            return _follow(members[name], steps[1:], steps[0].endswith("[]")) if name in members else None
        case Known(_, origin):
            return Unknown(f"`{steps[0]}` cannot be read: it is not in an object", origin)
