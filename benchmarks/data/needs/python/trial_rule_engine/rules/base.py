"""What a rule is; each one that is defined is known by its name."""


class Rule:
    known: dict = {}

    def __init_subclass__(cls, *, off=False, **more):
        super().__init_subclass__(**more)
        if not off:
            Rule.known[cls.__name__] = cls

    def steps(self, payment):
        raise NotImplementedError
