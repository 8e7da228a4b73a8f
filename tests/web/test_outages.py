"""While the database is busy, full or away: another try, then a 503 that keeps what was typed."""

import errno
import json
import sqlite3
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import flash, redirect, session
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from core.accounts.models import User
from core.db.engine import BUSY_MS, db
from core.db.scope import open_session
from core.outages.detection import Outage, find_outage
from core.outages.retrying import try_while_busy
from core.tenancy.models import Organ
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from core.web.access import public_form
from core.web.request import session as request_session
from core.web.retry import PATIENCE

TYPED = {
    "title": "关于<公示>&“名单”\n第二行",
    "people": ["3", "4"],
    "csrf_token": "",
    "password": "x",
}


@pytest.fixture
def patience(monkeypatch):
    """Let a request wait for other writers no longer than a moment."""
    monkeypatch.setattr("core.web.retry.PATIENCE", 0.2)
    monkeypatch.setattr("core.db.engine.BUSY_MS", 50)


class Trial:
    """A page that stores an organ; it may fail before, and keeps the cookie of each try."""

    def __init__(self, client, address):
        self._client = client
        self.address = address
        self.tries = []
        self.fail = lambda tries: None

    def view(self, ctx):
        self.tries.append(dict(session))
        flash("stored")
        session["step"] = "done"
        ctx.session.add(Organ(tenant_id=ctx.tenant.id, name="科", kind="department"))
        self.fail(len(self.tries))
        ctx.session.flush()
        return redirect("/sign-in/")

    def post(self, data=None, **options):
        return self._client.post(self.address, data or TYPED, **options)


@pytest.fixture
def form(app, client, tree):
    trial = Trial(client, f"/{tree.village.division_code}/trial/?from=1")

    def view(ctx):
        return trial.view(ctx)

    app.add_url_rule("/<code>/trial/", "trial", public_form(view), methods=["POST"])
    return trial


def organs(platform):
    return platform.scalars(select(Organ).where(Organ.name == "科")).all()


@contextmanager
def other_writer():
    """Hold SQLite's write lock."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.rollback()


def raised(sqlstate):
    original = type("Failed", (Exception,), {"sqlstate": sqlstate})()
    return OperationalError("INSERT", {}, original)


def raising(error, *, until):
    def fail(tries):
        if tries < until:
            raise error

    return fail


def test_a_page_that_cannot_be_stored_keeps_what_was_typed(form, patience, platform):
    with other_writer():
        page = form.post(status=503)
    assert page.headers["Retry-After"]
    assert "没有保存任何内容" in page.text
    assert page.select("//main//form/@action") == [form.address]
    kept = page.select("//main//form//input[@name!='csrf_token']/@value")
    assert kept == [TYPED["title"], "3", "4"]
    assert page.select("//main//form//input/@name") == ["csrf_token", "title", "people", "people"]
    assert organs(platform) == []


def test_no_message_of_an_act_that_was_rolled_back_is_shown(client, form, patience):
    with other_writer():
        page = form.post(status=503)
        assert "stored" not in page.text
    assert "stored" not in client.get(url_for("accounts.sign_in")).text
    form.post()
    assert "stored" in client.get(url_for("accounts.sign_in")).text


def test_a_wait_for_the_lock_in_vain_leaves_time_for_another_try(form, platform, monkeypatch):
    """Both times are a fifth of what they are: whoever waited as long as one can is asked again."""
    monkeypatch.setattr("core.db.engine.BUSY_MS", BUSY_MS // 5)
    monkeypatch.setattr("core.web.retry.PATIENCE", PATIENCE / 5)
    db.engine.dispose()
    with other_writer() as other:
        form.fail = lambda tries: other.rollback() if tries == 2 else None
        form.post(status=302)
    assert len(form.tries) == 2
    assert len(organs(platform)) == 1


def test_it_is_tried_again_while_there_is_time(form, platform):
    form.fail = raising(raised("40001"), until=3)
    data = TYPED | {"file": (BytesIO(b"x" * 300_000), "file.txt")}
    form.post(data)
    assert len(form.tries) == 3
    assert not any("_flashes" in before or "step" in before for before in form.tries)
    assert len(organs(platform)) == 1


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_conflicts_of_postgresql_are_tried_again(form, platform, state):
    form.fail = raising(raised(state), until=2)
    form.post()
    assert len(organs(platform)) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (raised("53100"), "磁盘"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘"),
        (raised("57P01"), "无法读取"),
    ],
)
def test_a_full_disk_and_a_stopped_database_are_said(form, error, words):
    form.fail = raising(error, until=9)
    page = form.post(status=503)
    assert words in page.text
    assert "3" in page.select("//main//form//input[@name='people']/@value")
    assert len(form.tries) == 1


def test_a_full_database_file_is_said(tree, form, platform):
    def fill(tries):
        own = request_session()
        pages = own.scalar(text("PRAGMA page_count"))
        own.execute(text(f"PRAGMA max_page_count = {pages}"))
        own.add(Organ(tenant_id=tree.village.id, name="科" * 100_000, kind="department"))

    form.fail = fill
    page = form.post(status=503)
    assert "磁盘" in page.text
    assert organs(platform) == []


def test_programs_get_the_message_as_json(form, patience):
    with other_writer():
        answer = form.post(
            status=503,
            headers={"Accept": "application/json"},
        )
    assert answer.headers["Retry-After"]
    assert json.loads(answer.data)["status"] == 503


def test_other_faults_stay_faults(form):
    form.fail = raising(
        OperationalError("x", {}, sqlite3.OperationalError("no such table")), until=9
    )
    form.post(status=500)
    assert len(form.tries) == 1


def test_signing_in_while_the_database_is_locked(client, tree, patience):
    create_person("clerk", "clerk", tree.village)
    with other_writer():
        page = client.post(
            url_for("accounts.sign_in_submit"), {"username": "clerk", "password": "x"}, status=503
        )
    assert page.select("//main//form//input[@name='username']/@value") == ["clerk"]


@pytest.mark.both_databases
def test_transactions_that_lose_a_conflict_are_seen_as_such(app):
    """Two transactions that wait for each other's row: one of them is told."""
    with open_session(None) as session:
        session.add_all(
            User(username=name, name=name, password_hash="x") for name in ("first", "second")
        )
    failures = []
    meeting = threading.Barrier(2)

    def change(first, second):
        with app.app_context(), db.engine.connect() as connection:
            try:
                for name in (first, second):
                    connection.execute(
                        text("UPDATE user_account SET name = 'x' WHERE username = :n"), {"n": name}
                    )
                    if name == first and db.engine.dialect.name == "postgresql":
                        meeting.wait(5)
                connection.commit()
            except OperationalError as error:
                failures.append(find_outage(error))

    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as early, other_writer():
            early.exec_driver_sql("PRAGMA busy_timeout=10")
            with pytest.raises(OperationalError) as caught:
                early.execute(text("UPDATE user_account SET name = 'x'"))
        failures.append(find_outage(caught.value))
    else:
        workers = [
            threading.Thread(target=change, args=names)
            for names in (("first", "second"), ("second", "first"))
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert failures == [Outage.BUSY]


def test_work_is_given_up_when_its_time_is_over(app):
    tries = []

    def fail():
        tries.append(1)
        raise raised("40001")

    with pytest.raises(OperationalError):
        try_while_busy(fail, seconds=0)
    assert len(tries) == 1
