"""A secret is seen by whoever asks for its value, and by nobody else."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback

import pytest

from runtime.tests.fakes import SECRET
from stockade_runtime import Secret


def test_nothing_that_prints_it_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(SECRET, "v1")
    logging.warning("the secret is %s, %r", secret, secret)
    shown = [
        repr(secret),
        str(secret),
        f"{secret} {secret!r} {secret:>40}",
        "%s %r" % (secret, secret),  # noqa: UP031  # what old code does
        str([secret]),
        str({"a": secret}),
        repr(copy.deepcopy({"a": secret})),
        caplog.text,
        repr([getattr(secret, name) for name in Secret.__slots__]),
    ]
    assert [one for one in shown if "hunter" in one] == []
    assert "Secret(**********)" in caplog.text


def test_a_traceback_with_locals_does_not_show_it() -> None:
    def fails(secret: Secret) -> None:
        raise RuntimeError("no")

    try:
        fails(Secret(SECRET))
    except RuntimeError as error:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(report.format())
    assert "secret = Secret(**********)" in text
    assert "hunter" not in text


@pytest.mark.parametrize("take", [pickle.dumps, json.dumps, hash])
def test_it_does_not_leave_the_process_and_is_no_key(take: object) -> None:
    with pytest.raises(TypeError) as caught:
        take(Secret(SECRET))  # type: ignore[operator]
    assert "hunter" not in str(caught.value)


def test_text_bytes_and_json() -> None:
    assert Secret(SECRET).value == SECRET
    assert Secret(SECRET).binary == SECRET.encode()
    assert Secret(b"\x00\xff").binary == b"\x00\xff"
    document = Secret('{"user": "u", "password": "p", "port": 5432}', "v3")
    assert document.json() == {"user": "u", "password": "p", "port": 5432}
    assert document["password"].value == "p"
    assert document["port"].value == "5432"
    assert document["password"].version == "v3"


def test_what_one_caller_does_to_the_json_no_other_sees() -> None:
    secret = Secret('{"hosts": ["a"]}')
    secret.json()["hosts"].append("b")
    assert secret.json() == {"hosts": ["a"]}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Secret(f"{{{SECRET}").json(),
        lambda: Secret(b"hunter2\xff").value,
        lambda: Secret(SECRET)["password"],
        lambda: Secret(f'{{"a": "{SECRET}"}}')["b"],
        lambda: Secret(f'["{SECRET}"]')["b"],
    ],
)
def test_errors_do_not_carry_it(wrong: object) -> None:
    with pytest.raises((ValueError, KeyError)) as caught:
        wrong()  # type: ignore[operator]
    seen: BaseException | None = caught.value
    while seen is not None:
        assert "hunter" not in repr(seen) + str(vars(seen))
        assert not hasattr(seen, "doc") and not hasattr(seen, "object")
        seen = seen.__context__ or seen.__cause__


def test_it_equals_its_text_and_nothing_else() -> None:
    assert Secret(SECRET) == Secret(SECRET) == SECRET
    assert Secret(SECRET) == SECRET.encode()
    assert Secret(SECRET) != Secret("other")
    assert Secret(SECRET) != 5
    assert bool(Secret("x")) and not Secret("")
