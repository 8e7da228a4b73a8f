"""Whatever people do in whatever order: counts are right, nobody is passed over who fits."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sdk import Conflict, Invalid, utc_now
from plugins.open_day.registrations.changes import change_people, change_slot
from plugins.open_day.registrations.service import cancel, register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.registrations.waitlist import accept_offer, expire_offers, promote
from plugins.open_day.tests.factories import add_category, make_day
from plugins.open_day.tests.seats import check_seats

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["register", "register", "cancel", "resize", "move", "accept", "expire"]),
        st.integers(0, 50),
        st.integers(1, 4),
    ),
    max_size=25,
)


def act(session, day, made, chosen):
    what, which, people = chosen
    if what == "register":
        requested = RegistrationRequest(
            name="甲",
            phone=f"139{len(made):08d}",
            people=str(people),
            category="students" if which % 2 else "residents",
            consent=True,
        )
        made.append(register(session, day, day.slots[which % 2], requested))
    elif what == "expire":
        expire_offers(session, day.slots[which % 2].id, utc_now() + timedelta(hours=30))
    elif made:
        mine = made[which % len(made)]
        {
            "cancel": lambda: cancel(session, mine),
            "resize": lambda: change_people(session, mine, people),
            "move": lambda: change_slot(session, mine, day.slots[people % 2]),
            "accept": lambda: accept_offer(session, mine),
        }[what]()


@pytest.mark.parametrize("offer_hours", [None, 24])
@given(acts=ACTS, seed=st.integers(0, 10))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_seats_and_waiting_list_hold(own, county, offer_hours, acts, seed):
    capacity = random.Random(seed).randint(1, 6)
    day = make_day(own, county, slots=2, capacity=capacity, max_party=4, offer_hours=offer_hours)
    add_category(own, day, "residents", "居民")
    add_category(own, day, "students", "学生", seats=max(1, capacity // 2))
    own.commit()
    made = []
    for chosen in acts:
        try:
            act(own, day, made, chosen)
        except (Conflict, Invalid):
            own.rollback()
        own.commit()
        if chosen[0] != "register" and made:
            # Somebody who waits with more people than before may fit now, or fit less.
            for slot in day.slots:
                promote(own, slot.id)
        check_seats(own, day)
        own.commit()
