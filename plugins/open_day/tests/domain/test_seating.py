"""Seats are given in order, never more than there are, and a draw can be repeated."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.allocation import Party, Seats, allocate, draw, drawn_order

PARTIES = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([None, 1, 2])), max_size=30).map(
    lambda drawn: [
        Party(number, people, category) for number, (people, category) in enumerate(drawn, 1)
    ]
)
QUOTAS = st.dictionaries(st.sampled_from([1, 2]), st.integers(0, 20))


@given(PARTIES, st.integers(0, 40), QUOTAS)
def test_never_more_people_than_seats(parties, free, quotas):
    allocated = allocate(parties, Seats(free, dict(quotas)))
    assert sum(party.people for party in allocated) <= free
    for category, seats in quotas.items():
        assert sum(party.people for party in allocated if party.category == category) <= seats


@given(PARTIES, st.integers(0, 40), QUOTAS)
def test_the_order_is_kept_and_only_those_who_do_not_fit_are_passed_over(parties, free, quotas):
    allocated = allocate(parties, Seats(free, dict(quotas)))
    assert [party.number for party in allocated] == sorted(party.number for party in allocated)
    left = Seats(free, dict(quotas))
    for party in parties:
        assert (party in allocated) == left.fits(party)
        if party in allocated:
            left.take(party)


@given(PARTIES, st.integers(0, 40), QUOTAS)
def test_asking_again_seats_nobody_else(parties, free, quotas):
    seats = Seats(free, dict(quotas))
    allocated = allocate(parties, seats)
    assert not allocate([party for party in parties if party not in allocated], seats)


@given(PARTIES, st.text(min_size=1), st.integers(0, 40), QUOTAS)
def test_a_draw_is_the_same_for_everybody_who_repeats_it(parties, seed, free, quotas):
    order, winners = draw(parties, seed, Seats(free, dict(quotas)))
    assert (order, winners) == draw(parties[::-1], seed, Seats(free, dict(quotas)))
    assert sorted(order) == [party.number for party in parties]
    assert [number for number in order if number in winners] == winners


def test_a_known_draw():
    assert drawn_order(range(1, 8), "2026-05-20") == drawn_order(range(7, 0, -1), "2026-05-20")
    assert drawn_order(range(1, 8), "2026-05-20") != drawn_order(range(1, 8), "2026-05-21")
