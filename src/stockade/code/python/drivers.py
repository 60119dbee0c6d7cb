"""Databases by their URL: drivers of SQLAlchemy's that ask AWS, and those that speak to a server."""

from __future__ import annotations

from typing import Final

from stockade.code.python.libraries import DATA_API
from stockade.code.python.rules import Rule

ENGINES: Final = frozenset(("create_engine", "create_async_engine"))
"""Functions of ``sqlalchemy``, and of what re-exports it, whose first argument is a URL."""

_ATHENA: Final = Rule(
    tuple(("athena", one) for one in ("StartQueryExecution", "GetQueryExecution", "GetQueryResults")),
    unfollowed=("athena", "glue", "s3"),
    reason="which tables and buckets its queries read is not followed",
)
_DYNAMODB: Final = Rule(unfollowed=("dynamodb",), reason="what its queries ask for is not followed")
_ASKING: Final = {
    "auroradataapi": DATA_API,
    "pydataapi": DATA_API,
    "awsathena": _ATHENA,
    "dynamodb": _DYNAMODB,
    "pydynamodb": _DYNAMODB,
}
_SPEAKING: Final = frozenset(
    (
        "access",
        "adbc_driver_duckdb",
        "aiomysql",
        "aioodbc",
        "aiosqlite",
        "asyncmy",
        "asyncpg",
        "bigquery",
        "clickhouse",
        "clickhousedb",
        "cockroachdb",
        "crate",
        "cx_oracle",
        "cymysql",
        "databricks",
        "db2",
        "duckdb",
        "elasticsearch",
        "firebird",
        "hana",
        "ibm_db_sa",
        "kinetica",
        "mariadb",
        "mariadbconnector",
        "monetdb",
        "mssql",
        "mysql",
        "mysqlconnector",
        "mysqldb",
        "neptune",
        "oracle",
        "oracledb",
        "pg8000",
        "postgres",
        "postgresql",
        "presto",
        "psycopg",
        "psycopg2",
        "psycopg2cffi",
        "psycopg_async",
        "pymssql",
        "pymysql",
        "pyodbc",
        "pysqlcipher",
        "pysqlite",
        "redshift",
        "redshift_connector",
        "singlestoredb",
        "snowflake",
        "sqlite",
        "sybase",
        "teradatasql",
        "trino",
        "vertica",
    )
)


def of_url(scheme: str) -> Rule | None:
    """What connecting by a URL of a scheme (``mysql+auroradataapi``) calls; ``None`` where that is nothing.

    A driver that is in neither table may call anything, which the rule then says.
    """
    dialect, _, driver = scheme.lower().partition("+")
    for name in (driver, dialect):
        if name in _ASKING:
            return _ASKING[name]
    if (driver or dialect) in _SPEAKING:
        return None
    return Rule(unfollowed=("",), reason=f"what the driver `{scheme}` asks is not known")
