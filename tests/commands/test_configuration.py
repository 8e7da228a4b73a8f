"""What is set wrong, or broken, is named with a remedy and never ends in a traceback."""

import pytest

from core.errors import Invalid
from core.settings import load_settings
from core.testing.plugin import REPOSITORY

NAMES = ["configuration", "database", "migrations", "storage", "search", "jobs", "plugins"]


def test_a_county_whose_footer_is_incomplete_is_a_warning(installed):
    checks = installed.answer("doctor", status=1)["checks"]
    assert [check["name"] for check in checks][: len(NAMES)] == NAMES
    # Nobody works on what was imported: no worker was started.
    assert [check["name"] for check in checks if not check["ok"]] == ["jobs"]
    site = next(check for check in checks if check["name"] == "site 999901")
    assert "icp" in site["detail"]
    assert site["remedy"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GONGKAI_DATABASE_URL", "mysql://nobody@nowhere/x"),
        ("GONGKAI_DATA_DIR", str(REPOSITORY / "pyproject.toml")),
        ("GONGKAI_MAX_UPLOAD_BYTES", "many"),
        ("GONGKAI_TIMEZONE", "Mars/Olympus"),
        ("GONGKAI_CONFIG", "/nowhere/gongkai.env"),
    ],
)
def test_a_wrong_setting_is_named(installed, variable, value):
    [check] = installed.answer("doctor", status=1, **{variable: value})["checks"]
    assert (check["name"], check["ok"]) == ("configuration", False)
    assert check["detail"].startswith(variable)
    assert check["remedy"]


def test_every_wrong_setting_is_named_and_no_value_repeated(monkeypatch, tmp_path):
    config = tmp_path / "gongkai.env"
    config.write_text(
        "GONGKAI_MAX_UPLOAD_BYTES=hunter2\nGONGKAI_TIMEZONE=Mars\nGONGKAI_SECRET_KEY=x"
    )
    wrong = {"CONFIG": str(config), "TRUSTED_PROXIES": "9", "TRACE_HOOKS": "perhaps",
             "PAGE_CACHE": "maybe", "PLUGIN_CALL_SECONDS": "0", "MEILI_INDEX": "a b"}  # fmt: skip
    for name, value in wrong.items():
        monkeypatch.setenv(f"GONGKAI_{name}", value)
    with pytest.raises(Invalid) as refused:
        load_settings()
    named = {*wrong, "MAX_UPLOAD_BYTES", "TIMEZONE"} - {"CONFIG"}
    assert set(refused.value.fields) == {f"GONGKAI_{name}" for name in named}
    assert not any("hunter2" in text for text in refused.value.fields.values())


def test_the_environment_goes_before_the_file(monkeypatch, tmp_path):
    config = tmp_path / "gongkai.env"
    config.write_text(
        f"GONGKAI_DATA_DIR={tmp_path}\nGONGKAI_TRUSTED_PROXIES=2\nGONGKAI_SECURE_COOKIES=on\n"
        "GONGKAI_URL_PREFIX=zwgk/\nGONGKAI_PLUGIN_CALL_SECONDS=1.5\n"
    )
    monkeypatch.setenv("GONGKAI_CONFIG", str(config))
    monkeypatch.setenv("GONGKAI_TRUSTED_PROXIES", "3")
    settings = load_settings()
    assert (settings.trusted_proxies, settings.secure_cookies) == (3, True)
    assert (settings.url_prefix, settings.plugin_call_seconds) == ("/zwgk", 1.5)
    assert settings.database_url == f"sqlite:///{tmp_path}/gongkai.sqlite3"


def test_other_commands_refuse_a_wrong_setting(installed):
    answer = installed.answer("tenant", "list", status=1, GONGKAI_TIMEZONE="Mars/Olympus")
    assert answer["error"]["where"] == "GONGKAI_TIMEZONE"


def test_a_queue_out_of_reach_is_found(installed):
    checks = installed.answer("doctor", status=1, GONGKAI_REDIS_URL="redis://127.0.0.1:1")["checks"]
    assert [check["name"] for check in checks if not check["ok"]] == ["jobs"]


def test_a_database_that_is_none(installed, tmp_path):
    broken = installed.copy(tmp_path)
    for path in broken.folder.glob("gongkai.sqlite3*"):
        path.write_bytes(b"not a database " * 100)
    failed = [check for check in broken.answer("doctor", status=1)["checks"] if not check["ok"]]
    assert {check["name"] for check in failed} == {"database", "jobs", "search"}
    assert all(check["remedy"] for check in failed)
    assert broken.answer("tenant", "list", status=1)["error"]["where"] == "database"


def test_input_files_over_the_limit_are_refused(installed, shared_data):
    table = shared_data / "divisions" / "wangchuan_999901.csv"
    words = [
        ("tenant", "import-divisions", table, "--root", "999901"),
        ("catalog", "define", "--tenant", "999901", "--from", table),
        ("publication", "import", table, "--tenant", "999901"),
        ("catalog", "read", table),
    ]
    for command in words:
        answer = installed.answer(*command, status=1, GONGKAI_MAX_UPLOAD_BYTES="100")
        assert answer["error"]["where"] == str(table)
        assert table.name in answer["error"]["message"]


def test_a_division_table_that_is_none(installed):
    path = installed.write("wide.csv", "x" * 200_000)
    answer = installed.answer("tenant", "import-divisions", path, "--root", "99", status=1)
    assert answer["error"]["where"] == "wide.csv"
