"""Signatures are botocore's own, whatever is signed."""

from __future__ import annotations

from datetime import datetime
from unittest.mock import patch

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from stockade.read.account.signature import Signer

NAMES = st.text("abcXYZ019 -_.~/:%+&=ä", min_size=1, max_size=12)
DAYS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(microsecond=0))


@given(
    st.lists(NAMES, max_size=3),
    st.dictionaries(NAMES, NAMES, max_size=4),
    st.dictionaries(
        st.sampled_from(["X-Amz-Target", "Content-Type", "X-Extra"]), st.text("aZ 0;=/", max_size=9)
    ),
    st.binary(max_size=20),
    st.none() | st.text("abc/+=", min_size=1, max_size=30),
    st.lists(DAYS, min_size=1, max_size=3),
)
def test_a_signature_is_what_botocore_makes_of_the_same_request(
    path: list[str],
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    token: str | None,
    when: list[datetime],
) -> None:
    from botocore.utils import percent_encode, percent_encode_sequence

    target = "/2015-03-31/" + "/".join(percent_encode(part) for part in path if part.strip(".") == part)
    target = target.rstrip("/") or "/"
    if query:
        target += "?" + percent_encode_sequence(query)
    signer = Signer("eu-west-1", "lambda")
    for moment in when:
        theirs = AWSRequest("POST", f"https://lambda.eu-west-1.amazonaws.com{target}", headers, body)
        theirs.context["client_config"] = None
        with patch.object(auth, "get_current_datetime", lambda moment=moment: moment):
            auth.SigV4Auth(Credentials("AKIAFAKE", "secret", token), "lambda", "eu-west-1").add_auth(theirs)
        known = {name.lower(): value for name, value in theirs.headers.items()}
        known["host"] = "lambda.eu-west-1.amazonaws.com"
        wanted = known.pop("authorization")
        mine = signer.authorization(
            "POST", target, known, sorted(known), body, known["x-amz-date"], "AKIAFAKE", "secret"
        )
        assert mine == wanted
