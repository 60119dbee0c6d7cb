"""Secrets are found in files of every kind, and source that only speaks of them is left alone."""

from __future__ import annotations

import random

import pytest

from stockade.secrets.classify import Confidence
from stockade.secrets.search import secrets_in
from tests.secrets import corpus
from tests.secrets.test_formats import SAMPLES

FOUND = [
    'DB_PASSWORD = "c0rrect-h0rse!staple"',
    "db_password: str = 'c0rrect-h0rse!staple'",
    'const apiKey = "9f8b7c6d5e4f3a2b1c0d";',
    'const token = process.env.API_TOKEN || "9f8b7c6d5e4f3a2b1c0d"',
    'client.connect({host: "db", password: "x9$kLm2-qP"})',
    '{"clientSecret": "9f8b7c6d5e4f3a2b1c0d"}',
    'os.environ.get("API_TOKEN", "t0k3n-9f8e7d6c5b4a")',
    'private static final String SECRET_KEY = "9f8b7c6d5e4f3a2b1c0d";',
    'apiKey := "9f8b7c6d5e4f3a2b1c0d"',
    'dsn = "postgres://app:x9kLm2-qP@db.internal/orders"',
    'url = "https://api.example.com/go?auth-token=bwck0ZXLox0l5UCsjE3iQN3iBJNAu9ZWh"',
    "headers = {'x-api-key': '9f8b7c6d5e4f3a2b1c0d'}",
    'redis_url = "rediss://:9f8b7c6d5e4f@cache.internal:6379"',
    'webhook = "https://hooks.slack.com/services/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"',
]
SILENT = [
    'password = os.environ["DB_PASSWORD"]',
    'PASSWORD_FIELD = "password"',
    'token_type = "Bearer"',
    'secret_name = "prod/orders/db-1"',
    'API_KEY_HEADER = "x-api-key"',
    'password = "changeme123"',
    'token = "test-token-123"',
    'secret = "your-secret-1-here"',
    'key = f"users/{user}/token1"',
    'api_key = "{{resolve:secretsmanager:db1}}"',
    'SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"',
    'client_token = "1a2b3c4d-5e6f-7a8b-9c0d-1a2b3c4d5e6f"',
    'Referer: "https://api.example.com/go?task-token=AAAAKgAAAAIAbwck0ZXLox0l5UCsjE3iQN3iBJNAu9ZWh"',
    'next: "https://api.example.com/list?pageToken=CAUQAAKgIbwck0ZXLox0l5UCsjE3iQN3iBJNAu9ZWh"',
    'token_colour = "#dcdccc"',
    '"AWS::ApiGateway::ApiKey": "b899a0d240b53d9d"',
    'encoding_key = "utf-8"',
    'dsn = "postgres://postgres:postgres1@localhost:5432/db"',
    'dsn = "postgres://user:pass1word@example.com/db"',
    'url = "https://${USER}:${PASSWORD}@db.internal/"',
    "password_hash = hash(password)",
    'message = "the password must have 8 letters and 1 digit"',
    'pk = "pk_live_4eC39HqLyjWDarjtT1zdp7dc"',
    'key_id = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0R1"',
    'data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAKIAQ4N5WXZ2MTAyQkFTRTY0REFUQUhFUkU1234567890abcdefghij"',
]


@pytest.mark.parametrize("text", FOUND)
def test_a_secret_is_found_where_it_stands(text: str) -> None:
    (found,) = secrets_in(f"# before\n{text}\n# after\n".encode())
    inside = f"# before\n{text}\n# after\n"[found.start : found.end]
    assert inside in text
    assert not set("\"'\n") & set(inside)
    assert found.confidence >= Confidence.NAMED
    assert inside not in found.label


