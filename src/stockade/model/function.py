"""Lambda functions, and the aliases that point at their versions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Hole, Unknown, Value, parts_of

_NO_ENVIRONMENT: Mapping[str, Value[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Function(Subject):
    """A Lambda function.

    ``timeout`` is in seconds; ``memory_size`` and ``ephemeral_storage`` are in MB.
    ``reserved_concurrency`` is ``None`` where the function draws on the account's unreserved pool.
    A container image leaves ``runtime`` and ``handler`` ``None``. ``environment`` is unknown only
    when not even its names can be known. ``filename`` and the rest say where the code comes from in
    the words of the input. ``unmanaged`` are attributes of this model that deployment leaves as they
    are once the function exists, so that something else may have changed them.
    """

    name: Value[str]
    role: Value[str]
    package_type: Value[str] = default("Zip", "Lambda's default package type is Zip")
    runtime: Value[str | None] = default(None, "no runtime is set, as for a container image")
    handler: Value[str | None] = default(None, "no handler is set, as for a container image")
    architectures: Value[tuple[Value[str], ...]] = default(
        (default("x86_64", "Lambda's default architecture is x86_64"),),
        "Lambda's default architecture is x86_64",
    )
    description: Value[str] = default("", "no description is set")
    timeout: Value[int] = default(3, "Lambda's default timeout is 3 seconds")
    memory_size: Value[int] = default(128, "Lambda's default memory is 128 MB")
    ephemeral_storage: Value[int] = default(512, "Lambda's default /tmp is 512 MB")
    reserved_concurrency: Value[int | None] = default(
        None, "without reserved concurrency a function draws on the account's unreserved pool"
    )
    tracing_mode: Value[str] = default("PassThrough", "Lambda's default tracing mode is PassThrough")
    environment: Value[Mapping[str, Value[str]]] = default(_NO_ENVIRONMENT, "no environment variables are set")
    kms_key_arn: Value[str | None] = default(None, "without a key Lambda encrypts with an AWS owned key")
    layers: Value[tuple[Value[str], ...]] = default((), "no layers are set")
    dead_letter_arn: Value[str | None] = default(None, "no dead-letter target is set")
    subnet_ids: Value[tuple[Value[str], ...]] = default((), "without subnets a function runs outside any VPC")
    security_group_ids: Value[tuple[Value[str], ...]] = default((), "no security groups are set")
    file_systems: Value[tuple[Value[str], ...]] = default((), "no file system is mounted")
    log_group: Value[str | None] = default(None, "Lambda logs to /aws/lambda/ and the function's name")
    log_format: Value[str] = default("Text", "Lambda's default log format is Text")
    publish: Value[bool] = default(False, "no version is published by default")
    code_signing_config_arn: Value[str | None] = default(None, "no code signing configuration is set")
    filename: Value[str | None] = default(None, "no package file is named")
    s3_bucket: Value[str | None] = default(None, "the package is not taken from S3")
    s3_key: Value[str | None] = default(None, "the package is not taken from S3")
    s3_object_version: Value[str | None] = default(None, "no object version is pinned")
    inline_code: Value[str | None] = default(None, "no source stands in the template")
    source_code_hash: Value[str | None] = default(None, "no hash of the package is given")
    image_uri: Value[str | None] = default(None, "the function is not a container image")
    tags: Value[Mapping[str, Value[str]]] = default(_NO_ENVIRONMENT, "no tags are set")
    unmanaged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Alias(Subject):
    """A name for a version of a function; ``function_name`` may also be its ARN."""

    name: Value[str]
    function_name: Value[str]
    function_version: Value[str]


def name_of(function: Function) -> str:
    """What people call a function: its name, or its address where nothing is known of that yet."""
    ref = function.name.ref
    if isinstance(function.name, Unknown) and ref is not None and ref.address == function.address:
        return function.address
    parts = parts_of(function.name)
    return "".join(map(str, parts)) if not all(isinstance(one, Hole) for one in parts) else function.address
