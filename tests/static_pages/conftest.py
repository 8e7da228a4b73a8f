"""An installation that writes pages ahead, for a site whose name it was told."""

import pytest

from core.static_pages import writing
from core.static_pages.falling import find_folder
from tests.static_pages.files import HOST


@pytest.fixture
def settings(settings, tmp_path):
    return settings.changed(
        page_cache="on",
        static_pages=str(tmp_path / "static"),
        public_url=f"https://{HOST}",
        trusted_proxies=1,
        plugin_call_seconds=60,
        plugin_page_seconds=120,
    )


@pytest.fixture(autouse=True)
def few_pages(monkeypatch):
    """Of each place some pages are enough here."""
    monkeypatch.setattr(writing, "MOST_PAGES", 6)


@pytest.fixture
def folder(app):
    return find_folder()
