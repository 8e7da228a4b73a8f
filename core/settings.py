"""Typed settings from `GONGKAI_*` environment variables or one file (`GONGKAI_CONFIG`).

Also where the data lies that the program reads: templates, packs, migrations.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from core.errors import Invalid

MEGABYTE = 2**20
PREFIX = "GONGKAI_"
_PACKAGE = Path(__file__).parent
_DATABASES = ("sqlite", "postgres", "postgresql", "postgresql+psycopg")
_QUEUES = ("redis://", "rediss://", "unix://")
_FLAGS = dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True) | dict.fromkeys(
    ("0", "false", "f", "no", "n", "off"), False
)

# Returns the value as it is used; raises `ValueError` that says what is accepted.
Check = Callable[[Any], Any]


def _one_of(*values: str) -> Check:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(" or ".join(values))
        return value

    return check


def _between(least: int, most: int) -> Check:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"a number from {least} to {most}")
        return value

    return check


def _positive(value: float) -> float:
    if not value > 0:
        raise ValueError("a number above 0")
    return value


def _index_name(value: str) -> str:
    if not re.fullmatch("[A-Za-z0-9_-]{1,60}", value):
        raise ValueError("up to 60 letters, digits, “_” and “-”")
    return value


def _database(value: str) -> str:
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


def _queue(value: str) -> str:
    if value and not value.startswith(_QUEUES):
        raise ValueError("redis://HOST:PORT/NUMBER")
    return value


def _search_server(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("http://HOST:PORT")
    return value.rstrip("/")


def _public_address(value: str) -> str:
    parts = urlsplit(value)
    whole = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if value and (not whole or parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError("https://HOST, without a path (GONGKAI_URL_PREFIX is added)")
    return f"{parts.scheme}://{parts.netloc.lower()}" if value else ""


def _networks(value: str) -> str:
    try:
        for entry in filter(lambda part: "/" in part, value.split(",")):
            ip_network(entry.strip())
    except ValueError as error:
        raise ValueError("names, addresses or networks such as 10.1.0.0/16") from error
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError("a name such as Asia/Shanghai") from error
    return value


def _checked(default: Any, check: Check) -> Any:
    return field(default=default, metadata={"check": check})


@dataclass(kw_only=True)
class Settings:
    """What an installation can choose; with nothing set, everything runs embedded in `data_dir`.

    Raises `Invalid` that names each variable with a wrong value.
    """

    data_dir: Path = Path("var")
    database_url: str = _checked("", _database)
    redis_url: str = _checked("", _queue)
    meili_url: str = _checked("", _search_server)
    meili_key: str = ""
    meili_index: str = _checked("gk_public", _index_name)
    search_fallback: Literal["embedded", "none"] = _checked("embedded", _one_of("embedded", "none"))
    secret_key: str = ""
    url_prefix: str = ""
    public_url: str = _checked("", _public_address)  # scheme and host of absolute links
    trusted_hosts: str = ""  # more names that are answered, by “,”
    default_locale: Literal["zh_Hans_CN", "en"] = _checked(
        "zh_Hans_CN", _one_of("zh_Hans_CN", "en")
    )
    timezone: str = _checked("Asia/Shanghai", _timezone)
    clock_offset: int = 0  # seconds that the clock is ahead, for tests
    trusted_proxies: int = _checked(0, _between(0, 5))  # reverse proxies in front
    # Cookies over HTTPS only; by default everywhere but on loopback.
    secure_cookies: bool | None = None
    max_upload_bytes: int = _checked(50 * MEGABYTE, _positive)
    office_program: str = "soffice"  # LibreOffice, to read .doc and .wps; empty: never
    plugin_fault_limit: int = _checked(5, _positive)  # failures until a quarantine
    plugin_fault_window: int = _checked(600, _positive)  # seconds in which they count
    plugin_call_seconds: float = _checked(0.5, _positive)  # for a hook of a page
    plugin_page_seconds: float = _checked(1.5, _positive)  # for all hooks of a page
    trace_hooks: bool = False
    plugin_folders: str = ""  # more folders of plugins, divided by “:”
    # Hosts and networks of one's own that webhooks may reach, by “,”.
    webhook_internal_hosts: str = _checked("", _networks)
    page_cache: Literal["on", "off"] = _checked("on", _one_of("on", "off"))
    page_cache_megabytes: int = _checked(32, _positive)  # of a process, for pages that are kept
    proxy_cache_seconds: int = _checked(0, _between(0, 3600))  # proxies keep pages unasked
    static_pages: str = ""  # folder of pages that the web server sends; empty: none
    testing: bool = False

    def __post_init__(self) -> None:
        faults: dict[str, str] = {}
        for each in fields(self):
            try:
                if check := each.metadata.get("check"):
                    setattr(self, each.name, check(getattr(self, each.name)))
            except ValueError as error:
                faults[_variable(each.name)] = str(error)
        if faults:
            raise Invalid(faults)
        self._complete()

    def _complete(self) -> None:
        """Derive what follows from the data folder and normalise the prefix."""
        self.data_dir = Path(self.data_dir).resolve()
        self.static_pages = self.static_pages and str(Path(self.static_pages).resolve())
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'gongkai.sqlite3'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        self.url_prefix = "/" + self.url_prefix.strip("/") if self.url_prefix.strip("/") else ""

    def changed(self, **values: Any) -> Self:
        """Return these settings with some that are others."""
        return replace(self, **values)

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

    # A page asks dozens of times; the proxy costs more than all else.
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - its own method
    settings: Settings = app.extensions["gongkai"]
    return settings


def load_settings() -> Settings:
    """Read the environment; `GONGKAI_CONFIG` names a file of `GONGKAI_NAME=value` lines.

    Raises `Invalid` that names each variable with a wrong value.
    """
    given = {**_read_config(os.environ.get("GONGKAI_CONFIG")), **os.environ}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for each in fields(Settings):
        text = given.get(_variable(each.name))
        if text is None:
            continue
        try:
            values[each.name] = _READERS.get(each.type, str)(text)
        except ValueError as error:
            faults[_variable(each.name)] = str(error)
    try:
        settings = Settings(**values)
    except Invalid as error:
        faults |= error.fields
    if faults:
        raise Invalid(faults)
    return settings


def _read_config(path: str | None) -> Mapping[str, str | None]:
    if not path:
        return {}
    if not Path(path).is_file():
        raise Invalid({"GONGKAI_CONFIG": f"{path}: no such file"})
    from dotenv import dotenv_values  # few installations have such a file

    return dotenv_values(path)


def _variable(name: str) -> str:
    return f"{PREFIX}{name}".upper()


def _to_whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError("a whole number") from error


def _to_number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError("a number") from error


def _to_flag(text: str) -> bool:
    if text.strip().lower() not in _FLAGS:
        raise ValueError("true or false")
    return _FLAGS[text.strip().lower()]


# How the text of a variable is read, by the type of the setting; other types are texts.
_READERS: dict[Any, Callable[[str], Any]] = {
    int: _to_whole_number,
    float: _to_number,
    bool: _to_flag,
    bool | None: _to_flag,
    Path: Path,
}


def resource(*parts: str) -> Path:
    """Return a data folder or file named as in the repository, e.g. `resource("tenants")`.

    An installed wheel has them inside the package, a checkout beside it.
    """
    bundled = _PACKAGE / "bundled"
    root = bundled if bundled.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
