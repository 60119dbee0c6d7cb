"""Functions, and what comes with each: log group, URL, alias, how asynchronous invocations are handled."""

from __future__ import annotations

from typing import Any, Final

from stockade.read.cloudformation.nodes import Fields, Node, Scalar, member, members, span
from stockade.read.package.serverless import PACKING
from stockade.read.serverless import naming
from stockade.read.serverless.cors import cors
from stockade.read.serverless.nodes import ABSENT, is_later, is_null, later, made, or_absent
from stockade.read.serverless.packing import layer_packing, packing
from stockade.read.serverless.roles import role_of
from stockade.read.serverless.service import FunctionSpec, Service, alias_of, copied_keys, is_true, truth
from stockade.read.serverless.variables import scalar_text
from stockade.source import Span

_MEMORY: Final = 1024
_TIMEOUT: Final = 6


def make(service: Service) -> None:
    """Make all functions of a service, and its layers."""
    for function in service.functions:
        _function(service, function)
        _log_group(service, function)
        _alias(service, function)
        _url(service, function)
        _invoke_config(service, function)
    layers = service.get("layers")
    for name, node in members(layers):
        at = layers.key(name) if isinstance(layers, Fields) else span(node)
        properties = {
            "LayerName": or_absent(member(node, "name")) if member(node, "name") else name,
            "Content": {"S3Key": later("`serverless package` makes it", at), PACKING: layer_packing(node)},
        }
        service.add(naming.layer(name), "AWS::Lambda::LayerVersion", properties, at)


def _function(service: Service, function: FunctionSpec) -> None:
    either = _either(service, function)
    at = function.at
    properties: dict[str, Any] = {
        "FunctionName": service.function_name(function),
        "Description": or_absent(function.get("description")),
        "Handler": or_absent(function.get("handler")),
        "MemorySize": either("memorySize") or _MEMORY,
        "Timeout": either("timeout") or _TIMEOUT,
        "Role": role_of(service, function),
        "Runtime": either("runtime") or later("the Framework's own default decides", at),
        "Code": {
            "S3Bucket": _bucket(service),
            "S3Key": later("`serverless package` makes it", at),
            PACKING: packing(service, function),
        },
        "ReservedConcurrentExecutions": or_absent(function.get("reservedConcurrency")),
        "KmsKeyArn": or_absent(either("kmsKeyArn") or function.get("awsKmsKeyArn")),
        "Environment": _environment(service, function),
        "VpcConfig": _vpc(service, function),
        "Layers": or_absent(either("layers")),
        "TracingConfig": _tracing(service, function),
    }
    if (error := function.get("onError")) is not None:
        properties["DeadLetterConfig"] = {"TargetArn": error}
    if (architecture := either("architecture")) is not None:
        properties["Architectures"] = [architecture]
    if (size := function.get("ephemeralStorageSize")) is not None:
        properties["EphemeralStorage"] = {"Size": size}
    if (files := function.get("fileSystemConfig")) is not None:
        renamed = copied_keys(files, (("arn", "Arn"), ("localMountPath", "LocalMountPath")))
        properties["FileSystemConfigs"] = [made(renamed, span(files))]
    if (group := _own_log_group(service, function)) is not None:
        properties["LoggingConfig"] = {"LogGroup": group}
    if (image := function.get("image")) is not None:
        properties.pop("Handler")
        properties.pop("Runtime")
        properties |= {"PackageType": "Image", "Code": {"ImageUri": _image(service, image)}}
    signing = function.get("codeSigningConfigArn")
    properties["CodeSigningConfigArn"] = or_absent(signing)
    service.add(naming.function(function.name), "AWS::Lambda::Function", properties, at)


def _either(service: Service, function: FunctionSpec) -> Any:
    def found(name: str) -> Node | None:
        """What a function says, or else the provider for all."""
        own = function.get(name)
        return own if own is not None else service.provider(name)

    return found


def _bucket(service: Service) -> Any:
    written = service.provider("deploymentBucket")
    if isinstance(written, Scalar):
        return written
    return member(written, "name") or {"Ref": "ServerlessDeploymentBucket"}


def _environment(service: Service, function: FunctionSpec) -> Any:
    """The provider's variables and the function's own, which win; null takes one away."""
    shared, own = service.provider("environment"), function.node.members.get("environment")
    for written in (own, shared):
        if is_later(written):
            return {"Variables": written}
    both = {**dict(members(shared)), **dict(members(own))}
    kept = {name: node for name, node in both.items() if not is_null(node)}
    if not kept:
        return ABSENT
    base = own if isinstance(own, Fields) else shared
    assert isinstance(base, Fields)  # noqa: S101  # something is in one of them
    place = Span(base.source, base.start, base.end)
    node = made({}, place)
    assert isinstance(node, Fields)  # noqa: S101 - it was made of one
    keys: dict[str, tuple[int, int]] = {}
    for written in (shared, own):
        if isinstance(written, Fields) and written.source is base.source:
            keys |= {name: where for name, where in written.keys.items() if name in kept}
    return {"Variables": Fields(node.source, node.start, node.end, kept, keys)}


