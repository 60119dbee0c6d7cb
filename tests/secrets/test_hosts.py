"""Hosts of private networks in texts, and what only looks like them."""

from __future__ import annotations

import time

import pytest

from stockade.secrets.hosts import internal_hosts
from tests.patience import PATIENCE


@pytest.mark.parametrize(
    ("name", "text", "host", "vague"),
    [
        ("X", "10.0.0.5", "10.0.0.5", False),
        ("X", "172.31.255.1:5432", "172.31.255.1", False),
        ("X", "http://192.168.1.1/a", "192.168.1.1", False),
        ("X", "169.254.7.7", "169.254.7.7", False),
        ("X", "100.127.0.1", "100.127.0.1", False),
        ("X", "10.0.0.0/16", "10.0.0.0/16", True),
        ("X", "10.1.0.0", "10.1.0.0", True),
        ("X", "10.1.2.3/32", "10.1.2.3/32", False),
        ("X", "[fd12:3456::1]:80", "fd12:3456::1", False),
        ("X", "fe80::1", "fe80::1", False),
        ("DB_HOST", "db.internal", "db.internal", False),
        ("X", "https://a.b.corp/x", "a.b.corp", False),
        ("X", "users.prod.svc.cluster.local", "users.prod.svc.cluster.local", False),
        ("X", "ip-10-0-0-1.ec2.internal", "ip-10-0-0-1.ec2.internal", False),
        ("X", "postgres://u:p@db:5432/x", "db", False),
        ("X", "jdbc:postgresql://db:5432/app", "db", False),
        ("X", "http://users/api", "users", False),
        ("X", "cache:6379", "cache", False),
        ("BROKERS", "b1:19092", "b1", False),
        ("X", "Server=tcp:sql.corp,1433;Database=x", "sql.corp", False),
        ("X", "a.x.eu-west-1.rds.amazonaws.com:5432", "a.x.eu-west-1.rds.amazonaws.com", False),
        ("X", "c.x.0001.euw1.cache.amazonaws.com", "c.x.0001.euw1.cache.amazonaws.com", False),
        (
            "X",
            "b-1.m.abc.c2.kafka.eu-west-1.amazonaws.com:9092",
            "b-1.m.abc.c2.kafka.eu-west-1.amazonaws.com",
            False,
        ),
        ("X", "https://search-a-b.eu-west-1.es.amazonaws.com", "search-a-b.eu-west-1.es.amazonaws.com", True),
        ("X", "internal-a-1.eu-west-1.elb.amazonaws.com", "internal-a-1.eu-west-1.elb.amazonaws.com", False),
        ("X", "https://users.internal.example.com", "users.internal.example.com", True),
        ("X", "api.priv.example.com", "api.priv.example.com", False),
    ],
)
def test_a_private_host_is_found(name: str, text: str, host: str, vague: bool) -> None:
    found = [(one.name, one.vague) for one in internal_hosts(name, text, {"priv.example.com"})]
    assert found == [(host, vague)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("X", "1.2.3"),
        ("X", "8.8.8.8"),
        ("X", "172.32.0.1"),
        ("X", "100.128.0.1"),
        ("X", "256.1.1.1"),
        ("X", "10.0.0.5.6"),
        ("X", "1.10.0.0.5"),
        ("APP_VERSION", "10.0.0.1"),
        ("IMAGE", "redis:6379"),
        ("X", "app:1234"),
        ("X", "12:30"),
        ("X", "127.0.0.1:2000"),
        ("X", "http://localhost:3000"),
        ("X", "http://169.254.169.254/latest/meta-data"),
        ("X", "169.254.170.2"),
        ("X", "s3://bucket/key"),
        ("X", "ssm://app/db"),
        ("X", "file://etc/app.local"),
        ("X", "settings.local"),
        ("X", "com.example.internal"),
        ("X", "arn:aws:rds:eu-west-1:123456789012:db:x"),
        ("X", "https://rds.eu-west-1.amazonaws.com"),
        ("X", "events.rds.amazonaws.com"),
        ("X", "https://sqs.eu-west-1.amazonaws.com/1/q"),
        ("X", "api-1.eu-west-1.elb.amazonaws.com"),
        ("X", "postgres://u:p@host:5432/x"),
        ("X", "ops@corp.example.com"),
        ("X", "https://priv.example.org"),
        ("X", ""),
    ],
)
def test_no_private_host_is_found(name: str, text: str) -> None:
    assert list(internal_hosts(name, text, {"priv.example.com"})) == []


@pytest.mark.parametrize(
    "text", ["a." * 9_000, "10.0.0." * 4_000, "//a@" * 6_000, "fd00:" * 5_000, "=" * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    list(internal_hosts("HOST", text))
    assert time.process_time() - began < PATIENCE
