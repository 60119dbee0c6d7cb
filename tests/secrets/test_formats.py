"""Every documented format is recognised as itself, checksums are checked, and nothing takes long."""

from __future__ import annotations

import random
import time

import pytest

from stockade.secrets.classify import Confidence, classify
from stockade.secrets.formats import FORMATS, INNER, Format, Inner, Standing, matches
from tests.patience import PATIENCE
from tests.secrets import corpus

SAMPLES = [
    (kind, template)
    for line in corpus.PAIRS.with_name("formats.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for kind, _, template in [line.partition(" = ")]
]


ALONE = {one.kind for one in INNER if one.alone}
MEGABYTE = 1_000_000


def test_every_format_has_its_sample() -> None:
    kinds = {one.kind for one in (*FORMATS, *INNER) if one.standing is not Standing.PUBLIC}
    assert {kind for kind, _ in SAMPLES} == kinds


@pytest.mark.parametrize(("kind", "template"), SAMPLES)
def test_a_key_is_told_by_its_looks_alone(kind: str, template: str) -> None:
    text = corpus.expand(template, random.Random(template))
    found = classify("SETTING", text)
    assert found is not None
    assert found.kind == kind
    assert found.confidence > Confidence.PLACEHOLDER


@pytest.mark.parametrize(("kind", "template"), SAMPLES)
def test_a_key_is_found_within_a_text_and_not_beyond_its_end(kind: str, template: str) -> None:
    text = corpus.expand(template, random.Random(template))
    around = f"use '{text}' for this"
    found = next(matches(around), None)
    if kind in ALONE:
        assert found is None
        return
    assert found is not None
    assert found.format.kind == kind
    assert around[found.start : found.end] in text


def rule_of(kind: str, text: str) -> Format | Inner:
    """The row that a sample was written for."""
    return next(one.format for one in matches(text) if one.format.kind == kind)


@pytest.mark.parametrize(("kind", "template"), SAMPLES)
def test_a_key_is_none_when_it_is_cut_short_or_has_a_sign_that_it_cannot_have(kind: str, template: str) -> None:
    text = corpus.expand(template, random.Random(template))
    rule = rule_of(kind, text)
    found = rule.pattern.search(text)
    assert found is not None
    key = found[0]
    begins = len(getattr(rule, "prefix", ""))
    least = next(size for size in range(len(key) + 1) if size == len(key) or rule.pattern.match(key[:size]))
    assert least >= begins + 10, "so short a tail is anybody's word"
    spoilt = [key[: least - 1]]
    if isinstance(rule, Format):
        spoilt += [f"{key[: begins + 4]}§{key[begins + 5 :]}", f"x{key}"]
    for one in spoilt:
        assert all(other.format is not rule for other in matches(one)), one


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in SAMPLES}))
def test_a_megabyte_made_to_hurt_a_rule_is_gone_through_once(kind: str) -> None:
    """Its beginning over and over, and its keys over and over without their last character."""
    for template in {template for named, template in SAMPLES if named == kind}:
        text = corpus.expand(template, random.Random(template))
        rule = rule_of(kind, text)
        found = rule.pattern.search(text)
        assert found is not None
        start = getattr(rule, "prefix", "") or getattr(rule, "anchor", "") or found[0][:4]
        for piece in (start, found[0][:-1]):
            hard = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
            began = time.process_time()
            rule.pattern.search(hard)
            assert time.process_time() - began < PATIENCE


def test_a_checksum_makes_sure() -> None:
    right = corpus.expand("{ghp}", random.Random(1))
    wrong = right[:-1] + ("a" if right[-1] != "a" else "b")
    found, doubted = classify("X", right), classify("X", wrong)
    assert found is not None
    assert found.confidence is Confidence.VERIFIED
    assert doubted is not None
    assert doubted.confidence is Confidence.FORMAT


def test_the_example_of_githubs_own_article_has_a_right_checksum() -> None:
    body, checksum = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"
    found = classify("X", f"ghp_{body}{checksum}")
    assert found is not None
    assert found.confidence is Confidence.VERIFIED


@pytest.mark.parametrize(
    "template",
    [
        "sk-{a62:12}",
        "pk_live_{a62:24}",
        "AKIA{A32:15}",
        "npm_config_registry",
        "xoxb-",
        "hf_model",
        "SG.foo.bar",
        "key-value-store",
        "https://hooks.slack.com/",
        "eu.west.1",
        "{a62:26}.{a62:6}.{a62:38}",
        "AC{hex:32}",
        "task-{hex:40}",
        "{hex:40}",
        "{b64:40}",
    ],
)
def test_what_only_begins_like_a_key_is_none(template: str) -> None:
    assert classify("SETTING", corpus.expand(template, random.Random(template))) is None


@pytest.mark.parametrize(
    "text",
    [
        "://a:" * 6_000,
        "postgres://" + "a:" * 15_000 + "@",
        "xoxb-" * 6_000,
        "eyJ" * 10_000,
        "eyJ" + "a" * 9_000 + ".eyJ" + "a" * 9_000,
        "password=" * 3_000,
        "-----BEGIN " * 3_000 + "PRIVATE KEY-----",
        "LS0tLS1CRUdJTi" * 2_000,
        "[" * 30_000,
        '{"a":' * 6_000,
        "x" * 30_000,
        "a/" * 15_000,
        "1.2.3.4/" * 4_000,
        "<" * 30_000,
        "${" * 15_000,
        "sk-" * 10_000,
        "AAAA" * 8_000,
        "{{" * 16_000,
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("name", ["API_KEY", "SETTING"])
def test_no_text_takes_long(name: str, text: str) -> None:
    classify.cache_clear()
    began = time.process_time()
    classify(name, text)
    assert time.process_time() - began < PATIENCE
