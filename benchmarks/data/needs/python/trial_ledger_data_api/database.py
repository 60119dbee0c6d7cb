"""Transactions as contexts."""
import os
from contextlib import contextmanager

import boto3


class NotBooked(Exception):
    """Rolls back."""


def _parameters(values):
    return [{"name": name, "value": {"stringValue": value}} for name, value in values.items()]


class _Work:
    def __init__(self, ask, transaction):
        self._ask, self._transaction = ask, transaction

    def one(self, sql, **values):
        answer = self._ask("execute_statement", sql=sql, parameters=_parameters(values), transactionId=self._transaction)
        rows = answer.get("records") or [[{"stringValue": None}]]
        return next(iter(rows[0][0].values()))

    def many(self, sql, sets):
        return self._ask(
            "batch_execute_statement", sql=sql, parameterSets=list(map(_parameters, sets)),
            transactionId=self._transaction,
        )


class Database:
    def __init__(self, client, where):
        self._client, self._where = client, where

    @classmethod
    def connect(cls):
        where = {"resourceArn": os.environ["CLUSTER_ARN"], "secretArn": os.environ["LOGIN_SECRET_ARN"]}
        return cls(boto3.client("rds-data"), where)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()
        return kind is NotBooked

    def close(self):
        """Connections are the cluster's; nothing to do, and no client's `close`."""

    def _ask(self, name, **arguments):
        return getattr(self._client, name)(**self._where, **arguments)

    @contextmanager
    def transaction(self):
        begun = self._client.begin_transaction(**self._where)["transactionId"]
        short = {name: value for name, value in self._where.items()}
        try:
            yield _Work(self._ask, begun)
        except BaseException:
            self._client.rollback_transaction(transactionId=begun, **short)
            raise
        self._client.commit_transaction(transactionId=begun, **short)
