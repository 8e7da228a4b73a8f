"""Notes of several devices put together."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.checkin import Presence, Scan, ScanKind, replay, trusted_time

NINE = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
notes = st.lists(
    st.builds(
        Scan,
        nonce=st.text("abcdef0123456789", min_size=4, max_size=4),
        act=st.sampled_from(ScanKind),
        at=st.integers(0, 120).map(lambda minutes: NINE + timedelta(minutes=minutes)),
        heads=st.integers(1, 30),
    ),
    max_size=12,
    unique_by=lambda note: note.nonce,
)


@given(notes, st.randoms())
def test_the_order_of_arrival_changes_nothing(made, random):
    shuffled = list(made)
    random.shuffle(shuffled)
    assert replay(shuffled) == replay(made)


@given(notes, st.data())
def test_sending_twice_changes_nothing(made, data):
    again = data.draw(st.lists(st.sampled_from(made), max_size=6)) if made else []
    assert replay([*made, *again]) == replay(made)


@given(notes)
def test_nobody_is_inside_after_the_last_undo(made):
    presence = replay(made)
    if presence.inside:
        undone = [note.at for note in made if note.act is ScanKind.OUT]
        assert all(presence.since > moment for moment in undone)
    else:
        assert presence == Presence()


def test_an_undo_that_arrives_late_does_not_undo_a_later_check_in():
    made = [
        Scan("a", ScanKind.IN, NINE),
        Scan("c", ScanKind.IN, NINE + timedelta(minutes=10), 3),
        Scan("b", ScanKind.OUT, NINE + timedelta(minutes=5)),
    ]
    assert replay(made) == Presence(NINE + timedelta(minutes=10), 3)


def test_the_larger_head_count_of_two_doors_holds():
    made = [Scan("a", ScanKind.IN, NINE, 2), Scan("b", ScanKind.IN, NINE + timedelta(minutes=1), 5)]
    assert replay(made) == Presence(NINE, 5)


def test_a_clock_that_is_ahead_is_not_believed():
    assert trusted_time(NINE + timedelta(hours=3), NINE) == NINE
    assert trusted_time(NINE - timedelta(hours=3), NINE) == NINE - timedelta(hours=3)
