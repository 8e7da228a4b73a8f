"""One key for the installation: whole or not there, and never one that can be guessed."""

import os
import stat
import subprocess
import sys

import pytest

from core.errors import Invalid
from core.settings import Settings
from core.storage import secret_key
from core.storage.secret_key import session_secret

AT_ONCE = 5
START = """
import sys
from core.settings import Settings
from core.storage.secret_key import session_secret
sys.stdin.readline()
print(session_secret(Settings(data_dir=sys.argv[1])))
"""


def settings(folder, **values):
    return Settings(data_dir=folder, **values)


def test_processes_that_start_at_once_agree(tmp_path):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate()[0].strip() for process in started}
    assert keys == {(tmp_path / "secret-key").read_text()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path, monkeypatch):
    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        session_secret(settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_another_process_may_be_faster(tmp_path, monkeypatch):
    made = os.link

    def first(source, target):
        target.write_text("the key of the other process")
        made(source, target)

    monkeypatch.setattr(secret_key.os, "link", first)
    assert session_secret(settings(tmp_path)) == "the key of the other process"
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("content", ["", "\n", "abc", "a" * 64])
def test_a_file_that_holds_no_key_is_refused(tmp_path, content):
    (tmp_path / "secret-key").write_text(content)
    with pytest.raises(Invalid) as refused:
        session_secret(settings(tmp_path))
    assert "backup" in refused.value.fields["GONGKAI_SECRET_KEY"]
    assert (tmp_path / "secret-key").read_text() == content


@pytest.mark.parametrize("key", ["a", "secret", "x" * 40, "121212121212121212"])
def test_a_key_that_could_be_guessed_is_refused(tmp_path, key):
    with pytest.raises(Invalid, match="random"):
        session_secret(settings(tmp_path, secret_key=key))


@pytest.mark.parametrize("command", [("doctor",), ("tenant", "list")])
def test_commands_name_a_weak_key(gongkai, command):
    ran = gongkai(*command, "--json", GONGKAI_SECRET_KEY="a")
    assert ran.status == 1
    assert "GONGKAI_SECRET_KEY" in ran.out
    assert "Traceback" not in ran.err


def test_the_server_does_not_start_with_a_weak_key(gongkai):
    ran = gongkai("serve", GONGKAI_SECRET_KEY="a")
    assert ran.status == 1
    assert "random" in ran.err


def test_a_key_in_the_folder_stays(tmp_path):
    assert session_secret(settings(tmp_path)) == session_secret(settings(tmp_path))
    assert session_secret(settings(tmp_path, secret_key="0123456789abcdef")) == "0123456789abcdef"
