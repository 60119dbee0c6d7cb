"""Stores of data, as far as it matters to those who use them: whose key they have, what a deployment writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stockade.model.relate import meant
from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DataStore(Subject):
    """A table, bucket, stream or file system.

    ``kms_key`` is the customer's key, by whatever name it is given; ``bucket`` the bucket of which a
    separate resource says how it is encrypted.
    """

    kms_key: Value[str | None] = default(None, "no key of one's own is named")
    bucket: Value[str | None] = default(None, "it is encrypted by its own configuration")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EncryptionKey(Subject):
    """A key of KMS, under the name that something names it by, which is its address.

    ``manager`` is ``CUSTOMER`` or ``AWS``, as KMS says it: known of live accounts only.
    """

    manager: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Upload(Subject):
    """An object that a deployment itself writes into a bucket."""

    bucket: Value[str]
    object_key: Value[str]


def by_address(stores: Iterable[DataStore]) -> Mapping[str, DataStore]:
    """Stores by where they are; a bucket's address leads to its encryption, which is a resource of its own."""
    out: dict[str, DataStore] = {}
    for one in stores:
        bucket = meant(one.bucket)
        out[bucket.address if bucket else one.address] = one
    return out
