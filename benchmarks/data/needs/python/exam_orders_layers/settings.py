"""What the environment says."""
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    orders_table: str
    bus_name: str
    stage: str = "dev"

    @classmethod
    def from_env(cls, environ=os.environ):
        return cls(
            orders_table=environ["ORDERS_TABLE"],
            bus_name=environ["ORDER_BUS"],
            stage=environ.get("STAGE", "dev"),
        )

    @property
    def archive_queue(self):
        return f"orders-archive-{self.stage}"
