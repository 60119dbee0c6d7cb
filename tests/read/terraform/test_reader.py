"""A root module read whole: modules, instances, variables, overrides, places, gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.value import Known, Ref, Unknown, structure
from tests.read.terraform.project import addresses, at, calls, known, place, reading, unknown


def test_a_value_keeps_the_place_of_the_literal_that_decides_it(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        locals {
          functions = {
            a = { mode = "Active" }
            b = { mode = "PassThrough" }
          }
        }
        module "fn" {
          source   = "./modules/outer"
          for_each = { for k, f in local.functions : k => merge({ memory = 128 }, f) }
          settings = each.value
        }
        --- modules/outer/main.tf
        variable "settings" { type = object({ mode = string, memory = number }) }
        module "inner" {
          source = "../inner"
          mode   = var.settings.mode
        }
        --- modules/inner/main.tf
        variable "mode" {}
        resource "aws_lambda_function" "this" {
          dynamic "tracing_config" {
            for_each = [var.mode]
            content {
              mode = tracing_config.value
            }
          }
        }
        """,
    )
    function = at(found, 'module.fn["b"].module.inner.aws_lambda_function.this')
    blocks = function.attributes["tracing_config"]
    assert isinstance(blocks, Known)
    mode = blocks.value[0].value["mode"]
    assert known(mode) == "PassThrough"
    assert place(mode) == "main.tf:4"
    assert calls(mode) == []
    assert place(function.attributes["tracing_config"]) == "modules/inner/main.tf:3"
    assert calls(function.attributes["tracing_config"]) == ["main.tf:7", "modules/outer/main.tf:2"]


def test_a_reference_is_unknown_with_a_shape(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        provider "aws" {
          region = "eu-west-1"
        }
        data "aws_caller_identity" "me" {}
        data "aws_partition" "here" {}
        resource "aws_dynamodb_table" "t" {
          name = "orders"
        }
        resource "x_y" "z" {
          arn  = aws_dynamodb_table.t.arn
          name = aws_dynamodb_table.t.name
          text = "${aws_dynamodb_table.t.arn}/index/*"
          mine = "arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.me.account_id}:root"
        }
        """,
    )
    z = at(found, "x_y.z").attributes
    arn = unknown(z["arn"])
    assert arn.ref == Ref("aws_dynamodb_table.t", "arn")
    assert arn.text is not None
    assert "".join(map(str, arn.text.shape())) == "arn:aws:dynamodb:eu-west-1:${account}:table/orders"
    assert arn.reason == "`aws_dynamodb_table.t.arn` is known only after deployment"
    name = z["name"]
    assert isinstance(name, Known)
    assert (name.value, name.ref) == ("orders", Ref("aws_dynamodb_table.t", "name"))
    text = unknown(z["text"]).text
    assert text is not None
    assert text.parts == (Ref("aws_dynamodb_table.t", "arn"), "/index/*")
    assert str(unknown(z["mine"]).text) == "arn:aws:iam::${account}:root"


def test_unknown_count_and_for_each_make_one_representative_that_may_not_be(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        variable "many" {}
        variable "names" {}
        resource "a_b" "counted" {
          count = var.many ? 2 : 0
          name  = "n-${count.index}"
        }
        resource "a_b" "each" {
          for_each = toset(var.names)
          name     = each.key
        }
        resource "a_b" "user" {
          first = a_b.counted[0].name
          all   = a_b.counted[*].name
        }
        module "m" {
          source   = "./m"
          for_each = var.names
        }
        --- m/main.tf
        resource "a_b" "inside" {
          fixed = "yes"
        }
        """,
    )
    assert addresses(found) == [
        "a_b.counted[?]",
        "a_b.each[?]",
        "a_b.user",
        "module.m[?].a_b.inside",
    ]
    doubt = at(found, "a_b.counted[?]").doubt
    assert doubt is not None
    assert doubt.reason == "variable `many` has no default and was not given"
    assert at(found, "module.m[?].a_b.inside").doubt is not None
    assert known(at(found, "module.m[?].a_b.inside").attributes["fixed"]) == "yes"
    assert at(found, "a_b.user").doubt is None
    assert unknown(at(found, "a_b.user").attributes["all"]).reason == doubt.reason


