"""What a look at the environment tells, and what it lets be."""

from __future__ import annotations

import warnings

import pytest

from stockade_runtime import PlaintextSecret, check_environment

TELLING = {
    "DB_PASSWORD": "hunter2",
    "API_KEY": "k3kj4h5kj3h45kjh",
    "GITHUB_TOKEN": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "STRIPE": "sk_live_" + "a" * 24,
    "SIGNING": "-----BEGIN RSA PRIVATE KEY-----\nMII",
    "CLIENT_SECRET": "0c5f7d3a-secret",
    "secret": "abcd1234",
}
HARMLESS = {
    "DB_PASSWORD_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    "API_KEY": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
    "SECRET_NAME": "app/db",
    "TOKEN": "/app/token",
    "TOKEN_URL": "https://login.example.com/oauth2/token",
    "TOKEN_TTL": "3600",
    "PUBLIC_KEY": "-----BEGIN PUBLIC KEY-----",
    "USE_TOKEN": "true",
    "TABLE": "orders",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEJr",
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
}


@pytest.mark.parametrize("name", TELLING)
def test_a_secret_in_the_environment_is_told_of_by_name(name: str) -> None:
    with pytest.warns(UserWarning, match=name) as seen:
        assert check_environment(environ={name: TELLING[name]}) == [name]
    assert TELLING[name] not in str(seen[0].message)
    with pytest.raises(PlaintextSecret, match=name) as caught:
        check_environment(refuse=True, environ={name: TELLING[name]})
    assert TELLING[name] not in str(caught.value)


def test_what_points_at_a_secret_is_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_environment(environ=HARMLESS) == []
