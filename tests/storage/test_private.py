"""The data folder is closed to other accounts of the machine."""

import stat

import pytest

from core.storage.private import list_exposed, restrict


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def old_folder(tmp_path):
    """A data folder as older versions made it."""
    folder = tmp_path / "var"
    (folder / "files" / "ab").mkdir(parents=True)
    for name in ("gongkai.sqlite3", "gongkai.sqlite3-wal", "secret-key", "files/ab/abcd"):
        (folder / name).write_text("x")
        (folder / name).chmod(0o644)
    for name in (".", "files", "files/ab"):
        (folder / name).chmod(0o755)
    return folder


def test_an_open_folder_is_closed_with_all_that_is_in_it(old_folder):
    assert list_exposed(old_folder)[0] == old_folder
    assert restrict(old_folder) == 7
    assert list_exposed(old_folder) == []
    assert mode(old_folder) == mode(old_folder / "files" / "ab") == 0o700
    assert mode(old_folder / "secret-key") == mode(old_folder / "files/ab/abcd") == 0o600
    assert restrict(old_folder) == 0


def test_a_folder_of_others_keeps_its_mode(old_folder):
    """Somebody may have named `/var`: closing that would stop the machine."""
    (old_folder / "log").mkdir(mode=0o755)
    (old_folder / "log").chmod(0o755)
    restrict(old_folder)
    assert mode(old_folder) == mode(old_folder / "log") == 0o755
    assert mode(old_folder / "secret-key") == 0o600
    assert list_exposed(old_folder) == []


def test_one_readable_file_in_an_open_folder_is_named(old_folder):
    restrict(old_folder)
    (old_folder / "log").mkdir()
    (old_folder / "gongkai.sqlite3").chmod(0o640)
    assert list_exposed(old_folder) == [old_folder / "gongkai.sqlite3"]


def test_links_are_not_followed(old_folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    (old_folder / "search").symlink_to(elsewhere)
    restrict(old_folder)
    assert mode(elsewhere) == 0o644


def test_commands_write_privately(gongkai, tmp_path):
    folder = tmp_path / "new"
    place = {"GONGKAI_DATABASE_URL": "", "GONGKAI_DATA_DIR": str(folder), "GONGKAI_SECRET_KEY": ""}
    assert gongkai("init", **place).status == 0
    paths = [folder, *folder.rglob("*")]
    assert {mode(path) & 0o077 for path in paths} == {0}
    assert folder / "secret-key" in paths