def test_known_counts_and_keys_make_addresses_as_terraform_writes_them(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        resource "a_b" "none" {
          count = 0
        }
        resource "a_b" "two" {
          count = 2
          n     = count.index
        }
        resource "a_b" "keyed" {
          for_each = { "with \\"quote\\"" = 1, b = 2 }
          k        = each.key
          v        = each.value
        }
        resource "a_b" "set" {
          for_each = toset(["x", "y", "x"])
          k        = each.value
        }
        """,
    )
    assert addresses(found) == [
        "a_b.two[0]",
        "a_b.two[1]",
        'a_b.keyed["b"]',
        'a_b.keyed["with \\"quote\\""]',
        'a_b.set["x"]',
        'a_b.set["y"]',
    ]
    assert known(at(found, "a_b.two[1]").attributes["n"]) == 1


def test_variables_come_from_where_terraform_takes_them(tmp_path: Path) -> None:
    (tmp_path / "extra.tfvars").write_text('file = "from the named file"\n')
    found = reading(
        tmp_path,
        """\
        variable "unset" { default = "default" }
        variable "environment" { default = "default" }
        variable "tfvars" { default = "default" }
        variable "auto" { default = "default" }
        variable "json" { default = "default" }
        variable "file" { default = "default" }
        variable "given" { default = "default" }
        variable "list" { type = list(string) }
        variable "number" { type = number }
        variable "all" { default = "default" }
        resource "x_y" "z" {
          values = [var.unset, var.environment, var.tfvars, var.auto, var.json, var.file, var.given]
          list   = var.list
          number = var.number
          all    = var.all
        }
        --- terraform.tfvars
        tfvars = "tfvars"
        auto   = "tfvars"
        all    = "tfvars"
        --- a.auto.tfvars
        auto = "auto"
        all  = "auto"
        --- b.auto.tfvars.json
        { "json": "json", "all": "json" }
        """,
        environment={"TF_VAR_environment": "environment", "TF_VAR_tfvars": "environment", "TF_VAR_all": "x"},
        files=[tmp_path / "extra.tfvars"],
        variables={"given": "given", "list": '["a", "b"]', "number": "3", "all": "given"},
    )
    z = at(found, "x_y.z").attributes
    assert known(z["values"]) == [
        "default",
        "environment",
        "tfvars",
        "auto",
        "json",
        "from the named file",
        "given",
    ]
    assert known(z["list"]) == ["a", "b"]
    assert known(z["number"]) == 3
    assert known(z["all"]) == "given"
    values = z["values"]
    assert isinstance(values, Known)
    assert [place(one) for one in values.value][2:5] == [
        "terraform.tfvars:1",
        "a.auto.tfvars:1",
        "b.auto.tfvars.json:1",
    ]


def test_a_variable_nobody_set_is_unknown_by_name(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        variable "stage" { type = string }
        variable "limit" {
          type     = number
          nullable = false
          default  = 5
        }
        module "m" {
          source = "./m"
          limit  = null
        }
        resource "x_y" "z" {
          name = "svc-${var.stage}"
        }
        --- m/main.tf
        variable "limit" {
          type     = number
          nullable = false
          default  = 5
        }
        variable "missing" {}
        resource "x_y" "z" {
          limit   = var.limit
          missing = var.missing
        }
        """,
    )
    name = unknown(at(found, "x_y.z").attributes["name"])
    assert name.reason == "variable `stage` has no default and was not given"
    assert str(name.text) == "svc-${var.stage}"
    assert known(at(found, "module.m.x_y.z").attributes["limit"]) == 5
    missing = unknown(at(found, "module.m.x_y.z").attributes["missing"])
    assert missing.reason == "variable `missing` of `module.m` has no default and its call does not give it"


