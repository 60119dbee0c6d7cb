"""What the Framework calls the properties of what it makes, for a function and for all of them."""

from __future__ import annotations

from typing import Final

from stockade.fix.layout import Path

_FUNCTION: Final[dict[str, tuple[str, ...]]] = {
    "CodeSigningConfigArn": ("codeSigningConfigArn",),
    "Description": ("description",),
    "Environment.Variables": ("environment",),
    "Layers": ("layers",),
    "MemorySize": ("memorySize",),
    "ReservedConcurrentExecutions": ("reservedConcurrency",),
    "Runtime": ("runtime",),
    "Timeout": ("timeout",),
    "TracingConfig.Mode": ("tracing",),
    "VpcConfig.SecurityGroupIds": ("vpc", "securityGroupIds"),
    "VpcConfig.SubnetIds": ("vpc", "subnetIds"),
}
_LOGS: Final[dict[str, tuple[str, ...]]] = {"RetentionInDays": ("logRetentionInDays",)}
_URL: Final[dict[str, tuple[str, ...]]] = {"AuthType": ("url", "authorizer")}
_INVOKE: Final[dict[str, tuple[str, ...]]] = {
    "MaximumEventAgeInSeconds": ("maximumEventAge",),
    "MaximumRetryAttempts": ("maximumRetryAttempts",),
}

OF_FUNCTION: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Logs::LogGroup": _LOGS,
    "AWS::Lambda::Url": _URL,
    "AWS::Lambda::EventInvokeConfig": _INVOKE,
}
"""The type that is made for a function -> property -> where the function says it."""

OF_PROVIDER: Final[dict[Path, Path]] = {
    ("runtime",): ("runtime",),
    ("memorySize",): ("memorySize",),
    ("timeout",): ("timeout",),
    ("tracing",): ("tracing", "lambda"),
    ("logRetentionInDays",): ("logRetentionInDays",),
    ("vpc", "securityGroupIds"): ("vpc", "securityGroupIds"),
    ("vpc", "subnetIds"): ("vpc", "subnetIds"),
}
"""What a function may say -> where ``provider`` says it for all functions."""


def words_of(made: str, steps: Path) -> Path | None:
    """Where a function says a property of what is made for it; ``None`` where there is no word."""
    words = OF_FUNCTION.get(made, {})
    for depth in range(len(steps), 0, -1):
        found = words.get(".".join(str(one) for one in steps[:depth]))
        if found is not None:
            return (*found, *steps[depth:])
    return None
