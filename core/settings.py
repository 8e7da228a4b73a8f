"""Typed settings from `GONGKAI_*` environment variables or one file (`GONGKAI_CONFIG`)."""

import os
import secrets
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MEGABYTE = 2**20


class Settings(BaseSettings):
    """What an installation can choose; with nothing set, everything runs embedded in `data_dir`."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    meili_url: str = ""
    meili_key: str = ""
    secret_key: str = ""
    url_prefix: str = ""
    default_locale: str = "zh_Hans_CN"
    timezone: str = "Asia/Shanghai"
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front")
    secure_cookies: bool = False
    max_upload_bytes: int = 50 * MEGABYTE
    testing: bool = False

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Derive what follows from the data folder and normalise the prefix."""
        self.data_dir = self.data_dir.resolve()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'gongkai.sqlite3'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        self.url_prefix = "/" + self.url_prefix.strip("/") if self.url_prefix.strip("/") else ""
        return self

    def session_secret(self) -> str:
        """The configured key, or one made once and kept in the data folder (mode 0600)."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret-key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")


def load_settings() -> Settings:
    """Read the environment; `GONGKAI_CONFIG` names a file of `GONGKAI_NAME=value` lines."""
    config = os.environ.get("GONGKAI_CONFIG")
    return Settings(_env_file=config)  # type: ignore[call-arg]  # pydantic-settings' own keyword