def test_a_default_in_a_type_keeps_its_place(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        variable "settings" {
          type = object({
            mode = optional(string, "PassThrough")
          })
          default = {}
        }
        resource "x_y" "z" {
          mode = var.settings.mode
        }
        """,
    )
    mode = at(found, "x_y.z").attributes["mode"]
    assert (known(mode), place(mode)) == ("PassThrough", "main.tf:3")


def test_override_files_replace_attributes_and_blocks(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        locals {
          mode = "PassThrough"
        }
        resource "aws_lambda_function" "f" {
          runtime = "python3.8"
          handler = "h"
          tracing_config {
            mode = local.mode
          }
        }
        --- zz_override.tf
        locals {
          mode = "Active"
        }
        resource "aws_lambda_function" "f" {
          runtime = "python3.13"
          environment {
            variables = { A = "1" }
          }
        }
        resource "aws_lambda_function" "absent" {
          runtime = "x"
        }
        """,
    )
    f = at(found, "aws_lambda_function.f").attributes
    assert known(f["runtime"]) == "python3.13"
    assert place(f["runtime"]) == "zz_override.tf:5"
    assert known(f["handler"]) == "h"
    assert known(f["tracing_config"]) == [{"mode": "Active"}]
    assert known(f["environment"]) == [{"variables": {"A": "1"}}]
    assert [gap.reason for gap in found.gaps] == ["it overrides nothing that is declared"]


