"""Rate limits hold over processes, end by themselves and tell nobody whom they limit."""

import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.db.base import utc_now
from core.db.scope import open_session
from core.web.rate_limit import RateLimit, hit, is_exceeded, reset

pytestmark = pytest.mark.both_databases
KEY = "look_up:640425:203.0.113.7"
WINDOW = timedelta(minutes=10)
PROCESSES, HITS, LIMIT = 3, 20, 25
SCRIPT = f"""
import sys
from datetime import timedelta
from pathlib import Path
from core.app import create_app
from core.settings import Settings
from core.web.rate_limit import hit

settings = Settings(data_dir=Path(sys.argv[2]), database_url=sys.argv[1], secret_key="tests",
                    testing=True)
with create_app(settings).app_context():
    print(sum(hit({KEY!r}, {LIMIT}, timedelta(minutes=10)) for _ in range({HITS})))
"""


def rows():
    with open_session(None) as session:
        return session.scalars(select(RateLimit)).all()


def test_a_limit_lets_so_many_through_and_no_more(app):
    assert [hit(KEY, 2, WINDOW) for _ in range(4)] == [True, True, False, False]
    assert hit("another", 2, WINDOW)


def test_it_can_be_asked_without_counting(app):
    assert not is_exceeded(KEY, 1)
    hit(KEY, 1, WINDOW)
    assert is_exceeded(KEY, 1)
    assert not is_exceeded(KEY, 2)


def test_the_window_ends_and_what_has_ended_is_removed(app):
    for key in (KEY, KEY, "another"):
        hit(key, 1, WINDOW)
    with time_machine.travel(utc_now() + WINDOW + timedelta(seconds=1), tick=False):
        assert not is_exceeded(KEY, 1)
        assert hit(KEY, 1, WINDOW)
        assert [row.hits for row in rows()] == [1]


def test_what_was_counted_can_be_forgotten(app):
    hit(KEY, 1, WINDOW)
    reset(KEY)
    assert hit(KEY, 1, WINDOW)


def test_a_hit_counts_although_the_request_fails(app):
    def fail():
        with open_session(None):
            hit(KEY, 1, WINDOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert is_exceeded(KEY, 1)


def test_the_table_holds_no_address(app):
    hit(KEY, 1, WINDOW)
    assert "203.0.113.7" not in repr([(row.key, row.hits) for row in rows()])


def test_all_processes_together_keep_the_limit(app, settings, tmp_path):
    command = [sys.executable, "-c", SCRIPT, settings.database_url, str(tmp_path / "data")]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    let_through = [int(process.communicate()[0]) for process in running]
    assert sum(let_through) == LIMIT
    assert [row.hits for row in rows()] == [PROCESSES * HITS]
