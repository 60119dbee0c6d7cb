"""The table of names: whole, without doubles, read as it says, and true to the provider's own schema."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import MISSING, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockade.model.alarm import Alarm
from stockade.model.api import MethodSettings, Route
from stockade.model.function import Function
from stockade.model.names import DIALECTS, NAMES, Dialect, Names, Row, element_names, names_of, read
from stockade.model.network import SecurityGroup
from stockade.model.policy import Attachment, InlinePolicy
from stockade.model.role import Role
from stockade.model.subject import Subject
from stockade.model.trigger import BucketTrigger
from stockade.model.url import FunctionUrl
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value

HERE = Default("written in a test")
BLANK = Unknown("`var.x` has no value", HERE, Text((Hole("var.x"),)))
TYPES = [
    (names, dialect, kind)
    for names in NAMES
    for dialect, kinds in zip(DIALECTS, (names.terraform, names.cloudformation, names.api), strict=True)
    for kind in kinds
]
SETTLED: dict[type[Subject], set[str]] = {
    Role: {"policies", "open_ended", "trust_tree", "boundary_policy"},
    Alarm: {"queries"},
    Function: {"unmanaged"},
    SecurityGroup: {"rules"},
    Route: {"path", "integration", "remark"},
    BucketTrigger: {"bucket"},
    Attachment: {"exclusive"},
    MethodSettings: {"within", "http_method"},
    FunctionUrl: {"brings_permissions"},
}
"""Fields that are not written anywhere but settled from other declarations."""


def known(value: Any) -> Value[Any]:
    match value:
        case Known() | Unknown():
            return value
        case dict():
            return Known({key: known(one) for key, one in value.items()}, HERE)
        case list() | tuple():
            return Known(tuple(map(known, value)), HERE)
        case _:
            return Known(value, HERE)


def attributes(names: Names, dialect: Dialect, written: dict[str, Any]) -> dict[str, Any]:
    return read(names, dialect, {key: known(one) for key, one in written.items()}, "a.b", HERE)


def at(path: str, value: Any) -> dict[str, Any]:
    """What somebody writes to have a value at a path."""
    head, dot, rest = path.partition(".")
    inner: Any = at(rest, value) if dot else value
    return {head.removesuffix("[]"): [inner] if head.endswith("[]") else inner}


def title(names: Names) -> str:
    return "-".join((names.model.__name__, *names.terraform[:1]))


@pytest.mark.parametrize("names", NAMES, ids=title)
def test_every_attribute_of_the_model_is_in_the_table_once(names: Names) -> None:
    table = [row.attribute for row in names.rows]
    assert len(table) == len(set(table))
    own = {one.name for one in fields(names.model)} - {one.name for one in fields(Subject)}
    unnamed = own - set(table) - SETTLED.get(names.model, set())
    # What one resource type has no word for is another's, or has a default.
    others = {row.attribute for other in NAMES if other.model is names.model for row in other.rows}
    defaulted = {one.name for one in fields(names.model) if one.default is not MISSING}
    assert set(table) <= own
    assert unnamed <= others & defaulted


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_resource_type_and_no_path_is_there_twice(dialect: Dialect) -> None:
    kinds = [kind for _, where, kind in TYPES if where == dialect]
    assert len(kinds) == len(set(kinds))
    for names in NAMES:
        paths = [path for row in names.rows if (path := row.path(dialect))]
        assert len(paths) == len(set(paths))


def test_types_find_their_names() -> None:
    for names, dialect, kind in TYPES:
        assert names_of(dialect, kind) is names
    assert names_of("terraform", "aws_instance") is None
    assert names_of("cloudformation", "aws_lambda_function") is None


SAMPLES: dict[str, Any] = {
    "text": "x",
    "optional": "x",
    "number": 7,
    "decimal": Decimal("0.5"),
    "limit": Decimal("0.5"),
    "reserved": 7,
    "days": 7,
    "flag": True,
    "texts": ["x", "y"],
    "texts_by_name": {"k": "v"},
    "dimensions": {"k": "v"},
    "tags": {"k": "v"},
    "document_text": "x",
    "internal": True,
    "by_route": [{"k": "v"}],
    "tree": {"k": "v"},
    "blocks": [{"k": "v"}],
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("names", "row"),
    [(names, row) for names in NAMES for row in names.rows],
    ids=lambda one: getattr(one, "attribute", ""),
)
def test_every_row_reads_what_is_written_at_its_path(names: Names, row: Row, dialect: Dialect) -> None:
    path = row.path(dialect)
    if not path:
        return
    sample = SAMPLES[row.read.__name__]
    wanted = sample[:1] if "[]" in path else sample
    found = attributes(names, dialect, at(path, sample[0] if "[]" in path else sample))[row.attribute]
    assert found == known(wanted)
    assert attributes(names, dialect, at(path, BLANK))[row.attribute] != found


@pytest.mark.parametrize("names", NAMES, ids=title)
def test_what_nobody_wrote_is_a_default_or_a_reference(names: Names) -> None:
    found = attributes(names, "terraform", {})
    for row in names.rows:
        default = next(one.default for one in fields(names.model) if one.name == row.attribute)
        if default is MISSING:
            missing = found[row.attribute]
            assert isinstance(missing, Unknown)
            assert missing.ref == Ref("a.b", row.terraform or row.attribute)
        else:
            assert row.attribute not in found
            assert isinstance(default, Known)
            assert isinstance(default.origin, Default)


def function(**written: Any) -> Any:
    made: dict[str, Any] = attributes(NAMES[0], "terraform", written)
    return Function(address="f", origin=HERE, **made)


def test_null_and_empty_are_not_written() -> None:
    found = function(
        handler="", runtime=None, tracing_config=[], vpc_config=None, environment=[{"variables": None}]
    )
    assert (found.handler.value, found.runtime.value) == (None, None)
    assert found.tracing_mode.value == "PassThrough"
    assert found.subnet_ids.value == ()
    assert isinstance(found.environment.origin, Default)


def test_a_reservation_of_minus_one_is_none_and_zero_is_zero() -> None:
    assert function(reserved_concurrent_executions=-1).reserved_concurrency == Known(None, HERE)
    assert function(reserved_concurrent_executions="0").reserved_concurrency == Known(0, HERE)
    assert isinstance(function(reserved_concurrent_executions=True).reserved_concurrency, Unknown)


def test_blocks_may_be_objects_lists_or_unknown() -> None:
    for written in ({"mode": "Active"}, [{"mode": "Active"}]):
        assert function(tracing_config=written).tracing_mode == Known("Active", HERE)
    for unknown in (BLANK, [BLANK], {"mode": BLANK}):
        mode = function(tracing_config=unknown).tracing_mode
        assert isinstance(mode, Unknown)
        assert mode.reason == BLANK.reason
    # The text of an unknown block is not the text of what is in it.
    assert function(tracing_config=BLANK).tracing_mode.text is None
    assert isinstance(function(tracing_config="Active").tracing_mode, Unknown)


def test_types_are_read_as_terraform_converts_them() -> None:
    found = function(
        timeout="30",
        publish="true",
        function_name=12,
        description=Decimal("1.50"),
        layers=["a", BLANK, None],
        environment={"variables": {"A": 1, "B": True, "C": None, "D": BLANK}},
    )
    assert found.timeout == Known(30, HERE)
    assert found.publish == Known(True, HERE)
    assert found.name == Known("12", HERE)
    assert found.description == Known("1.50", HERE)
    assert function(description=Decimal("1e999999999")).description == Known("1E+999999999", HERE)
    assert found.layers == Known((Known("a", HERE), BLANK), HERE)
    assert found.environment.value == {"A": Known("1", HERE), "B": Known("true", HERE), "D": BLANK}
    assert isinstance(function(timeout="soon").timeout, Unknown)


def test_only_what_the_table_names_is_evaluated() -> None:
    class Lazy(dict[str, Value[Any]]):
        def __getitem__(self, key: str) -> Value[Any]:
            assert key == "function_name", key
            return super().__getitem__(key)

    written = Lazy(function_name=known("f"), some_expensive_thing=BLANK)
    assert read(NAMES[0], "terraform", written, "a.b", HERE)["name"] == known("f")


def test_paths_for_fixing() -> None:
    names = names_of("terraform", "aws_lambda_function")
    assert names is not None
    assert names.path("tracing_mode", "terraform") == "tracing_config.mode"
    assert names.path("tracing_mode", "cloudformation") == "TracingConfig.Mode"
    assert names.path("filename", "cloudformation") == "Code.LocalPath"
    assert names.path("publish", "cloudformation") == ""
    with pytest.raises(KeyError):
        names.path("no_such_attribute", "terraform")
    role = names_of("terraform", "aws_iam_role")
    assert role is not None
    assert role.path("inline_policies[2].document", "terraform") == "inline_policy[2].policy"
    assert role.path("inline_policies[2].document", "cloudformation") == "Policies[2].PolicyDocument"
    nested = next(row for row in role.rows if row.attribute == "inline_policies").element
    assert nested is element_names(InlinePolicy)


# ------------------------------------------------------------------------------- against the provider

NEWER = {
    "aws_lambda_permission": {"invoked_via_function_url"},
    "aws_ecr_repository": {"image_tag_mutability_exclusion_filter[].filter"},
}
"""Attributes of later providers than the one this is held against."""

SINGLE_IN_AWS = {"aws_s3_bucket_server_side_encryption_configuration": "rule."}
"""Blocks that the provider lets stand more than once and S3 takes one of."""


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    terraform, plugins = os.environ.get("STOCKADE_TERRAFORM"), os.environ.get("STOCKADE_TF_PLUGINS")
    if not terraform or not plugins:
        pytest.skip("needs Terraform: set STOCKADE_TERRAFORM and STOCKADE_TF_PLUGINS (see CONTRIBUTING.md)")
    directory: Path = tmp_path_factory.mktemp("schema")
    (directory / "main.tf").write_text(
        'terraform {\nrequired_providers {\naws = { source = "hashicorp/aws" }\n}\n}\n'
    )
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}

    def run(*arguments: str) -> bytes:
        return subprocess.run(
            [terraform, *arguments], cwd=directory, env=environment, check=True, capture_output=True
        ).stdout

    run("init", f"-plugin-dir={plugins}")
    (provider,) = json.loads(run("providers", "schema", "-json"))["provider_schemas"].values()
    whole: dict[str, Any] = provider["resource_schemas"]
    return whole | {f"data.{kind}": schema for kind, schema in provider["data_source_schemas"].items()}


def test_every_terraform_path_is_in_the_providers_schema(schemas: dict[str, Any]) -> None:
    for names in NAMES:
        for kind in names.terraform:
            for row in names.rows:
                if row.terraform and row.terraform not in NEWER.get(kind, ()):
                    data = kind.startswith("data.")
                    block, path = schemas[kind]["block"], row.terraform
                    single = SINGLE_IN_AWS.get(kind, "")
                    if single and path.startswith(single):
                        block = block["block_types"][single.removesuffix(".")]["block"]
                        path = path.removeprefix(single)
                    assert _in_schema(block, path) or data, (kind, row.terraform)


def _in_schema(block: dict[str, Any], path: str) -> bool:
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    if not rest:
        return name in block.get("attributes", {}) or name in block.get("block_types", {})
    nested = block.get("block_types", {}).get(name)
    # A block that may stand more than once is a list to go through.
    single = nested is not None and nested.get("max_items") == 1
    return nested is not None and (single or head.endswith("[]")) and _in_schema(nested["block"], rest)
