"""What every way has in common."""
import abc
import logging

log = logging.getLogger(__name__)


class Channel(abc.ABC):
    name: str

    def publish(self, address: str, subject: str, text: str) -> None:
        try:
            self._deliver(address, self.shortened(subject), text)
        except Exception:
            log.exception("%s could not deliver", self.name)

    def shortened(self, subject: str) -> str:
        return subject[:78]

    @abc.abstractmethod
    def _deliver(self, address: str, subject: str, text: str) -> None: ...
