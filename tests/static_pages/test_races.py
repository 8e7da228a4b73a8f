"""Writers of pages and what changes them, interleaved in every order and cut off anywhere."""

import os
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.static_pages import writing
from core.static_pages.changing import ChangeNote, is_changing
from core.static_pages.folder import StaticFolder
from core.static_pages.writing import PlaceOutcome
from tests.static_pages.files import place_named, publish, sent, write

LONGEST_TURN = 60


class Turns:
    """Two threads, of which each goes on to its next step when it is its turn."""

    def __init__(self):
        self.waiting = {"writer": threading.Semaphore(0), "changer": threading.Semaphore(0)}
        self.stopped = {"writer": threading.Semaphore(0), "changer": threading.Semaphore(0)}
        self.ended: set[str] = set()
        self.steps: list[str] = []
        self.errors: list[BaseException] = []

    def pause(self, step):
        """Wait for the next turn, if a thread of ours runs."""
        name = threading.current_thread().name
        if name in self.waiting:
            self.steps.append(step)
            self.stopped[name].release()
            assert self.waiting[name].acquire(timeout=LONGEST_TURN)

    def start(self, name, app, work):
        def run():
            try:
                with app.app_context():
                    self.pause("start")
                    work()
            except BaseException as error:  # noqa: BLE001 - told by the test
                self.errors.append(error)
            self.ended.add(name)
            self.stopped[name].release()

        thread = threading.Thread(target=run, name=name)
        thread.start()
        assert self.stopped[name].acquire(timeout=LONGEST_TURN)
        return thread

    def give(self, name):
        """Let a thread do its next step, and wait for the end of that."""
        if name not in self.ended:
            self.waiting[name].release()
            assert self.stopped[name].acquire(timeout=LONGEST_TURN)


def before(turns, monkeypatch, owner, name):
    """Have a function wait for its turn before it does anything."""
    function = getattr(owner, name)

    def paused(*arguments, **options):
        turns.pause(name)
        return function(*arguments, **options)

    monkeypatch.setattr(owner, name, paused)


def title_shown(code):
    file = sent(code)
    return file.read_text("utf-8") if file.exists() else ""


@pytest.mark.both_databases
def test_no_order_of_writing_and_changing_leaves_an_old_page(app, tree, monkeypatch):
    monkeypatch.setattr(writing, "MOST_PAGES", 1)
    code, numbers = tree.county.division_code, iter(range(10_000))

    @given(st.lists(st.sampled_from(("writer", "changer")), min_size=6, max_size=12))
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(schedule):
        number = next(numbers)
        title = f"第{number}号通知"
        turns = Turns()
        with pytest.MonkeyPatch.context() as patch:
            before(turns, patch, writing, "_read_stamp")
            before(turns, patch, StaticFolder, "link")
            before(turns, patch, StaticFolder, "take_down")
            before(turns, patch, ChangeNote, "release")
            threads = [
                turns.start("writer", app, lambda: write(code)),
                turns.start("changer", app, lambda: publish(tree.county, title)),
            ]
            for name in (*schedule, *("changer", "writer") * 12):
                turns.give(name)
            for thread in threads:
                thread.join(LONGEST_TURN)
        assert turns.errors == []
        assert title in (title_shown(code) or title), turns.steps
        write(code)
        assert title in title_shown(code)

    check()


def test_who_ends_between_taking_away_and_committing_stops_nobody(app, tree, folder):
    write("990111")
    place = place_named(tree.county)
    child = os.fork()
    if child == 0:
        ChangeNote(folder, [place.chain])
        os._exit(0)  # killed: nothing was taken away, and the note lies there
    os.waitpid(child, 0)
    assert sent("990111").exists()
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.OVERTAKEN]
    assert not sent("990111").exists()
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.WRITTEN]


def test_nobody_links_what_a_living_transaction_changes(app, tree, folder):
    place, below, other = map(place_named, (tree.county, tree.village, tree.other_county))
    note = ChangeNote(folder, [place.chain])
    try:
        assert is_changing(folder, place.chain)
        assert is_changing(folder, below.chain)
        assert not is_changing(folder, other.chain)
        assert [result.outcome for result in write("990111")] == [PlaceOutcome.OVERTAKEN]
        assert [result.outcome for result in write("990112")] == [PlaceOutcome.WRITTEN]
    finally:
        note.release()
    assert not is_changing(folder, place.chain)
    assert [result.outcome for result in write("990111")] == [PlaceOutcome.WRITTEN]


def test_what_cannot_be_taken_away_is_not_changed(app, tree, monkeypatch):
    write("990111")
    before_change = title_shown("990111")

    def refuse(*_):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(StaticFolder, "take_down", refuse)
        with pytest.raises(PermissionError):
            publish(tree.county, "不该出现的通知")
    assert title_shown("990111") == before_change
    write("990111")  # ends the change that was left behind
    write("990111")
    assert "不该出现的通知" not in title_shown("990111")
