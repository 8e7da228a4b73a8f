"""Rules of the house that no linter knows."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [p for p in (ROOT / "core").rglob("*.py") if "bundled" not in p.parts]
PURE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for pattern in (
        "core/*/domain/*.py",
        "plugins/*/domain/*.py",
        "core/plugins/activation/rules.py",
        "core/publishing/rules.py",
        "core/tenancy/domain.py",
    )
    for path in ROOT.glob(pattern)
    if path.name != "__init__.py"
)


def test_packages_hold_nothing_in_their_init():
    assert [p for p in SOURCES if p.name == "__init__.py" and p.read_text().strip()] == []


@pytest.mark.parametrize("module", PURE)
def test_pure_rules_load_no_framework(module):
    heavy = "{'flask', 'flask_babel', 'sqlalchemy', 'pluggy', 'marshmallow'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_raw_sql_stays_in_the_database_package():
    raw = re.compile(r"from sqlalchemy import .*\btext\b|sqlalchemy\.text|\.__table__")
    guilty = [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if "db" not in p.parts and "testing" not in p.parts
        if raw.search(p.read_text())
    ]
    assert guilty == []


def test_tests_import_nothing_from_a_conftest():
    conftest = re.compile(r"^from \S*conftest import", re.MULTILINE)
    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "plugins").rglob("tests/**/*.py")]
    guilty = [str(p.relative_to(ROOT)) for p in tests if conftest.search(p.read_text())]
    assert guilty == []


def test_no_dependency_claims_our_import_names():
    owners = packages_distributions()
    for name in ("core", "plugins", "tests", "tenants"):
        assert set(owners.get(name, [])) <= {"gongkai"}


def test_the_environment_has_the_installer_that_is_locked():
    locked = re.search(r"^pip==([\w.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked
    assert version("pip") == locked[1]


def test_lock_files_hold_no_address():
    locks = [*ROOT.glob("requirements*.lock"), ROOT / "frontend" / "package-lock.json"]
    address = re.compile(
        r'"resolved":\s*"http|--(extra-)?index-url|^(source|sdist|wheels) = .*http'
    )
    assert [path.name for path in locks if address.search(path.read_text())] == []
