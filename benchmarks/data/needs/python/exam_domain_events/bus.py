"""Events inside of one process."""
from collections import defaultdict


class Bus:
    def __init__(self):
        self._listeners = defaultdict(list)
        self.count = 0

    def on(self, *kinds):
        def register(function):
            for kind in kinds:
                self._listeners[kind].append(function)
            return function

        return register

    def emit(self, kind, payload):
        for listener in self._listeners[kind]:
            self.count += 1
            listener(payload)

    def publish(self, kind, payload):
        """As ``emit``, but later: nothing calls it here."""
        self._listeners["later"].append(lambda _: self.emit(kind, payload))


bus = Bus()