def _vpc(service: Service, function: FunctionSpec) -> Any:
    written = function.node.members.get("vpc")
    vpc = service.provider("vpc") if written is None else written
    if vpc is None or is_null(vpc) or (isinstance(vpc, Scalar) and vpc.value is False):
        return ABSENT
    if not isinstance(vpc, Fields) or is_later(vpc):
        return vpc
    names = (("securityGroupIds", "SecurityGroupIds"), ("subnetIds", "SubnetIds"))
    shared = service.provider("vpc")
    out = copied_keys(vpc, names)
    for (_, ours), fallback in zip(names, copied_keys(shared, names).values(), strict=True):
        out[ours] = fallback if out[ours] is ABSENT else out[ours]
    return made(out, span(vpc))


def _tracing(service: Service, function: FunctionSpec) -> Any:
    written = function.get("tracing")
    if written is None or not truth(written):
        written = service.provider("tracing", "lambda")
    if not truth(written) or written is None:
        return ABSENT
    mode = made("Active", span(written)) if is_true(written) else written
    return made({"Mode": mode}, span(written))


def _own_log_group(service: Service, function: FunctionSpec) -> Node | None:
    return function.get("logs", "logGroup") or service.provider("logs", "lambda", "logGroup")


def _image(service: Service, image: Node) -> Node:
    """The image a function runs: an address, or the name of one that the provider knows."""
    plain = scalar_text(image)
    uri = member(image, "uri")
    if uri is not None:
        return uri
    name = plain or scalar_text(member(image, "name"))
    if name and ":" not in name and "/" not in name:
        known = service.provider("ecr", "images", name)
        if isinstance(known, Scalar):
            return known
        return member(known, "uri") or later(f"`serverless deploy` builds the image `{name}`", span(image))
    return image if plain else later("`serverless deploy` builds the image", span(image))


def _log_group(service: Service, function: FunctionSpec) -> None:
    if is_true(function.get("disableLogs")) or _own_log_group(service, function) is not None:
        return
    at = function.at
    properties = {
        "LogGroupName": service.text("/aws/lambda/", service.function_name(function), at=at),
        "RetentionInDays": or_absent(
            function.get("logRetentionInDays") or service.provider("logRetentionInDays")
        ),
    }
    service.add(f"{naming.normal(function.name)}LogGroup", "AWS::Logs::LogGroup", properties, at)


def _alias(service: Service, function: FunctionSpec) -> None:
    normal = naming.normal(function.name)
    label = alias_of(function)
    if label is None:
        return
    warm = label == "provisioned"
    name = f"{normal}ProvConcLambdaAlias" if warm else f"{normal}SnapStartLambdaAlias"
    at = function.node.key("provisionedConcurrency" if warm else "snapStart")
    properties = {
        "FunctionName": {"Ref": naming.function(function.name)},
        "FunctionVersion": later("the version is made at deployment", at),
        "Name": label,
    }
    service.add(name, "AWS::Lambda::Alias", properties, at)


def _url(service: Service, function: FunctionSpec) -> None:
    url = function.get("url")
    if url is None or not truth(url):
        return
    normal = naming.normal(function.name)
    at = function.node.key("url")
    kind = member(url, "authorizer")
    auth: Any = "NONE"
    if is_later(url) or is_later(kind):
        auth = kind if is_later(kind) else url
    elif scalar_text(kind) == "aws_iam":
        assert kind is not None  # noqa: S101 - it has a text
        auth = made("AWS_IAM", span(kind))
    mode = scalar_text(member(url, "invokeMode")) or ""
    properties = {
        "TargetFunctionArn": service.target(function.name, at),
        "AuthType": auth,
        "Cors": cors(member(url, "cors"), ("*",)),
        "InvokeMode": "RESPONSE_STREAM" if mode.upper() == "RESPONSE_STREAM" else ABSENT,
    }
    service.add(f"{normal}LambdaFunctionUrl", "AWS::Lambda::Url", properties, at)
    if auth == "NONE":
        service.permit(
            f"{normal}LambdaPermissionFnUrl",
            function.name,
            "*",
            at,
            Action="lambda:InvokeFunctionUrl",
            FunctionUrlAuthType="NONE",
        )


def _invoke_config(service: Service, function: FunctionSpec) -> None:
    destinations = function.get("destinations")
    age, retries = function.get("maximumEventAge"), function.get("maximumRetryAttempts")
    if destinations is None and age is None and retries is None:
        return
    at = function.node.key("destinations") if destinations is not None else function.at
    chosen = {
        ours: {"Destination": _destination(service, found)}
        for theirs, ours in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure"))
        if (found := member(destinations, theirs)) is not None and not is_null(found)
    }
    properties = {
        "FunctionName": {"Ref": naming.function(function.name)},
        "Qualifier": "$LATEST",
        "DestinationConfig": chosen or (destinations if is_later(destinations) else ABSENT),
        "MaximumEventAgeInSeconds": or_absent(age),
        "MaximumRetryAttempts": or_absent(retries),
    }
    service.add(f"{naming.normal(function.name)}LambdaEvConf", "AWS::Lambda::EventInvokeConfig", properties, at)


def _destination(service: Service, node: Node) -> Any:
    """Where results go: an ARN, an object with one, or a function of this service."""
    plain = scalar_text(node)
    if plain is None:
        return member(node, "arn") or node
    if plain.startswith("arn:"):
        return node
    if service.function(plain) is not None:
        return made(service.target(plain, span(node)), span(node))
    return node
