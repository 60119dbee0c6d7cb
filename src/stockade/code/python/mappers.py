"""Classes that stand for tables: PynamoDB's models and indexes, and Dyntastic's, which call DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.code.python.calls import Calls
from stockade.code.python.values import (
    Abstract,
    Arguments,
    Array,
    Class,
    Dict,
    External,
    Instance,
    Native,
    Opaque,
    Site,
    plain,
)
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class _Method:
    """What a method calls, and whether it gives one object of the model or several of them."""

    operations: tuple[str, ...]
    gives: str = ""


_MODEL: Final[Mapping[str, _Method]] = {
    "get": _Method(("GetItem",), "one"),
    "refresh": _Method(("GetItem",)),
    "save": _Method(("PutItem",)),
    "update": _Method(("UpdateItem",)),
    "delete": _Method(("DeleteItem",)),
    "query": _Method(("Query",), "several"),
    "scan": _Method(("Scan",), "several"),
    "rate_limited_scan": _Method(("Scan",), "several"),
    "count": _Method(("Query",)),
    "batch_get": _Method(("BatchGetItem",), "several"),
    "batch_write": _Method(("BatchWriteItem",)),
    "dump": _Method(("Scan",)),
    "dumps": _Method(("Scan",)),
    "load": _Method(("BatchWriteItem",)),
    "loads": _Method(("BatchWriteItem",)),
    "exists": _Method(("DescribeTable",)),
    "describe_table": _Method(("DescribeTable",)),
    "create_table": _Method(("DescribeTable", "CreateTable")),
    "delete_table": _Method(("DeleteTable",)),
    "update_ttl": _Method(("UpdateTimeToLive",)),
}
_INDEX: Final[Mapping[str, _Method]] = {
    name: _MODEL[name] for name in ("query", "scan", "rate_limited_scan", "count")
}
_INDEXES: Final = ("GlobalSecondaryIndex", "LocalSecondaryIndex")
_DYNTASTIC: Final[Mapping[str, _Method]] = {
    "get": _MODEL["get"],
    "safe_get": _MODEL["get"],
    "refresh": _MODEL["refresh"],
    "save": _MODEL["save"],
    "update": _Method(("UpdateItem", "GetItem")),
    "delete": _MODEL["delete"],
    "query": _MODEL["query"],
    "query_page": _Method(("Query",)),
    "scan": _MODEL["scan"],
    "scan_page": _Method(("Scan",)),
    "batch_get": _MODEL["batch_get"],
    "batch_writer": _Method(("BatchWriteItem",)),
    "create_table": _Method(("CreateTable", "DescribeTable")),
}
DYNTASTIC: Final = "dyntastic.Dyntastic"


def mapped(machine: Calls, cls: Class, name: str) -> Abstract | None:
    """A method that a class of the source inherits from such a library; ``None`` for all else."""
    above = next((one for one in machine.lineage(cls) if isinstance(one, External)), None)
    if above is None:
        return None
    last = above.path.rpartition(".")[2]
    method = None
    if above.path == DYNTASTIC:
        method = _DYNTASTIC.get(name)
    elif above.path.startswith("pynamodb."):
        method = _MODEL.get(name) if last == "Model" else _INDEX.get(name) if last in _INDEXES else None
    if method is None:
        return None
    found = method
    through = "Dyntastic" if above.path == DYNTASTIC else "PynamoDB"

    def run(site: Site, _: Arguments) -> Abstract:
        return _call(machine, site, cls, last in _INDEXES, found, through)

    return Native(("mapper", id(cls), name), run)


def _call(machine: Calls, site: Site, cls: Class, index: bool, method: _Method, through: str) -> Abstract:
    service = machine.services.service("dynamodb")
    models: list[Class | None] = [*(_models(machine, cls) if index else [cls])]
    for model in models or [None]:
        given: dict[str, Abstract] = {}
        table = _meta(machine, model, "table_name") if model is not None else None
        if through == "Dyntastic":
            table = machine.members_of(cls, "__table_name__")
        given["TableName"] = table or Opaque(site)
        name = plain(table) if table is not None else None
        given["RequestItems"] = Dict(
            site, {name: Opaque(site)} if isinstance(name, str) else {}, [(given["TableName"], Opaque(site))]
        )
        if index:
            given["IndexName"] = _meta(machine, cls, "index_name") or Opaque(site)
        for operation in method.operations if service is not None else ():
            accepted = service.operation(operation) if service is not None else None
            if service is not None and accepted is not None:
                filled = {key: one for key, one in given.items() if key in accepted.parameters}
                machine.emit(site, service, operation, filled, complete=False, through=through)
    one = models[0] if models else None
    if one is None or not method.gives:
        return Opaque(site)
    made = Instance(one, lasting=True)
    return made if method.gives == "one" else Array(site, [made], True)


def _meta(machine: Calls, cls: Class, name: str) -> Abstract | None:
    """A setting of a model or an index, which its inner class ``Meta`` holds."""
    meta = machine.members_of(cls, "Meta")
    return machine.members_of(meta, name) if isinstance(meta, Class) else None


def _models(machine: Calls, index: Class) -> list[Class]:
    """The models that have an index of this class."""
    return [
        model
        for model in machine.models
        if any(isinstance(one, Instance) and one.cls is index for one in model.members.values())
    ]
