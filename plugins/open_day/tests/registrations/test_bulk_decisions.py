"""Whatever is decided for whatever people at once: seats are right, each has one outcome."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from plugins.open_day.models.registration import Registration
from plugins.open_day.registrations.bulk import decide
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import context, make_day
from plugins.open_day.tests.seats import check_seats

ROUNDS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "accept", "decline", "cancel"]),
        st.lists(st.integers(0, 7), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


@given(
    heads=st.lists(st.integers(1, 4), min_size=1, max_size=8),
    rounds=ROUNDS,
    capacity=st.integers(1, 6),
    mode=st.sampled_from(["moderated", "first_come"]),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_each_is_decided_once_or_refused_with_a_reason(
    own, county, *, heads, rounds, capacity, mode
):
    day = make_day(own, county, capacity=capacity, max_party=4, mode=mode)
    ctx = context(own, county)
    people = [
        register(
            own,
            day,
            day.slots[0],
            RegistrationRequest(
                name="甲", phone=f"138{number:08d}", people=str(count), consent=True
            ),
        )
        for number, count in enumerate(heads)
    ]
    own.commit()
    for act, picks in rounds:
        chosen = [people[pick % len(people)] for pick in picks]
        result = decide(ctx, chosen, act, "整体安排")
        assert result.count + len(result.failed) == len(chosen)
        assert all(reason for _name, reason in result.failed)
        check_seats(own, day, fits=False)
        own.commit()
    kept = own.scalars(select(Registration).where(Registration.open_day_id == day.id)).all()
    assert len(kept) == len(people)
