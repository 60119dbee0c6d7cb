"""Paginators and waiters by their names."""


def pages(client, operation, **arguments):
    if not client.can_paginate(operation):
        raise ValueError(operation)
    return client.get_paginator(operation).paginate(**arguments, PaginationConfig={"PageSize": 50})


class Patience:
    def __init__(self, client, delay):
        self._waiters = {}
        self._client, self._delay = client, delay

    def until(self, state, **arguments):
        waiter = self._waiters.get(state)
        if waiter is None:
            waiter = self._waiters[state] = self._client.get_waiter(state)
        waiter.wait(WaiterConfig={"Delay": self._delay, "MaxAttempts": 30}, **arguments)

    def until_gone(self, **arguments):
        self.until("db_instance_deleted", **arguments)
