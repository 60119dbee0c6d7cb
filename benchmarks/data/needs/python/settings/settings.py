from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="STORE_")

    table: str
    bucket: str
    region: str = "eu-west-1"
