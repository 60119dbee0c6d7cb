"""Documents that differ in ARNs alone are looked at once; an ARN with a fault is taken for none without."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.catalog import Catalog
from stockade.iam.validate import Kind, validate
from stockade.iam.validate.quick import key_of
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value

HERE = Default("a test")
PARTITION, REGION, ACCOUNT = Hole("partition"), Hole("region"), Hole("account")


def _value(plain: Any) -> Value[Any]:
    if isinstance(plain, dict):
        return Known({name: _value(one) for name, one in plain.items()}, HERE)
    if isinstance(plain, list):
        return Known(tuple(map(_value, plain)), HERE)
    return plain if isinstance(plain, Unknown) else Known(plain, HERE)


def _document(resource: Any) -> Value[Any]:
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": resource}
    return _value({"Version": "2012-10-17", "Statement": [statement]})


def _made(*shape: str | Hole, attribute: str = "Arn", behind: tuple[str, ...] = ()) -> Unknown:
    ref = Ref("Logs", attribute, Text(shape))
    return Unknown("it is known only after deployment", HERE, Text((ref, *behind)))


GROUP = ("arn:", PARTITION, ":logs:", REGION, ":", ACCOUNT, ":log-group:/aws/lambda/orders:*")
NAMED = ("arn:", PARTITION, ":logs:", REGION, ":", ACCOUNT, ":log-group:", Hole("Logs.name"), ":*")
ELSEWHERE = ("arn:", PARTITION, ":lags:", REGION, ":", ACCOUNT, ":log-group:orders")
BLOCK = ("arn:", PARTITION, ":logs:", REGION, ":", ACCOUNT, ":log-grup:orders")


@pytest.mark.parametrize("attribute", ["Arn", "arn"])
def test_arns_that_aws_makes_are_alike(attribute: str) -> None:
    keys = {
        key[0]
        for shape in (GROUP, NAMED)
        if (key := key_of(_document(_made(*shape, attribute=attribute)), Kind.IDENTITY, Catalog.load()))
    }
    assert keys == {key_of(_document("arn:aws:logs:*:*:log-group:x:*"), Kind.IDENTITY, Catalog.load())[0]}  # type: ignore[index]


@pytest.mark.parametrize(
    "resource",
    [
        _made(*BLOCK),
        _made(*ELSEWHERE),
        _made(Hole("whatever")),
        _made(*GROUP, attribute="Name"),
        Unknown("nobody knows", HERE),
    ],
    ids=str,
)
def test_what_may_be_wrong_is_alike_to_nothing(resource: Unknown) -> None:
    assert validate(_document(_made(*GROUP)), Kind.IDENTITY).findings == ()
    assert key_of(_document(resource), Kind.IDENTITY, Catalog.load()) is None


def test_a_fault_is_found_after_a_document_without() -> None:
    assert validate(_document(_made(*GROUP)), Kind.IDENTITY).findings == ()
    (finding,) = validate(_document(_made(*ELSEWHERE)), Kind.IDENTITY).findings
    assert finding.code == "INVALID_SERVICE"
