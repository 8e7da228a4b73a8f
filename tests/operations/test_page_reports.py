"""The doctor adds up what the processes of the web server say of their pages."""

import json
import os
import subprocess
import sys

import pytest
from flask_babel import force_locale

from core.operations.page_reports import check_pages, write_report
from core.testing.pages import url_for
from core.web.page_cache.verdict import page_cache


@pytest.fixture
def settings(settings):
    return settings.changed(page_cache="on")


@pytest.fixture(autouse=True)
def _english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def folder(settings):
    return settings.data_dir / "page-cache"


def test_nothing_is_known_without_a_web_server(app, settings):
    assert "no web server" in check_pages(settings).detail
    off = settings.changed(page_cache="off")
    assert "not kept" in check_pages(off).detail


def test_processes_are_added_up_and_those_that_ended_left_out(app, tree, client, settings, folder):
    for _ in range(3):
        client.get(url_for("portal.home"))
    write_report(folder, page_cache())
    own = folder / f"{os.getpid()}.json"
    (folder / f"{os.getppid()}.json").write_bytes(own.read_bytes())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / f"{ended.pid}.json").write_bytes(own.read_bytes())
    (folder / "1.json").write_text("{broken")
    detail = check_pages(settings).detail
    assert detail.startswith("4 answered from memory, 2 made; 2 pages, ")
    assert detail.endswith("in 2 processes")
    with_redis = settings.changed(redis_url="redis://127.0.0.1:1")
    assert check_pages(with_redis).detail.endswith("; 0 of them from Redis, which failed 0 times")
    write_report(folder, page_cache())
    assert not (folder / f"{ended.pid}.json").exists()
    assert json.loads(own.read_text())["hits"] == 2
