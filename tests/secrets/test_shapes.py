"""What is looked for before a pattern is asked keeps nothing from it: each of its ways has one text here."""

from __future__ import annotations

import pytest

from stockade.secrets import shapes

REFERENCES = (
    "{{resolve}}", "${x}", "$(x)", "$NAME", "$a.b", "%NAME%", "<%x%>", "#{x}", "arn:aws:s3:::b", "ssm:x",
    "AWS-ssm://x", "ref+vault://x", "@Microsoft.KeyVault(x)", "!Ref x", "!GetAtt x.y", "projects/p/secrets/s",
    "event.body.id", "Request.headers", "alias/k", "resolve:x", "rds!cluster-1",
)  # fmt: skip
PUBLIC_KEYS = (
    "-----BEGIN PUBLIC KEY", "---- BEGIN SSH2 PUBLIC KEY", "-----BEGIN RSA PUBLIC KEY",
    "-----BEGIN CERTIFICATE",
    "ssh-rsa AAAA", "ssh-ed25519 AAAA", "ecdsa-sha2-nistp256 AAAA", "sk-ssh-ed25519@openssh.com AAAA",
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FUR", "LS0tLS1CRUdJTiBQVUJMSUMgS0V",
)  # fmt: skip


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_is_one(text: str) -> None:
    assert shapes.is_reference(text)


@pytest.mark.parametrize("text", ["orders-00000", "info", "a b", "", "secret", "alias", "event"])
def test_a_word_is_none(text: str) -> None:
    assert not shapes.is_reference(text)


@pytest.mark.parametrize("text", PUBLIC_KEYS)
def test_a_public_key_is_one_wherever_it_stands(text: str) -> None:
    assert shapes.is_public_key(f"key = {text}==")


def test_a_private_key_is_no_public_one() -> None:
    assert not shapes.is_public_key("-----BEGIN PRIVATE KEY-----")
