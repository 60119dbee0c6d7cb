"""A cache in memory, of which one method is called like one of a secret's cache."""
import time


class Cache:
    def __init__(self, seconds):
        self._seconds, self._kept = seconds, {}

    def get_secret_string(self, key):
        value, until = self._kept.get(key, (None, 0))
        return value if until > time.time() else None

    def put(self, key, value):
        self._kept[key] = (value, time.time() + self._seconds)
        return value
