"""Long writing in pieces: nothing else is done while a piece holds the database's lock."""

import gc
import threading
import time

import pytest
from sqlalchemy import text

from core.db.locks import try_lock
from core.db.scope import Scope, open_session
from core.db.turns import WriterTurns, begin_writing

MANY = 2_000


@pytest.fixture
def turns(app):
    with open_session(Scope.platform("turns")) as session:
        yield WriterTurns(session)


@pytest.fixture
def collected():
    """Where garbage was looked for, with every object that is made."""
    places, where = [], ["between"]

    def note(phase, _info):
        if phase == "start":
            places.append(where[0])

    thresholds = gc.get_threshold()
    gc.callbacks.append(note)
    gc.set_threshold(10, 2, 2)
    yield places, where
    gc.set_threshold(*thresholds)
    gc.callbacks.remove(note)


def make_garbage():
    return [[number] for number in range(MANY)]


def test_no_piece_looks_for_garbage_while_others_wait(turns, collected):
    places, where = collected

    def work():
        where[0] = "inside"
        made = make_garbage()
        where[0] = "between"
        return len(made)

    assert [turns.take(work) for _ in range(3)] == [MANY] * 3
    make_garbage()
    assert "inside" not in places
    assert "between" in places


def test_garbage_is_looked_for_again_after_a_piece_that_failed(turns):
    def work():
        raise ValueError("no line")

    with pytest.raises(ValueError, match="no line"):
        turns.take(work)
    assert gc.isenabled()


def test_whoever_looks_for_no_garbage_goes_on_so(turns):
    gc.disable()
    try:
        turns.take(make_garbage)
        assert not gc.isenabled()
    finally:
        gc.enable()


class Writer:
    """Somebody who waits for SQLite's lock in a thread of his own, and notes that he had it."""

    def __init__(self, app, name, had):
        self._app, self._name, self._had = app, name, had
        self.thread = threading.Thread(target=self._write)
        self.thread.start()

    def _write(self):
        with self._app.app_context(), open_session(Scope.platform("turns")) as session:
            begin_writing(session)
            self._had.append(self._name)


def wait_until(condition):
    ends = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.001)


def is_waiting_room_taken():
    lock = try_lock("writers", here=True)
    if lock is not None:
        lock.release()
    return lock is None


def test_newcomers_do_not_write_before_who_waits_at_the_lock(app):
    """SQLite has who waits long look seldom, so that newcomers, who look often, would be first."""
    had, latecomers = [], 8
    with open_session(Scope.platform("turns")) as holder:
        begin_writing(holder)
        first = Writer(app, "first", had)
        wait_until(is_waiting_room_taken)
        others = [Writer(app, "later", had) for _ in range(latecomers)]
    for writer in (first, *others):
        writer.thread.join()
    assert had == ["first"] + ["later"] * latecomers


def test_whoever_has_the_lock_leaves_the_waiting_room(app):
    with open_session(Scope.platform("turns")) as session:
        begin_writing(session)
        assert session.scalar(text("SELECT 1")) == 1
        assert not is_waiting_room_taken()