@pytest.mark.parametrize("text", SILENT)
def test_what_only_speaks_of_secrets_is_silent(text: str) -> None:
    assert secrets_in(f"# before\n{text}\n# after\n".encode()) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DB_PASSWORD=correcthorse", 1),
        ("export API_TOKEN=9f8b7c6d5e4f3a2b1c0d # ours", 1),
        ("db.password: correcthorse", 1),
        ("//packages.example.com/:_authToken=npm-9f8b7c6d5e4f3a2b", 1),
        ("DB_PASSWORD=${DB_PASSWORD}", 0),
        ("DB_PASSWORD=", 0),
        ("LOG_LEVEL=debug", 0),
        ("SECRET_NAME=prod/orders/db", 0),
    ],
)
def test_settings_need_no_quotes(text: str, found: int) -> None:
    assert len(secrets_in(text.encode(), unquoted=True)) == found
    elsewhere = bool(found) and text.startswith("export ")  # in a shell's script and wherever it is quoted
    assert bool(secrets_in(text.encode())) is elsewhere


def test_one_finding_for_one_secret_and_one_for_each() -> None:
    text = b'stripe_secret = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\nother_secret = "9f8b7c6d5e4f3a2b1c0d"\n'
    first, second = secrets_in(text)
    assert (first.kind, second.name) == ("a Stripe live secret key", "other_secret")


def test_a_private_key_is_one_by_its_structure() -> None:
    body = "MHcCAQEEIObBKg+HXCjlsp7g2ATkHG5vRMFVzCzdzuHWGCvbjZGHoAoGCCqGSM49\n"
    begin, end = (f"-----{word} EC PRIVATE KEY-----" for word in ("BEGIN", "END"))
    (found,) = secrets_in(f"{begin}\n{body}{end}\n".encode())
    assert (found.kind, found.confidence) == ("an EC private key", Confidence.VERIFIED)
    assert secrets_in(f"{begin}\nnot a key at all, only words about keys\n{end}\n".encode()) == ()
    assert secrets_in(f'if "{begin}" in text: ...\n'.encode()) == ()


LOOSE = {"an Entra ID client secret"}


@pytest.mark.parametrize(("kind", "template"), SAMPLES)
def test_every_documented_format_is_found_in_source_by_itself_or_by_a_name(kind: str, template: str) -> None:
    text = corpus.expand(template, random.Random(template))
    found = secrets_in(f'the_api_secret_key = "{text}"\n'.encode())
    if " hash of " in kind or "presigned" in kind:
        return  # a hash is no secret in source, and a signature has run out by the time anybody reads it
    assert found or kind in LOOSE
    assert all(one.confidence > Confidence.PLACEHOLDER for one in found)


MEGABYTE = 1_000_000
HARD = [
    "a",
    '"',
    "password=",
    'password="',
    'password = "a',
    "://a:",
    "://a:b@",
    "-----BEGIN PRIVATE KEY-----",
    "PRIVATE KEY",
    "token:token:",
    "secret ",
    "_key-",
    "eyJ",
    "A1b2",
    "curl -u a:",
    '<add key="token" value="',
    "<password>",
    "name: token\n",
    'auth=("a", "',
    "host=a password=",
    "?key=a",
    "machine a login b password ",
    "jwt.sign(a, 'b",
    "createHmac('a', 'b",
    "session({secret: 'a",
    "Authorization: Bearer a",
    "${PASSWORD:-a",
    "mysql -p a",
    'getConnection("a", "b", "c',
    "server=a;uid=b;",
    "'--token', default='",
    "'a-api-key: b",
    "CryptoJS.AES.encrypt(a, ",
    "jwt.Parse return []byte(",
]


@pytest.mark.parametrize("group", range(4))
def test_a_megabyte_of_anything_comes_to_its_end(group: int) -> None:
    """What tried every way would not end within a day: every beginning of what is looked for, over and over."""
    pieces = HARD[group::4]
    share = MEGABYTE // len(pieces)
    data = "\n".join((piece * (share // len(piece) + 1))[:share] for piece in pieces)
    assert len(secrets_in(data.encode("utf-8"))) <= 200
