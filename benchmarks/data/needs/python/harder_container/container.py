import functools
import inspect


class Container:
    def __init__(self):
        self._makers = {}
        self._made = {}

    def provide(self, name, maker):
        self._makers[name] = maker

    def __getitem__(self, name):
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def inject(self, function):
        wanted = [name for name in inspect.signature(function).parameters if name in self._makers]

        @functools.wraps(function)
        def filled(**given):
            return function(**{name: self[name] for name in wanted}, **given)

        return filled
