"""The classifier against labelled pairs, and the rules that pairs cannot tell."""

from __future__ import annotations

import time

import pytest

from stockade.secrets.classify import Confidence, Secret, classify, declared
from stockade.secrets.names import Role, meaning, words_of
from tests.patience import PATIENCE
from tests.secrets import corpus

PAIRS = corpus.load()


def _says(pair: corpus.Pair) -> bool:
    found = classify(pair.name, pair.value)
    return found is not None and found.confidence > Confidence.PLACEHOLDER


@pytest.mark.parametrize("held", [False, True], ids=["looked at", "held back"])
def test_precision_and_recall(held: bool) -> None:
    pairs = [pair for pair in PAIRS if pair.held is held]
    right = sum(pair.secret and _says(pair) for pair in pairs)
    wrong = [f"{pair.name}={pair.value[:60]}" for pair in pairs if not pair.secret and _says(pair)]
    missed = [f"{pair.name}={pair.value[:60]}" for pair in pairs if pair.secret and not _says(pair)]
    precision, recall = right / (right + len(wrong)), right / (right + len(missed))
    told = f"precision {precision:.3f}, recall {recall:.3f} of {len(pairs)} pairs; {wrong=} {missed=}"
    assert min(precision, recall) >= 0.97, told


def test_there_are_enough_pairs_of_both_kinds() -> None:
    secrets = sum(pair.secret for pair in PAIRS)
    assert secrets >= 300
    assert len(PAIRS) - secrets >= 300


def test_no_pair_holds_up_a_scan() -> None:
    meaning.cache_clear()
    classify.cache_clear()
    began = time.process_time()
    for pair in PAIRS:
        classify(pair.name, pair.value)
    assert time.process_time() - began < PATIENCE


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("DB_PASSWORD", ("db", "password")),
        ("dbPassword", ("db", "password")),
        ("db-password", ("db", "password")),
        ("DBPASSWORD", ("db", "password")),
        ("PGPASSWORD2", ("pg", "password")),
        ("apiKey", ("api", "key")),
        ("APIKey", ("api", "key")),
        ("APIKEY", ("api", "key")),
        ("S3_KEY", ("s3", "key")),
        ("OAuthClientSecret", ("oauth", "client", "secret")),
        ("ConnectionStrings__Default", ("connection", "strings", "default")),
        ("GITHUBTOKEN", ("github", "token")),
        ("", ()),
    ],
)
def test_names_are_read_as_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("DB_PASSWORD", Role.SECRET),
        ("DB_PASSWORD_PROD", Role.SECRET),
        ("PASSWORD_POLICY", Role.OTHER),
        ("DB_SECRET_ARN", Role.OTHER),
        ("STRIPE_KEY", Role.SUSPECT),
        ("PARTITION_KEY", Role.OTHER),
        ("MAX_TOKENS", Role.OTHER),
        ("TOKEN_TTL", Role.OTHER),
        ("PWD", Role.SUSPECT),
        ("MONKEY", Role.OTHER),
    ],
)
def test_the_noun_at_the_end_decides(name: str, role: Role) -> None:
    assert meaning(name).role is role


@pytest.mark.parametrize("text", ["hunter2", "changeme", "s3cr3t-value-9", "correct horse battery staple"])
def test_what_its_author_calls_secret_is_one(text: str) -> None:
    assert declared(text) is not None


@pytest.mark.parametrize(
    "text", ["", "true", "300", "arn:aws:s3:::b", "/app/db", "https://example.com", "${var.x}"]
)
def test_what_its_author_calls_secret_may_be_none(text: str) -> None:
    assert declared(text) is None


def test_a_label_shows_four_characters_of_a_long_secret_and_none_of_a_short_one() -> None:
    text = "password=hunter2;token=x"
    assert Secret("", Confidence.NAMED, 9, 16).label(text) == "sha256 f52fbd32"
    long = "abcdefghijkl"
    assert Secret("", Confidence.NAMED, 0, 12).label(long).startswith("abcd…, sha256 ")


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DATABASE_URL", "postgres://app:hunter2@db/app", "hunter2"),
        ("DATABASE_URL", "postgres://app:p@ss@db/app", "p@ss"),
        ("CONFIG", '{"db": {"password": "hunter2"}}', "hunter2"),
        ("PG_DSN", "host=db password='it is long' user=x", "it is long"),
        ("DB_PASSWORD", "  hunter2 ", "hunter2"),
        ("DB_PASSWORD", '"hunter2"', "hunter2"),
    ],
)
def test_the_secret_itself_is_found_within_its_text(name: str, value: str, secret: str) -> None:
    found = classify(name, value)
    assert found is not None
    assert value[found.start : found.end] == secret


@pytest.mark.parametrize("value", ["REPLACE_ME", "<password>", "xxxxxxxx", "CHANGE_ME", "your-password"])
def test_a_placeholder_is_one(value: str) -> None:
    found = classify("DB_PASSWORD", value)
    assert found is not None
    assert found.confidence is Confidence.PLACEHOLDER
