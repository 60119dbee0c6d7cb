from functools import lru_cache

from pydantic import Field, computed_field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Parameters:
    root = "/reports"
    threshold = f"{root}/threshold"
    ratio = "/".join((root, "ratio"))


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", case_sensitive=False)

    reports_bucket: str
    topic: str = Field(validation_alias="DONE_TOPIC_ARN")
    stage: str = "dev"

    @computed_field
    @property
    def next_function(self) -> str:
        return f"reports-{self.stage}-next"

    def key(self, day):
        return f"daily/{day}.csv"


@lru_cache
def settings():
    return Settings()


settings.parameters = Parameters
