"""Makes plans and states as Terraform writes them, as small as a test needs, and reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stockade.read.files import Tree
from stockade.read.plan.reader import read
from stockade.read.resource import Reading

UNKNOWN = object()
"""Stands in ``after`` for what only deployment knows."""


def split(value: Any) -> tuple[Any, Any]:
    """What a plan has as ``after`` and as ``after_unknown`` of a value."""
    if value is UNKNOWN:
        return None, True
    if isinstance(value, dict):
        pairs = {name: split(one) for name, one in value.items()}
        return (
            {name: known for name, (known, unknown) in pairs.items() if unknown is not True},
            {name: unknown for name, (_, unknown) in pairs.items() if unknown},
        )
    if isinstance(value, list):
        both = [split(one) for one in value]
        unknown = [one or False for _, one in both]
        return [known for known, _ in both], unknown if any(unknown) else False
    return value, False


def address_of(module: str, own: str, index: str | int | None) -> str:
    return (f"{module}." if module else "") + own + ("" if index is None else f"[{json.dumps(index)}]")


def change(
    own: str,
    after: Mapping[str, Any] | None,
    *,
    module: str = "",
    index: str | int | None = None,
    actions: tuple[str, ...] = ("create",),
    before: Mapping[str, Any] | None = None,
    sensitive: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One element of ``resource_changes``."""
    mode = "data" if own.startswith("data.") else "managed"
    kind, name = own.removeprefix("data.").split(".")
    known, unknown = split(dict(after)) if after is not None else (None, {})
    return {
        "address": address_of(module, own, index),
        **({"module_address": module} if module else {}),
        "mode": mode,
        "type": kind,
        "name": name,
        **({} if index is None else {"index": index}),
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": list(actions),
            "before": before,
            "after": known,
            "after_unknown": unknown or {},
            "before_sensitive": False,
            "after_sensitive": sensitive or {},
        },
        **more,
    }


def refers(*names: str) -> dict[str, Any]:
    """An expression that refers to something, with the beginnings of names that Terraform adds."""
    out: list[str] = []
    for name in names:
        out.append(name)
        steps = name.split(".")
        if steps[0] not in ("var", "local", "each", "count", "module") and len(steps) > 2:
            out.append(".".join(steps[:2]))
        if steps[0] == "module" and len(steps) > 2:
            out.append(".".join(steps[:2]))
    return {"references": out}


def declared(own: str, provider: str = "aws", **expressions: Any) -> dict[str, Any]:
    """One resource of a plan's configuration; what is no expression yet becomes a constant."""
    mode = "data" if own.startswith("data.") else "managed"
    kind, name = own.removeprefix("data.").split(".")
    written = {
        key: one if isinstance(one, list | dict) else {"constant_value": one}
        for key, one in expressions.items()
    }
    return {
        "address": own,
        "mode": mode,
        "type": kind,
        "name": name,
        "provider_config_key": provider,
        "expressions": written,
    }


def plan(
    changes: list[dict[str, Any]],
    configuration: list[dict[str, Any]] | dict[str, Any] = (),  # type: ignore[assignment]
    *,
    variables: Mapping[str, Any] | None = None,
    prior: list[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A plan; ``configuration`` are the resources of its root module, or all of the module."""
    root = configuration if isinstance(configuration, dict) else {"resources": list(configuration)}
    region = {"region": {"constant_value": "eu-west-1"}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        **({"variables": {name: {"value": one} for name, one in variables.items()}} if variables else {}),
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        **(
            {"prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": prior}}}}
            if prior
            else {}
        ),
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": region}},
            "root_module": root,
        },
        **more,
    }


def state_file(
    *instances: dict[str, Any], own: str = "aws_lambda_function.f", module: str = ""
) -> dict[str, Any]:
    """One resource of a state file."""
    kind, name = own.split(".")
    return {
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": list(instances),
        **({"module": module} if module else {}),
    }


def tfstate(*resources: dict[str, Any], version: int = 4) -> dict[str, Any]:
    """A state file."""
    return {
        "version": version,
        "terraform_version": "1.11.4",
        "serial": 3,
        "lineage": "x",
        "resources": list(resources),
    }


def reading(directory: Path, content: Any, name: str = "plan.json", indent: int | None = None) -> Reading:
    """Write a plan or state and read it; bytes and text are written as they are."""
    path = directory / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=indent))
    return read(path, Tree(directory))
