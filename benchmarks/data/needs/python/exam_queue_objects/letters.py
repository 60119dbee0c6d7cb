"""Letters that nobody could read."""


class Letters:
    def __init__(self, queue, limit):
        self._queue, self._limit = queue, limit

    def __iter__(self):
        seen = 0
        while seen < self._limit:
            batch = self._queue.receive_messages(MaxNumberOfMessages=10, AttributeNames=["All"])
            if not batch:
                return
            seen += len(batch)
            yield from batch

    def left(self):
        return int(self._queue.attributes["ApproximateNumberOfMessages"])

    def drop(self):
        self._queue.purge()


class Reviver:
    def __init__(self, queue):
        self._enqueue = queue.send_messages

    def revive(self, letter):
        if int((letter.attributes or {}).get("ApproximateReceiveCount", 0)) > 50:
            return False
        answer = self._enqueue(Entries=[{"Id": "one", "MessageBody": letter.body}])
        return not answer.get("Failed")
