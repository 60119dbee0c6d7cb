"""The index of services: held against the classes that boto3 itself makes."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from stockade.code.services import Services

SERVICES = Services.load()
SESSION = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-west-1")


@pytest.mark.parametrize("name", ["sqs", "dynamodb", "stepfunctions", "events"])
def test_methods_are_those_of_the_client(name: str) -> None:
    client = SESSION.client(name)
    service = SERVICES.service(name)
    assert service is not None
    mapping = dict(client.meta.method_to_api_mapping)
    ours = {method: found.name for method in mapping if (found := service.by_method(method))}
    assert ours == {method: operation for method, operation in mapping.items() if service.operation(operation)}
    assert len(ours) > 0.9 * len(mapping)
    for method in ours:
        operation = service.by_method(method)
        assert operation is not None
        assert operation.paginated == client.can_paginate(method)
    assert all(service.waiter(waiter) for waiter in client.waiter_names)
    assert service.class_name == type(client).__name__


def _objects(resource: Any) -> set[str]:
    return {name for name in dir(resource) if not name.startswith("_")} - {"meta", "get_available_subresources"}


@pytest.mark.parametrize("name", ["sqs", "dynamodb", "s3", "sns"])
def test_a_service_resource_has_what_boto3_gives_it(name: str) -> None:
    service = SERVICES.service(name)
    assert service is not None
    own = service.resource()
    assert own is not None
    for member in _objects(SESSION.resource(name)):
        known = own.action(member) or own.below(member) or own.collection(member)
        assert known or (name, member) == ("s3", "upload_fileobj"), member


def test_a_resource_object_has_what_boto3_gives_it() -> None:
    service = SERVICES.service("dynamodb")
    assert service is not None
    table = service.resource("Table")
    assert table is not None
    names = dict(table.identifiers)
    for member in _objects(SESSION.resource("dynamodb").Table("t")) - {"load", "reload", "batch_writer"}:
        assert table.action(member) or member in table.attributes or member in names or table.waiter(member), (
            member
        )
    put = table.action("put_item")
    assert put is not None and put[0] is not None
    assert (put[0].operation, put[0].filled) == ("PutItem", (("TableName", "identifier", "name"),))
    assert table.load is not None and table.load.operation == "DescribeTable"


def test_packages_of_other_sdks_lead_to_the_service() -> None:
    found = SERVICES.of_javascript("@aws-sdk/client-cognito-identity-provider")
    assert found is not None and found.name == "cognito-idp"
    assert SERVICES.of_package("sfn") is SERVICES.service("stepfunctions")
    assert SERVICES.of_javascript("@aws-sdk/client-none") is None
    assert SERVICES.of_class("EventBridge") is SERVICES.service("events")


def test_parameters_are_named_as_deep_as_resources_are() -> None:
    service = SERVICES.service("dynamodb")
    assert service is not None
    operation = service.operation("TransactWriteItems")
    assert operation is not None
    assert "TableName" in operation.parameters["TransactItems"]["Put"]
    assert service.by_any_case("transactwriteitems") is operation
