"""The commands that there are."""
from dataclasses import dataclass
from typing import Callable


class Unknown(Exception):
    pass


@dataclass(frozen=True)
class Command:
    service: str
    verb: str
    noun: str
    arguments: Callable[[str], dict]
    keep: tuple = ()

    @property
    def method(self):
        return f"{self.verb}_{self.noun}"


def _instances(target):
    return {"InstanceIds": [target]}


def _database(target):
    return {"DBInstanceIdentifier": target}


COMMANDS = {
    "boot": Command("ec2", "start", "instances", _instances, ("StartingInstances",)),
    "halt": Command("ec2", "stop", "instances", _instances, ("StoppingInstances",)),
    "restart-database": Command("rds", "reboot", "db_instance", _database),
    **{
        f"scale-{word}": Command(
            "ecs", "update", "service", lambda target, n=number: {"service": target, "cluster": "fleet", "desiredCount": n}
        )
        for word, number in (("up", 4), ("down", 1))
    },
}

# What an administrator may do; the handler does not know of these.
DANGEROUS = {"kill": Command("ec2", "terminate", "instances", _instances)}
