"""A plugin that somebody else made: a wheel, installed beside the platform, used, taken away."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from core.settings import resource
from core.testing.factories.people import PASSWORD

COUNTY, TOWN, VILLAGE, SISTER = "999901", "999901100", "999901100201", "999901101"
PATIENCE = 10  # seconds, on a machine that is busy with other tests
DIVISIONS = """code,name,level,parent_code
999901,望川县,county,9999
999901100,石桥镇,township,999901
999901101,青山镇,township,999901
999901100201,柳湾村委会,village,999901100
"""


class Installation:
    """The platform on a data folder of its own; `site` is where distributions are installed."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.site.mkdir()
        self.environment = os.environ | {
            "GONGKAI_DATA_DIR": str(folder / "data"),
            "PYTHONPATH": os.pathsep.join([str(self.site), str(resource())]),
        }

    def run(self, *arguments: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *arguments, "--json"],
            env=self.environment, cwd=resource(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def state(self, place: str) -> str:
        found = self.run("plugin", "list", "--tenant", place)["plugins"]
        return next(row["state"] for row in found if row["name"] == "water_supply")

    @contextmanager
    def served(self):
        """The address of the running web server."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "core.cli", "serve", "--port", str(port), "--workers", "1"]
        server = subprocess.Popen(command, env=self.environment, cwd=resource())
        address = f"http://127.0.0.1:{port}"
        try:
            _await(address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _await(address: str) -> None:
    session = requests.Session()
    retry = requests.adapters.Retry(total=30, connect=30, backoff_factor=0.1)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    assert session.get(f"{address}/healthz", timeout=30).ok


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Written by its author with our scaffold, built outside our tree."""
    installation = tmp_path / "author"
    subprocess.run(
        [sys.executable, "-m", "core.cli", "plugin", "new", "water_supply", "--title", "供水公告",
         "--path", str(installation)],
        env=os.environ | {"GONGKAI_DATA_DIR": str(tmp_path / "scratch")},
        cwd=resource(), check=True, capture_output=True,
    )  # fmt: skip
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=installation / "water_supply", check=True, capture_output=True)
    (made,) = tmp_path.glob("*.whl")
    return made


def _install(wheel: Path, site: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index",
               "--disable-pip-version-check", "--target", str(site), str(wheel)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def _uninstall(site: Path) -> None:
    shutil.rmtree(site)
    site.mkdir()


def _post(person: requests.Session, address: str, data: dict[str, str]) -> requests.Response:
    """Open a page with a form and send the form."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', person.get(address, timeout=30).text)
    assert token, address
    return person.post(address, data={"csrf_token": token[1]} | data, timeout=30)


def _officer(site: str) -> requests.Session:
    person = requests.Session()
    signed = _post(person, f"{site}/sign-in/", {"username": "li", "password": PASSWORD})
    assert signed.ok
    return person


def _has(site: str, place: str, words: str) -> bool:
    answer = requests.get(f"{site}/{place}/water-supply/", timeout=30)
    return answer.status_code == 200 and words in answer.text


def soon(holds: Callable[[], bool]) -> None:
    """Ask until it holds; other processes hear of a switch within a second."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until


def test_the_whole_life_of_a_third_party_plugin(tmp_path, wheel):
    here = Installation(tmp_path)
    table = tmp_path / "divisions.csv"
    table.write_text(DIVISIONS, encoding="utf-8")
    here.run("init")
    here.run("tenant", "import-divisions", str(table), "--root", COUNTY)
    here.run("user", "add", "li", "--name", "李", "--password", PASSWORD)
    for place in (COUNTY, TOWN):
        here.run("user", "role", "li", "officer", "--tenant", place)

    _install(wheel, here.site)
    assert "water_supply_0001" in here.run("init")["revision"]
    here.run("plugin", "on", "water_supply", "--tenant", TOWN)
    assert (here.state(TOWN), here.state(VILLAGE), here.state(SISTER)) == ("on", "on", "off")

    with here.served() as site:
        person = _officer(site)
        entry = {"title": "停水通知", "body": "周三上午停水。"}
        assert _post(person, f"{site}/{TOWN}/console/water-supply/", entry).ok
        assert _has(site, TOWN, "停水通知")
        assert requests.get(f"{site}/{SISTER}/water-supply/", timeout=30).status_code == 404
        assert "停水通知" in requests.get(f"{site}/{TOWN}/", timeout=30).text
        settings = f"{site}/{TOWN}/console/plugins/water_supply/settings/"
        assert _post(person, settings, {"on_home_page": "0"}).ok
        assert "停水通知" not in requests.get(f"{site}/{TOWN}/", timeout=30).text

        here.run("plugin", "off", "water_supply", "--tenant", TOWN)
        soon(lambda: not _has(site, TOWN, "停水通知"))
        here.run("plugin", "on", "water_supply", "--tenant", TOWN)
        soon(lambda: _has(site, TOWN, "停水通知"))

    _uninstall(here.site)
    here.run("init")
    with here.served() as site:
        assert requests.get(f"{site}/{TOWN}/", timeout=30).status_code == 200
        assert requests.get(f"{site}/{TOWN}/water-supply/", timeout=30).status_code == 404

    _install(wheel, here.site)
    here.run("init")
    with here.served() as site:
        assert _has(site, TOWN, "停水通知")
