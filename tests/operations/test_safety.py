"""`gongkai doctor` sees what an attacker would like, and what breaks without a word."""

import os
import shutil
import signal
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import current_app

from core.accounts.models import User
from core.db.base import utc_now
from core.db.engine import db
from core.db.scope import open_session
from core.demo.sign_ins import DEMO_PASSWORD
from core.jobs.presence import WorkerPresence, forget_dead, leave, list_workers, tell, this_host
from core.operations import safety
from core.operations.checks import run_checks
from core.operations.safety import run_safety_checks
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.workflow.api import NewFile, start_publication
from core.storage.files import current_files
from core.testing.shortcuts import CHEAP_HASHER

DEMO_CLERK = "county-officer"


class Usage(NamedTuple):
    """What a disk says of itself, in bytes."""

    total: int
    used: int
    free: int


def check(name):
    every = [*run_checks(current_app), *run_safety_checks(database_ready=True)]
    [found] = [each for each in every if each.name == name]
    return found


def is_failed(name):
    found = check(name)
    assert found.ok or found.remedy
    return not found.ok


def test_all_is_well_at_first(app):
    assert all(each.ok for each in run_safety_checks(database_ready=True))
    assert check("jobs").remedy  # none runs yet: a warning


def test_data_that_others_can_read(app, settings):
    settings.data_dir.chmod(0o755)
    assert is_failed("privacy")
    assert str(settings.data_dir) in check("privacy").detail


def test_a_configuration_with_passwords_that_others_can_read(app, tmp_path, monkeypatch):
    folder = tmp_path / "etc"
    folder.mkdir()
    folder.chmod(0o755)
    config = folder / "gongkai.env"
    config.write_text("GONGKAI_MEILI_KEY=x")
    monkeypatch.setenv("GONGKAI_CONFIG", str(config))
    config.chmod(0o644)
    assert is_failed("privacy")
    config.chmod(0o600)
    assert not is_failed("privacy")


ROOM = [(1, False, True), (500, True, True), (9000, True, False)]


@pytest.mark.parametrize(("megabytes", "ok", "warned"), ROOM)
def test_a_full_disk(app, monkeypatch, megabytes, ok, warned):
    usage = Usage(10**12, 0, megabytes * safety.MEGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert (check("disk").ok, bool(check("disk").remedy)) == (ok, warned)


@pytest.fixture
def start_worker(app):
    """Start processes that have said that they work, and then do nothing; none outlives the test.

    One that did would hold the pipes of a browser open, which waits for their end.
    """
    running = set()

    def start():
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            db.engine.dispose(close=False)
            with open_session(None) as session:
                forget_dead(session)
                tell(session)
            os.write(writer, b"1")
            signal.pause()
        running.add(child)
        assert os.read(reader, 1) == b"1"
        os.close(reader)
        os.close(writer)
        return child

    def kill(process):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        running.discard(process)

    start.kill = kill
    yield start
    for process in set(running):
        kill(process)


@pytest.mark.both_databases
def test_a_worker_that_was_killed_is_noticed_at_once(start_worker):
    first = start_worker()
    assert not check("jobs").remedy
    start_worker.kill(first)
    assert is_failed("jobs")
    assert str(first) in check("jobs").detail
    start_worker()  # has taken over
    assert not check("jobs").remedy


def test_a_worker_elsewhere_is_dead_when_it_is_silent(app):
    with open_session(None) as session:
        session.add(WorkerPresence(host="elsewhere", process=1))
    assert not check("jobs").remedy
    for moment in (utc_now() - timedelta(minutes=1), utc_now() + timedelta(days=400)):
        with open_session(None) as session:
            session.get(WorkerPresence, ("elsewhere", 1)).seen_at = moment
        assert is_failed("jobs")


def test_a_worker_that_was_stopped_is_no_dead_one(app):
    with open_session(None) as session:
        tell(session)
        session.flush()
        tell(session)
        assert len(list_workers(session)) == 1
        leave(session)
    assert check("jobs").ok


def test_a_missing_file_is_named(app, tree, platform, settings):
    content = Content(title="公告", organ_id=None)
    file = NewFile("说明.txt", "内容".encode())
    start_publication(platform, OPERATOR, tree.village, content, [file])
    platform.commit()
    assert not is_failed("files")
    [path] = [path for path in (settings.data_dir / "files").rglob("*") if path.is_file()]
    whole = path.read_bytes()
    path.write_bytes(b"")
    assert is_failed("files")
    path.unlink()
    assert "说明.txt" in check("files").detail
    current_files().put(whole)
    assert not is_failed("files")


@pytest.fixture
def clerk(app, platform):
    user = User(username=DEMO_CLERK, name="王", password_hash=CHEAP_HASHER.hash(DEMO_PASSWORD))
    platform.add(user)
    platform.commit()
    return user


def test_the_demonstrations_passwords(app, tree, platform, clerk):
    assert is_failed("passwords")
    assert clerk.username in check("passwords").detail
    clerk.active = False
    platform.commit()
    assert not is_failed("passwords")


def test_a_demonstration_has_them(app, tree, platform, clerk):
    for county in (tree.county, tree.other_county):
        platform.merge(county).profile = {"is_demo": True}
    platform.commit()
    names = [each.name for each in run_safety_checks(database_ready=True)]
    assert "passwords" not in names


def test_an_address_that_is_not_configured(app, tree, settings):
    assert "GONGKAI_PUBLIC_URL" in check("address").remedy
    configured = app.extensions["gongkai"]
    configured.public_url = "http://www.gov.example"
    assert "HTTPS" in check("address").remedy
    configured.public_url = "https://www.gov.example"
    assert not check("address").remedy


def test_the_program_says_it(gongkai, tree, settings):
    settings.data_dir.chmod(0o755)
    ran = gongkai("doctor", "--json")
    found = {each["name"]: each for each in ran.json["checks"]}
    assert ran.status == 1
    assert {"privacy", "disk", "jobs", "files", "passwords", "address"} <= set(found)
    assert not found["privacy"]["ok"]
    assert gongkai("init").status == 0
    repaired = {each["name"]: each["ok"] for each in gongkai("doctor", "--json").json["checks"]}
    assert repaired["privacy"]


def test_a_killed_worker_that_nobody_has_asked_after_yet_is_dead(app):
    """It is a zombie then: its number is still taken, but nothing runs."""
    process = os.fork()
    if process == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    with open_session(None) as session:
        session.add(WorkerPresence(host=this_host(), process=process))
    assert is_failed("jobs")
    with open_session(None) as session:
        forget_dead(session)
        assert list_workers(session) == []
    os.waitpid(process, 0)