def test_json_syntax_reads_as_the_native_one(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(
        json.dumps(
            {
                "locals": {"mode": "Active"},
                "resource": {
                    "aws_lambda_function": {
                        "f": {
                            "count": 1,
                            "function_name": "svc-${local.mode}",
                            "tracing_config": {"mode": "${local.mode}"},
                        }
                    }
                },
            },
            indent=2,
        )
    )
    found = reading(tmp_path)
    f = at(found, "aws_lambda_function.f[0]").attributes
    assert known(f["function_name"]) == "svc-Active"
    tracing = f["tracing_config"]
    assert isinstance(tracing, Known)
    assert known(tracing) == {"mode": "Active"}
    assert place(tracing.value["mode"]) == "main.tf.json:3"


def test_cycles_say_their_path(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        locals {
          a = local.b
          b = "${local.c}!"
          c = local.a
        }
        resource "x_y" "z" {
          a    = local.a
          self = x_y.z.self
        }
        resource "x_y" "loop" {
          count = length(x_y.loop)
        }
        """,
    )
    z = at(found, "x_y.z").attributes
    assert "local.a -> local.b -> local.c -> local.a" in unknown(z["a"]).reason
    assert "refers to itself" in unknown(z["self"]).reason
    assert "decides how many of itself there are" in unknown_count(found.resources[-1].doubt).reason


def unknown_count(doubt: Unknown | None) -> Unknown:
    assert doubt is not None
    return doubt


def test_what_is_missing_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        resource "a_b" "before" {
          x = 1
        }
        resource "a_b" "broken" {
          x = = 2
        }
        resource "a_b" "after" {
          x = 3
        }
        module "registry" {
          source = "somebody/lambda/aws"
        }
        module "nowhere" {
          source = "./nowhere"
        }
        resource "a_b" "user" {
          arn = module.registry.lambda_function_arn
        }
        """,
    )
    assert {"a_b.before", "a_b.after", "a_b.user"} <= set(addresses(found))
    gaps = {gap.what: gap for gap in found.gaps}
    assert gaps["`module.registry` was not read"].reason == ("module `somebody/lambda/aws` is not downloaded")
    assert "terraform get" in (gaps["`module.registry` was not read"].help or "")
    assert "there is no Terraform configuration in `./nowhere`" in gaps["`module.nowhere` was not read"].reason
    broken = gaps["a part of `main.tf` was not read"]
    assert place(Known(None, broken.origin)) == "main.tf:5"
    arn = unknown(at(found, "a_b.user").attributes["arn"])
    assert arn.ref == Ref("module.registry", "lambda_function_arn")
    assert "is not downloaded" in arn.reason


def test_downloaded_modules_are_read(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        module "fn" {
          source = "somebody/lambda/aws"
          name   = "x"
        }
        --- .terraform/modules/modules.json
        {"Modules": [{"Key": "", "Source": "", "Dir": "."},
                     {"Key": "fn", "Source": "somebody/lambda/aws", "Dir": ".terraform/modules/fn"},
                     {"Key": "fn.inner", "Source": "./inner", "Dir": ".terraform/modules/fn/inner"}]}
        --- .terraform/modules/fn/main.tf
        variable "name" {}
        module "inner" {
          source = "./inner"
          name   = var.name
        }
        --- .terraform/modules/fn/inner/main.tf
        variable "name" {}
        resource "aws_lambda_function" "this" {
          function_name = var.name
        }
        """,
    )
    assert not found.gaps
    assert (
        known(at(found, "module.fn.module.inner.aws_lambda_function.this").attributes["function_name"]) == "x"
    )


def test_policy_documents_keep_structure_and_places(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        variable "unknown" {}
        data "aws_iam_policy_document" "base" {
          statement {
            sid     = "Shared"
            actions = ["s3:GetObject"]
            resources = ["arn:aws:s3:::a/*"]
          }
        }
        data "aws_iam_policy_document" "all" {
          source_policy_documents = [data.aws_iam_policy_document.base.json]
          statement {
            sid       = "Shared"
            actions   = ["dynamodb:*", "dynamodb:Query"]
            resources = [var.unknown]
          }
          dynamic "statement" {
            for_each = var.unknown
            content {
              actions = [statement.value]
            }
          }
        }
        resource "x_y" "z" {
          policy = data.aws_iam_policy_document.all.json
        }
        """,
    )
    policy = at(found, "x_y.z").attributes["policy"]
    assert isinstance(policy, Unknown)
    tree = structure(policy)
    assert isinstance(tree, Known)
    statements = tree.value["Statement"].value
    assert len(statements) == 2
    assert known(statements[0].value["Action"]) == ["dynamodb:Query", "dynamodb:*"]
    assert place(statements[0].value["Action"].value[1]) == "main.tf:13"
    assert isinstance(statements[0].value["Resource"], Unknown)
    assert isinstance(statements[1], Unknown)


def test_region_of_the_provider_reaches_modules(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """\
        variable "west" { default = "us-west-2" }
        provider "aws" {
          region = "eu-central-1"
        }
        provider "aws" {
          alias  = "west"
          region = var.west
        }
        module "plain" {
          source = "./m"
        }
        module "west" {
          source = "./m"
          providers = { aws = aws.west }
        }
        resource "a_b" "aliased" {
          provider = aws.west
        }
        --- m/main.tf
        data "aws_region" "here" {}
        resource "aws_sqs_queue" "q" {
          name = "q-${data.aws_region.here.name}"
        }
        """,
    )
    assert known(at(found, "module.plain.aws_sqs_queue.q").attributes["name"]) == "q-eu-central-1"
    assert known(at(found, "module.west.aws_sqs_queue.q").attributes["name"]) == "q-us-west-2"
    region = at(found, "a_b.aliased").region
    assert region is not None
    assert known(region) == "us-west-2"


def test_the_workspace_is_unknown_unless_it_is_selected(tmp_path: Path) -> None:
    text = """\
        resource "a_b" "prod_only" {
          count = terraform.workspace == "prod" ? 1 : 0
        }
        """
    assert addresses(reading(tmp_path, text)) == ["a_b.prod_only[?]"]
    assert addresses(reading(tmp_path, text, environment={"TF_WORKSPACE": "prod"})) == ["a_b.prod_only[0]"]
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "environment").write_text("dev")
    assert addresses(reading(tmp_path, text)) == []


def test_ephemeral_resources_are_never_known(tmp_path: Path) -> None:
    found = reading(tmp_path, 'resource "x_y" "z" {\n  a = ephemeral.random_password.p.result\n}\n')
    assert "ephemeral" in unknown(at(found, "x_y.z").attributes["a"]).reason


def test_a_named_variable_file_that_is_not_there_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.tfvars"):
        reading(tmp_path, 'resource "a_b" "c" {}', files=[tmp_path / "absent.tfvars"])


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    text = """\
        variable "x" {}
        resource "a_b" "c" {
          for_each = toset(["b", "a"])
          n        = "${each.key}-${var.x}"
        }
        --- z.tf
        resource "a_b" "d" {
          m = [for k, v in { b = 1, a = 2 } : "${k}${v}"]
        }
        """
    first, second = reading(tmp_path, text), reading(tmp_path)
    assert addresses(first) == addresses(second)
    for one, two in zip(first.resources, second.resources, strict=True):
        assert repr(dict(one.attributes)) == repr(dict(two.attributes))
