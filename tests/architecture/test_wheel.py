"""What an installed wheel needs travels inside it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "name",
    [
        "core/bundled/frontend/templates/layouts/base.html",
        "core/bundled/frontend/dist/manifest.json",
        "core/bundled/tenants/_national/pack.toml",
        "core/bundled/tenants/demo-county/tenant.toml",
        "core/bundled/migrations/env.py",
        "core/bundled/migrations/versions/0001_initial.py",
        "core/portal/templates/portal/home.html",
        "core/web/translations/zh_Hans_CN/LC_MESSAGES/messages.mo",
    ],
)
def test_data_travels_with_the_package(wheel_names, name):
    assert name in wheel_names


def test_only_our_packages_are_installed(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert tops <= {"core", "plugins"}
