"""What is to be done with a volume."""
from enum import Enum, auto


class Action(Enum):
    SNAPSHOT = auto()
    TAG = auto()


class Tags(dict):
    """A volume's tags, with a method as the client's."""

    @classmethod
    def of(cls, listed):
        return cls((one["Key"], one["Value"]) for one in listed)

    def delete_tags(self, *names):
        for name in names:
            self.pop(name, None)
        return self


def actions(size, listed):
    tags = Tags.of(listed).delete_tags("Name", "aws:createdBy")
    if size and tags.get("backup") != "no":
        yield Action.SNAPSHOT
    if "seen" not in tags.values():
        yield Action.TAG
