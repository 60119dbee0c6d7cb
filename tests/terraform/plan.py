"""The oracle: what ``terraform plan`` says of a configuration, and our values in the same plain terms.

Terraform is found through ``STOCKADE_TERRAFORM`` (the binary) and ``STOCKADE_TF_PLUGINS`` (a mirror
that holds the AWS provider); without them the tests that need it skip. A plan starts the provider,
which costs seconds: tests put as much as they can into one.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockade.value import Known, Value

TERRAFORM = os.environ.get("STOCKADE_TERRAFORM")
PLUGINS = os.environ.get("STOCKADE_TF_PLUGINS")

needs_terraform = pytest.mark.skipif(
    not (TERRAFORM and PLUGINS),
    reason="needs Terraform: set STOCKADE_TERRAFORM and STOCKADE_TF_PLUGINS (see CONTRIBUTING.md)",
)

# No credentials, no account, no network: documents, regions and partitions are read locally.
PROVIDER = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
"""


class _Unknown:
    """Stands wherever a value is not known; equal to nothing else."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Planned:
    """One managed resource as the plan has it, ``UNKNOWN`` wherever only deployment decides."""

    type: str
    attributes: Mapping[str, Any]


def terraform(directory: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run Terraform in a directory, deaf to the user's own settings; its standard output."""
    assert TERRAFORM
    clean = {"PATH": os.environ["PATH"], "HOME": str(directory), "CHECKPOINT_DISABLE": "1"}
    done = subprocess.run(
        [TERRAFORM, *arguments],
        cwd=directory,
        env={**clean, "TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"terraform {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def init(directory: Path) -> None:
    terraform(directory, "init", "-no-color", "-backend=false", f"-plugin-dir={PLUGINS}")


def plan(
    directory: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Planned]:
    """The managed resources that applying a directory would make, by address."""
    init(directory)
    terraform(directory, "plan", "-no-color", "-input=false", "-out=p.bin", *options, environment=environment)
    shown = json.loads(terraform(directory, "show", "-json", "p.bin"), parse_float=Decimal)
    return {
        change["address"]: Planned(
            change["type"],
            {
                name: _overlay(change["change"]["after"].get(name), unknown)
                for name, unknown in _with_all(change["change"]).items()
            },
        )
        for change in shown["resource_changes"]
        if change["mode"] == "managed"
    }


def _with_all(change: Mapping[str, Any]) -> dict[str, Any]:
    names = dict.fromkeys([*change["after"], *change["after_unknown"]])
    return {name: change["after_unknown"].get(name, False) for name in names}


def _overlay(known: Any, unknown: Any) -> Any:
    """A plan's known part with ``UNKNOWN`` where its ``after_unknown`` says ``true``."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(known, dict):
        return {
            name: _overlay(known.get(name), unknown.get(name, False))
            for name in dict.fromkeys([*known, *unknown])
        }
    if isinstance(unknown, list) and isinstance(known, list):
        return [
            _overlay(known[i] if i < len(known) else None, unknown[i] if i < len(unknown) else False)
            for i in range(max(len(known), len(unknown)))
        ]
    return known


def plain(value: Value[Any]) -> Any:
    """One of our values in the terms of ``json.loads``, with ``UNKNOWN`` where it is not known."""
    if not isinstance(value, Known):
        return UNKNOWN
    inner = value.value
    if isinstance(inner, str):
        return str(inner)
    if isinstance(inner, Mapping):
        return {str(name): plain(item) for name, item in inner.items()}
    if isinstance(inner, Sequence):
        return [plain(item) for item in inner]
    return inner


# Arguments that are sets to the provider: a plan lists them in its own order.
SETS = frozenset(
    {
        "alarm_actions",
        "allow_origins",
        "events",
        "inline_policy",
        "lambda_function",
        "metric_query",
        "security_group_ids",
        "subnet_ids",
    }
)


def differences(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    """Every place where a value of ours is not exactly what the plan says.

    Where the plan does not know, we must not claim to.
    """
    if theirs is UNKNOWN or ours is UNKNOWN:
        if ours is not theirs:
            yield f"{where}: {ours!r}, but the plan has {theirs!r}"
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for name in dict.fromkeys([*ours, *theirs]):
            if name not in ours or name not in theirs:
                yield f"{where}.{name}: only {'the plan' if name in theirs else 'ours'} has it"
            else:
                yield from differences(ours[name], theirs[name], f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (mine, its) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(mine, its, f"{where}[{index}]")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield f"{where}: {ours!r}, but the plan has {theirs!r}"


def argument_differences(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    """``differences`` for an argument of a provider's resource, which the provider converts.

    It adds defaults to blocks and for nulls, orders sets, turns ``"30"`` into 30 and rewrites JSON.
    Of a map with one unknown element it knows nothing at all, where we may know the rest.
    """
    name = where.rpartition(".")[2]
    if isinstance(ours, dict) and isinstance(theirs, list):
        ours = [ours]  # in the JSON syntax, only the provider's schema tells one block from a map
    if (ours is None or ours == []) and theirs is not UNKNOWN:
        return
    if theirs is UNKNOWN and _is_partly_unknown(ours):
        return
    if isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"{where}: {ours!r}, but the plan has {theirs!r}"
        elif name in SETS:
            yield from _set_differences(ours, theirs, where)
        else:
            for mine, its in zip(ours, theirs, strict=True):
                yield from _element_differences(mine, its, where)
    elif isinstance(ours, str) and ours.lstrip().startswith("{") and isinstance(theirs, str):
        yield from differences(_parsed(ours), _parsed(theirs), where)
    elif isinstance(ours, str | bool | int | Decimal) and isinstance(theirs, str | bool | int | Decimal):
        if _as_text(ours) != _as_text(theirs):
            yield f"{where}: {ours!r}, but the plan has {theirs!r}"
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        if ours.keys() != theirs.keys():
            yield f"{where}: {ours!r}, but the plan has {theirs!r}"
        for key in ours.keys() & theirs.keys():
            yield from argument_differences(ours[key], theirs[key], f"{where}.{key}")
    else:
        yield from differences(ours, theirs, where)


def _element_differences(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    """Of one element of a list: a block is held to what was written in it."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            yield from argument_differences(value, theirs.get(name), f"{where}.{name}")
    else:
        yield from argument_differences(ours, theirs, where)


def _set_differences(ours: list[Any], theirs: list[Any], where: str) -> Iterator[str]:
    left = list(theirs)
    for mine in ours:
        match = next((its for its in left if not any(_element_differences(mine, its, where))), None)
        if match is None:
            yield f"{where}: {mine!r} is not among {left!r}"
        else:
            left.remove(match)


def _is_partly_unknown(ours: Any) -> bool:
    if isinstance(ours, dict):
        return any(map(_is_partly_unknown, ours.values()))
    if isinstance(ours, list):
        return any(map(_is_partly_unknown, ours))
    return ours is UNKNOWN


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return text


def _as_text(value: str | bool | int | Decimal) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
