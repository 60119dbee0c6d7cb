"""What a check is."""


class Check:
    _kinds = []
    slug = ""

    def __init_subclass__(cls, *, enabled=True, **rest):
        super().__init_subclass__(**rest)
        if enabled:
            Check._kinds.append(cls)

    @classmethod
    def registered(cls):
        return [kind() for kind in cls._kinds]

    def passes(self, claim):
        raise NotImplementedError
