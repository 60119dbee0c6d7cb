"""``guregu/dynamo``, a library for tables in Go: what its chains of calls give, and what ends one."""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex

_LIBRARY: Final = lazy_regex(r"github\.com/guregu/dynamo(/v\d+)?")
_BEGUN: Final = {
    "DB": ("Table", "CreateTable", "ListTables", "WriteTx", "GetTx"),
    "Table": (
        *("Get", "Put", "Update", "Delete", "Scan", "Batch", "Check"),
        *("Describe", "DeleteTable", "DescribeTTL", "UpdateTTL", "UpdateTable"),
    ),
    "Batch": ("Get", "Write"),
}
"""What begins a chain, by what it is called on; what else is called in one changes it and gives it back."""

_ENDED: Final = {
    "Table.Get": "Query",
    "Table.Put": "PutItem",
    "Table.Update": "UpdateItem",
    "Table.Delete": "DeleteItem",
    "Table.Scan": "Scan",
    "Table.Describe": "DescribeTable",
    "Table.DeleteTable": "DeleteTable",
    "Table.DescribeTTL": "DescribeTimeToLive",
    "Table.UpdateTTL": "UpdateTimeToLive",
    "Table.UpdateTable": "UpdateTable",
    "Batch.Get": "BatchGetItem",
    "Batch.Write": "BatchWriteItem",
    "DB.CreateTable": "CreateTable",
    "DB.ListTables": "ListTables",
}
_DECLARED: Final = {
    "Query": "Table.Get",
    "Put": "Table.Put",
    "Update": "Table.Update",
    "Delete": "Table.Delete",
    "Scan": "Table.Scan",
    "BatchGet": "Batch.Get",
    "BatchWrite": "Batch.Write",
    "CreateTable": "DB.CreateTable",
    "DescribeTable": "Table.Describe",
    "DeleteTable": "Table.DeleteTable",
    "Batch": "Table.Batch",
    "WriteTx": "DB.WriteTx",
    "GetTx": "DB.GetTx",
}
"""The types of chains as programs declare them."""

_TRANSACTED: Final = {
    "DB.WriteTx": {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"},
    "DB.GetTx": {"Get": "GetItem", "GetOne": "GetItem"},
}
OF_SEVERAL: Final = frozenset(("BatchGetItem", "BatchWriteItem", "ListTables"))
"""Operations that are not asked with the name of one table."""

_ENDS: Final = lazy_regex(
    r"(Run|Wait|One|All|AllParallel|Iter|IterParallel|Count|Value|OldValue|CurrentValue|OnlyUpdated(Old)?Value)"
    r"(WithLastEvaluatedKeys?)?(WithContext)?"
)
_ASKS: Final = frozenset(("Index", "Filter", "Order", "Limit", "SearchLimit", "StartFrom"))


def is_library(path: str) -> bool:
    """Whether a package is this library."""
    return _LIBRARY.fullmatch(path) is not None


def given(kind: str, name: str) -> str:
    """What a method gives: a table, a chain by how it began (``Table.Get``), or the same chain."""
    kind = _DECLARED.get(kind, kind)
    if kind == "DB" and name == "Table":
        return "Table"
    if name in _BEGUN.get(kind.rpartition(".")[2] if kind.endswith(".Batch") else kind, ()):
        return f"{kind.rpartition('.')[2]}.{name}"
    return kind


def operations(kind: str, name: str, chain: dict[str, str], *, whole: bool) -> tuple[str, ...]:
    """The operations that a method of a chain calls.

    ``chain`` has the calls of it with what they are given, as far as they are one expression (``whole``).
    One item is got where its whole key is said, and asked for else.
    """
    kind = _DECLARED.get(kind, kind)
    if kind in _TRANSACTED:
        found = _TRANSACTED[kind].get(name)
        return (found,) if found is not None else ()
    if kind not in _ENDED or not _ENDS.fullmatch(name):
        return ()
    if kind == "Table.Get" and name.startswith("One"):
        if not whole:
            return ("GetItem", "Query")
        by_key = "Range" not in chain or "Equal" in chain["Range"]
        return ("GetItem",) if by_key and not _ASKS & set(chain) else ("Query",)
    if kind == "DB.CreateTable" and name.startswith("Wait"):
        return ("CreateTable", "DescribeTable")
    return (_ENDED[kind],)
