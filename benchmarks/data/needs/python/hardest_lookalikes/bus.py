from collections import defaultdict


class Bus:
    def __init__(self):
        self.ears = defaultdict(list)

    def on(self, name):
        def keep(function):
            self.ears[name].append(function)
            return function

        return keep

    def publish(self, name, message):
        for ear in self.ears[name]:
            ear(message)

    def put_events(self, Entries):
        for entry in Entries:
            self.publish(entry["DetailType"], entry["Detail"])
