"""Where things are."""
import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Names:
    parcels: str
    customers: str


@dataclass(frozen=True)
class Settings:
    stage: str
    bus: str
    tables: Names
    fifo: dict = field(default_factory=dict)

    @classmethod
    def load(cls, env=os.environ):
        stage = env["STAGE"]
        return cls(
            stage,
            env.get("BUS_NAME", "default"),
            Names(parcels=env["PARCELS_TABLE"], customers=f"customers-{stage}"),
            {"overdue": env["OVERDUE_QUEUE_URL"]},
        )
