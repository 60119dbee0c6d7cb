"""What SAM calls the properties of what it makes, and what can only be changed where it was caused."""

from __future__ import annotations

from typing import Final

from stockade.errors import FixError
from stockade.fix.layout import Path

FUNCTION: Final = "AWS::Serverless::Function"
_MACHINE: Final = "AWS::Serverless::StateMachine"
_GLOBALS: Final = "AWS::Serverless::"

_RENAMED: Final[dict[tuple[str, str], dict[str, tuple[str, ...]]]] = {
    (FUNCTION, "AWS::Lambda::Function"): {
        "TracingConfig.Mode": ("Tracing",),
        "TracingConfig": ("Tracing",),
        "DeadLetterConfig.TargetArn": ("DeadLetterQueue", "TargetArn"),
    },
    (FUNCTION, "AWS::IAM::Role"): {
        "Policies": ("Policies",),
        "PermissionsBoundary": ("PermissionsBoundary",),
        "AssumeRolePolicyDocument": ("AssumeRolePolicyDocument",),
        "Path": ("RolePath",),
    },
    (_MACHINE, "AWS::IAM::Role"): {
        "Policies": ("Policies",),
        "PermissionsBoundary": ("PermissionsBoundary",),
        "Path": ("RolePath",),
    },
    (_MACHINE, "AWS::StepFunctions::StateMachine"): {
        "TracingConfiguration.Enabled": ("Tracing", "Enabled"),
        "TracingConfiguration": ("Tracing",),
        "LoggingConfiguration": ("Logging",),
    },
    ("AWS::Serverless::Api", "AWS::ApiGateway::Stage"): {
        "MethodSettings": ("MethodSettings",),
        "TracingEnabled": ("TracingEnabled",),
        "AccessLogSetting": ("AccessLogSetting",),
    },
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Stage"): {
        "DefaultRouteSettings": ("DefaultRouteSettings",),
        "RouteSettings": ("RouteSettings",),
        "AccessLogSettings": ("AccessLogSettings",),
    },
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"): {"CorsConfiguration": ("CorsConfiguration",)},
}
"""SAM's type and the type that it makes -> property -> where SAM has it; the rest are no words of SAM's."""

_SAME: Final = frozenset(
    {
        "Architectures",
        "CodeSigningConfigArn",
        "Description",
        "Environment",
        "EphemeralStorage",
        "FileSystemConfigs",
        "FunctionName",
        "Handler",
        "ImageUri",
        "KmsKeyArn",
        "Layers",
        "LoggingConfig",
        "MemorySize",
        "ReservedConcurrentExecutions",
        "Runtime",
        "Timeout",
        "VpcConfig",
    }
)
"""Properties of a function that have the same name and form in SAM."""

_UNDER: Final = {
    "AWS::Lambda::Url": "FunctionUrlConfig",
    "AWS::Lambda::EventInvokeConfig": "EventInvokeConfig",
}
"""What SAM makes for one property of a function, with the same names under it."""

GLOBAL: Final = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
}
"""SAM's types, by what ``Globals`` calls them."""

IMPLICIT: Final = {"ServerlessRestApi": "AWS::Serverless::Api", "ServerlessHttpApi": "AWS::Serverless::HttpApi"}
"""APIs that SAM makes because events want one, by the beginning of their logical IDs."""

_NOT_GLOBAL: Final = frozenset({"FunctionName", "Handler", "ImageUri", "Policies", "Role"})


def sam_steps(source: str, made: str, steps: Path, name: str, owner: str) -> Path:
    """Where a property of what SAM makes stands in the resource that it is made from.

    ``source`` is that resource's type and ``made`` the generated one's, ``owner`` and ``name`` their logical
    IDs. Raises ``FixError`` where SAM has no word for it.
    """
    if source == FUNCTION and made in _UNDER:
        return (_UNDER[made], *steps)
    if source == FUNCTION and made == "AWS::Lambda::Function" and steps[0] in _SAME:
        return steps
    words = _RENAMED.get((source, made), {})
    for depth in range(len(steps), 0, -1):
        found = words.get(".".join(str(one) for one in steps[:depth]))
        if found is not None:
            return (*found, *steps[depth:])
    shown = ".".join(str(one) for one in steps)
    if made == "AWS::ApiGateway::Deployment":
        raise FixError(
            f"SAM makes a stage of its own with the deployment `{name}`, and has no word for its `{shown}`",
            help="with `OpenApiVersion` for the API, in `Globals` or its own, SAM makes no such stage",
        )
    if made == "AWS::Lambda::Permission":
        why = f"SAM makes the permission `{name}` for an event or a URL of `{owner}`, and has no word for its"
        raise FixError(f"{why} `{shown}`", help=f"write the permission yourself, beside `{owner}`")
    raise FixError(
        f"SAM makes `{name}` of `{owner}`, and has no word for its `{shown}`",
        help=f"declare it yourself as a resource of `{made}`",
    )


def is_global(word: str) -> bool:
    """Whether ``Globals`` may say a property for all functions."""
    return word not in _NOT_GLOBAL
