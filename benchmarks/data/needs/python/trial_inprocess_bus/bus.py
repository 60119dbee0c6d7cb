"""A bus of which `publish` asks nothing of AWS."""
from collections import defaultdict


class Bus:
    def __init__(self):
        self._listeners = defaultdict(list)
        self._after = []

    def on(self, *topics):
        def listening(function):
            for topic in topics:
                self._listeners[topic].append(function)
            return function

        return listening

    def after(self, function):
        self._after.append(function)

    def publish(self, topic, **what):
        heard = [listener(**what) for listener in self._listeners[topic]]
        for function in self._after:
            function(topic, what)
        return len(heard)
