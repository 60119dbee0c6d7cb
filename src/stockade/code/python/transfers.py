"""S3's transfer helpers: methods of clients and objects that call several operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from stockade.code.python.members import Members
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Client,
    Dict,
    Opaque,
    Site,
    options,
)

_PARTS: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_COPIED_PARTS: Final = (
    "CreateMultipartUpload",
    "UploadPartCopy",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
)

Names: TypeAlias = Mapping[str, Abstract]
_Helper: TypeAlias = Callable[[Site, Client, Arguments, Names], Abstract]


class Transfers(Members):
    """What the helpers call. A large file goes in parts, which takes operations that a small one does not."""

    def transfer(self, name: str) -> _Helper | None:
        """What S3's transfer helpers call. A large file goes in parts, which takes more operations."""
        match name:
            case "upload_file" | "upload_fileobj":
                return self._upload
            case "download_file" | "download_fileobj":
                return self._download
            case "copy":
                return self._copy_object
            case "generate_presigned_post":
                return self._presigned_post
        return None

    def _upload(self, site: Site, client: Client, given: Arguments, names: Names) -> Abstract:
        what = self._named(given, names, 1)
        extra = given.get(3 - len(names), "ExtraArgs")
        for one in options(extra) if extra is not None else ():
            if isinstance(one, Dict):
                what.update(one.items)
        self._transfer(site, client, "PutObject", what, given, "upload")
        own: dict[str, Abstract] = {name: what[name] for name in ("Bucket", "Key") if name in what}
        for operation in _PARTS:
            self._transfer(site, client, operation, own, given, "upload in parts", certain=False)
        return NOTHING_KNOWN

    def _download(self, site: Site, client: Client, given: Arguments, names: Names) -> Abstract:
        what = self._named(given, names, 0)
        extra = given.keywords.get("ExtraArgs")
        for one in options(extra) if extra is not None else ():
            if isinstance(one, Dict):
                what.update(one.items)
        for operation in ("HeadObject", "GetObject"):
            self._transfer(site, client, operation, what, given, "download")
        return NOTHING_KNOWN

    def _named(self, given: Arguments, names: Names, first: int) -> dict[str, Abstract]:
        """Bucket and key: the object's own, and of the others what stands at their place."""
        what = dict(names)
        at = first
        for name in ("Bucket", "Key"):
            if name not in what:
                value = given.get(at, name)
                at += 1
                if value is not None:
                    what[name] = value
        return what

    def _copy_object(self, site: Site, client: Client, given: Arguments, names: Names) -> Abstract:
        what = self._named(given, names, 1)
        source = given.get(0, "CopySource")
        if source is not None:
            what["CopySource"] = source
        head: dict[str, Abstract] = {}
        for one in options(source) if source is not None else ():
            if isinstance(one, Dict):
                head.update(
                    {name: one.items[name] for name in ("Bucket", "Key", "VersionId") if name in one.items}
                )
        self._transfer(site, client, "HeadObject", head, given, "copy")
        self._transfer(site, client, "CopyObject", what, given, "copy")
        for operation in _COPIED_PARTS:
            self._transfer(site, client, operation, what, given, "copy in parts", certain=False)
        return NOTHING_KNOWN

    def _presigned_post(self, site: Site, client: Client, given: Arguments, names: Names) -> Abstract:
        what = self._named(given, names, 0)
        self._transfer(site, client, "PutObject", what, given, "presigned POST")
        return Opaque(site)

    def _transfer(
        self,
        site: Site,
        client: Client,
        operation: str,
        what: Names,
        given: Arguments,
        through: str,
        certain: bool = True,
    ) -> None:
        self.emit(
            site,
            client.service,
            operation,
            what,
            complete=not given.open,
            credentials=client.credentials,
            through=through,
            certain=certain,
        )
