"""Steps that are put behind each other with `|`."""


class Step:
    def __init__(self, *functions):
        self._functions = functions

    def __or__(self, function):
        return Step(*self._functions, function)

    def __call__(self, what):
        for function in self._functions:
            what = function(what) or what
        return what
