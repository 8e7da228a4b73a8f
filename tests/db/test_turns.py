"""Long writing in pieces: nothing else is done while a piece holds the database's lock."""

import gc

import pytest

from core.db.scope import Scope, open_session
from core.db.turns import WriterTurns

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
