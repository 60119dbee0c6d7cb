"""What an importer needs of the world."""
from typing import Iterable, Protocol


class Lines(Protocol):
    def read(self, bucket: str, key: str) -> Iterable[str]: ...


class Directory(Protocol):
    def __contains__(self, mail: str) -> bool: ...

    def add(self, mail: str, group: str) -> None: ...


class Refused(Protocol):
    def add(self, text: str) -> None: ...

    def flush(self) -> None: ...
