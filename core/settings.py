"""Typed settings from `GONGKAI_*` environment variables or one file (`GONGKAI_CONFIG`).

Also where the data lies that the program reads: templates, packs, migrations.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Invalid

MEGABYTE = 2**20
PREFIX = "GONGKAI_"
_PACKAGE = Path(__file__).parent
_DATABASES = ("sqlite", "postgres", "postgresql", "postgresql+psycopg")
_QUEUES = ("redis://", "rediss://", "unix://")


class Settings(BaseSettings):
    """What an installation can choose; with nothing set, everything runs embedded in `data_dir`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    meili_url: str = ""
    meili_key: str = ""
    meili_index: str = Field(default="gk_public", pattern="^[A-Za-z0-9_-]{1,60}$")
    search_fallback: Literal["embedded", "none"] = "embedded"
    secret_key: str = ""
    url_prefix: str = ""
    public_url: str = Field(default="", description="scheme and host of absolute links")
    trusted_hosts: str = Field(default="", description="more names that are answered, by “,”")
    default_locale: Literal["zh_Hans_CN", "en"] = "zh_Hans_CN"
    timezone: str = "Asia/Shanghai"
    clock_offset: int = Field(default=0, description="seconds that the clock is ahead, for tests")
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="reverse proxies in front")
    secure_cookies: bool | None = Field(
        default=None, description="cookies over HTTPS only; by default everywhere but on loopback"
    )
    max_upload_bytes: int = Field(default=50 * MEGABYTE, gt=0)
    office_program: str = Field(
        default="soffice", description="LibreOffice, to read .doc and .wps; empty: never"
    )
    plugin_fault_limit: int = Field(default=5, gt=0, description="failures until a quarantine")
    plugin_fault_window: int = Field(default=600, gt=0, description="seconds in which they count")
    plugin_call_seconds: float = Field(default=0.5, gt=0, description="for a hook of a page")
    plugin_page_seconds: float = Field(default=1.5, gt=0, description="for all hooks of a page")
    trace_hooks: bool = False
    plugin_folders: str = Field(default="", description="more folders of plugins, divided by “:”")
    webhook_internal_hosts: str = Field(
        default="", description="hosts and networks of one's own that webhooks may reach, by “,”"
    )
    page_cache: Literal["on", "off"] = "on"
    page_cache_megabytes: int = Field(
        default=32, gt=0, description="memory of a process for pages that are kept"
    )
    proxy_cache_seconds: int = Field(
        default=0, ge=0, le=3600, description="how long proxies may keep pages without asking"
    )
    static_pages: str = Field(
        default="", description="folder of pages that the web server sends; empty: none"
    )
    testing: bool = False

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value:
            return value
        from sqlalchemy.engine import make_url  # the list of commands needs no database
        from sqlalchemy.exc import ArgumentError

        try:
            known = make_url(value).drivername in _DATABASES
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_queue(cls, value: str) -> str:
        if value and not value.startswith(_QUEUES):
            raise ValueError("redis://HOST:PORT/NUMBER")
        return value

    @field_validator("meili_url")
    @classmethod
    def _known_search(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("http://HOST:PORT")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _known_address(cls, value: str) -> str:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
        if value and (not whole or parts.path.strip("/") or parts.query or parts.fragment):
            raise ValueError("https://HOST, without a path (GONGKAI_URL_PREFIX is added)")
        return f"{parts.scheme}://{parts.netloc.lower()}" if value else ""

    @field_validator("webhook_internal_hosts")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        try:
            for entry in filter(lambda part: "/" in part, value.split(",")):
                ip_network(entry.strip())
        except ValueError as error:
            raise ValueError("names, addresses or networks such as 10.1.0.0/16") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, KeyError, ValueError) as error:
            raise ValueError("a name such as Asia/Shanghai") from error
        return value

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Derive what follows from the data folder and normalise the prefix."""
        self.data_dir = self.data_dir.resolve()
        self.static_pages = self.static_pages and str(Path(self.static_pages).resolve())
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'gongkai.sqlite3'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        self.url_prefix = "/" + self.url_prefix.strip("/") if self.url_prefix.strip("/") else ""
        return self

    @property
    def is_https(self) -> bool:
        """Whether readers reach this installation over HTTPS, as far as it was told."""
        return self.public_url.startswith("https:") or bool(self.secure_cookies)

    @property
    def answered_hosts(self) -> frozenset[str]:
        """Names that requests may ask for, beside counties' own; empty where any may be."""
        named = (name.strip().lower() for name in self.trusted_hosts.split(","))
        return frozenset(filter(None, (urlsplit(self.public_url).hostname, *named)))


def current_settings() -> Settings:
    """Return the settings of the running application; needs an application context."""
    from flask import current_app  # the list of commands needs no application

    settings: Settings = current_app.extensions["gongkai"]
    return settings


def load_settings() -> Settings:
    """Read the environment; `GONGKAI_CONFIG` names a file of `GONGKAI_NAME=value` lines.

    Raises `Invalid` that names each variable with a wrong value.
    """
    config = os.environ.get("GONGKAI_CONFIG")
    if config and not Path(config).is_file():
        raise Invalid({"GONGKAI_CONFIG": f"{config}: no such file"})
    try:
        return Settings(_env_file=config)  # type: ignore[call-arg]  # pydantic-settings' own word
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise Invalid(
            {
                f"{PREFIX}{fault['loc'][0]}".upper(): str(fault["msg"]).removeprefix(
                    "Value error, "
                )
                for fault in faults
            }
        ) from error


def resource(*parts: str) -> Path:
    """Return a data folder or file named as in the repository, e.g. `resource("tenants")`.

    An installed wheel has them inside the package, a checkout beside it.
    """
    bundled = _PACKAGE / "bundled"
    root = bundled if bundled.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
