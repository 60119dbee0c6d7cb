"""What AWS's library for data frames (``awswrangler``) calls for each of its functions."""

from __future__ import annotations

from typing import Final

from stockade.code.python.rules import Rule

_FORMS: Final = ("csv", "excel", "fwf", "json", "orc", "parquet")
_HOW: Final = "what this library calls depends on how it is used"
_CATALOG: Final = "with partitions or a mode it calls more of Glue, and lists and deletes objects, too"

_READ: Final = Rule(
    (("s3", "ListObjectsV2"), ("s3", "GetObject"), ("s3", "HeadObject")),
    path_argument=(0, "path"),
    bare=True,
    folder=True,
    gives="nothing",
)
"""A path of one text is listed as a prefix before its objects are read."""
_WRITE: Final = Rule(
    (("s3", "PutObject"),),
    path_argument=(1, "path"),
    bare=True,
    folder=True,
    unfollowed=("s3", "glue"),
    reason=_CATALOG,
    with_arguments=(("database", (("glue", "GetTable"), ("glue", "CreateTable"), ("glue", "UpdateTable"))),),
    gives="nothing",
)
_QUERY: Final = (("athena", "GetWorkGroup"), ("athena", "StartQueryExecution"), ("athena", "GetQueryExecution"))
_TABLES: Final = "which tables it reads, and where the results are kept, is not followed"
_STARTED: Final = Rule(
    _QUERY[:2], (("WorkGroup", -1, "workgroup"),), unfollowed=("athena", "glue", "s3"), reason=_TABLES
)
_ATHENA: Final = Rule(
    (*_QUERY, ("athena", "GetQueryResults")),
    (("WorkGroup", -1, "workgroup"),),
    perhaps=(("glue", "GetTable"), ("glue", "DeleteTable"), ("s3", "GetObject")),
    unfollowed=("athena", "glue", "s3"),
    reason=_TABLES,
    gives="nothing",
)
"""By default a query's results are put into a table for a while, and read from where that lies."""
_ICEBERG: Final = Rule(
    (
        *_QUERY,
        *(("glue", one) for one in ("GetTable", "CreateTable", "DeleteTable")),
        *(("s3", one) for one in ("PutObject", "ListObjectsV2", "DeleteObjects")),
    ),
    (("WorkGroup", -1, "workgroup"),),
    path_argument=(3, "temp_path"),
    bare=True,
    folder=True,
    unfollowed=("athena", "glue", "s3"),
    reason=_TABLES,
    gives="nothing",
)
"""What is written goes through a table of its own that is dropped in the end."""
_ITEMS: Final = Rule(
    (("dynamodb", "DescribeTable"), ("dynamodb", "BatchWriteItem")),
    (("TableName", 1, "table_name"),),
    gives="nothing",
)
_SECRET: Final = Rule((("secretsmanager", "GetSecretValue"),), (("SecretId", 0, "name"),), gives="nothing")


def _of_catalog(*operations: str, reason: str = "") -> Rule:
    unfollowed = ("glue",) if reason else ()
    calls = tuple(("glue", one) for one in operations)
    return Rule(calls, unfollowed=unfollowed, reason=reason, gives="nothing")


def _on_path(*operations: str, at: int = 0) -> Rule:
    calls = tuple(("s3", one) for one in operations)
    return Rule(calls, path_argument=(at, "path"), bare=True, folder=True, gives="nothing")


_FUNCTIONS: Final[dict[str, Rule]] = {
    **{f"s3.read_{form}": _READ for form in _FORMS},
    **{f"s3.to_{form}": _WRITE for form in _FORMS},
    "s3.does_object_exist": _on_path("HeadObject"),
    "s3.wait_objects_exist": _on_path("HeadObject"),
    "s3.list_objects": _on_path("ListObjectsV2"),
    "s3.list_directories": _on_path("ListObjectsV2"),
    "s3.list_buckets": Rule((("s3", "ListBuckets"),), gives="nothing"),
    "s3.describe_objects": _on_path("ListObjectsV2", "HeadObject"),
    "s3.size_objects": _on_path("ListObjectsV2", "HeadObject"),
    "s3.delete_objects": _on_path("ListObjectsV2", "DeleteObjects"),
    "s3.download": _on_path("HeadObject", "GetObject"),
    "s3.upload": _on_path("PutObject", at=1),
    "athena.read_sql_query": _ATHENA,
    "athena.read_sql_table": _ATHENA,
    "athena.start_query_execution": _STARTED,
    "athena.to_iceberg": _ICEBERG,
    "dynamodb.put_df": _ITEMS,
    "dynamodb.put_items": _ITEMS,
    "dynamodb.put_json": _ITEMS,
    "dynamodb.put_csv": _ITEMS,
    "dynamodb.delete_items": _ITEMS,
    "secretsmanager.get_secret": _SECRET,
    "secretsmanager.get_secret_json": _SECRET,
    "catalog.databases": _of_catalog("GetDatabases"),
    "catalog.get_databases": _of_catalog("GetDatabases"),
    "catalog.create_database": _of_catalog(
        "GetDatabase", "CreateDatabase", reason="with another description it updates the database, too"
    ),
    "catalog.delete_database": _of_catalog("DeleteDatabase"),
    "catalog.table": _of_catalog("GetTable"),
    "catalog.does_table_exist": _of_catalog("GetTable"),
    "catalog.get_table_types": _of_catalog("GetTable"),
    "catalog.get_table_location": _of_catalog("GetTable"),
    "catalog.delete_table_if_exists": _of_catalog("DeleteTable"),
    "sts.get_account_id": Rule((("sts", "GetCallerIdentity"),), gives="nothing"),
    "sts.get_current_identity_arn": Rule((("sts", "GetCallerIdentity"),), gives="nothing"),
}


def rule(path: str) -> Rule:
    """What a function calls, by its path (``awswrangler.s3.read_csv``); all else is not followed, and told."""
    module, _, name = path.partition(".")[2].rpartition(".")
    found = _FUNCTIONS.get(f"{module}.{name}")
    if found is not None:
        return found
    services = (module,) if module in ("s3", "dynamodb", "secretsmanager", "timestream", "sqs") else ("",)
    return Rule(unfollowed=services, reason=_HOW, gives="nothing")
