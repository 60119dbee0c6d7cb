"""Names of functions, and of what stands at their door: aliases, URLs and permissions."""

from __future__ import annotations

from typing import Final

from stockade.model.function import Alias, Function
from stockade.model.names.table import Names, Row
from stockade.model.permission import Permission
from stockade.model.typed import flag, number, optional, reserved, tags, texts, texts_by_name
from stockade.model.url import FunctionUrl

FUNCTIONS: Final = (
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
                "CodeSigningConfigArn",
                optional,
            ),
            Row("filename", "filename", "Code.LocalPath", "", optional),
            Row("s3_bucket", "s3_bucket", "Code.S3Bucket", "", optional),
            Row("s3_key", "s3_key", "Code.S3Key", "", optional),
            Row("s3_object_version", "s3_object_version", "Code.S3ObjectVersion", "", optional),
            Row("inline_code", "", "Code.ZipFile", "", optional),
            Row("source_code_hash", "source_code_hash", "", "Configuration.CodeSha256", optional),
            Row("image_uri", "image_uri", "Code.ImageUri", "Code.ImageUri", optional),
            Row("tags", "tags", "Tags", "Tags", tags),
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
            Row("qualifier", "qualifier", "Qualifier", "Qualifier", optional),
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
)
