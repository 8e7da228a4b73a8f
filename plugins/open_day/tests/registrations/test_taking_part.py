"""The plugin on the core's pages, in search, at night, in the demonstration; and gone when off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import Asked, Scope, open_session, utc_now
from core.testing.factories.plugins import set_policy
from core.testing.kit import QueuedNotice, render_notice
from core.testing.pages import url_for
from plugins.open_day import jobs
from plugins.open_day.demo import load
from plugins.open_day.models.registration import EventSession, OpenDay, Registration
from plugins.open_day.notifications.outbox import queue_notice, queue_reminders
from plugins.open_day.public import blocks
from plugins.open_day.registrations.service import cancel, register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.search import search_kind
from plugins.open_day.tests.factories import OPEN, make_day, told


def sign_up(session, day, number=1):
    requested = RegistrationRequest(name="王小明", phone=f"138{number:08d}", consent=True)
    made = register(session, day, day.slots[0], requested)
    session.commit()
    return made


def test_home_navigation_and_head(client, day):
    page = client.get(url_for("portal.home"))
    assert OPEN in page.text
    assert page.select("//nav//a[contains(@href, '/open-days/')]")
    assert page.select("//link[@type='text/calendar']")


def test_nothing_is_left_where_it_is_off(client, tree, day):
    set_policy("open_day", tree.county, "off")
    page = client.get(url_for("portal.home"))
    assert OPEN not in page.text
    assert "open-days" not in str(page.data)


def test_what_the_search_box_finds(own, county, tree):
    day = make_day(own, county, body="看窗口办事")
    make_day(own, county, state="draft")
    make_day(own, tree.county, state="draft", is_template=True)
    own.commit()
    kind = search_kind()
    with open_session(Scope.platform("test")) as session:
        keys = list(kind.keys(session, county.id))
        documents = list(kind.load(session, [*keys, "999", "x"]))
    assert keys == [str(day.id)]
    assert [document.title for document in documents] == [OPEN]
    assert documents[0].path == f"open-days/{day.id}/"
    assert "看窗口办事" in documents[0].body


@pytest.mark.parametrize(("asked", "answered"), [("政务开放日什么时候", True), ("低保", False)])
def test_the_next_day_answers_who_asks_for_one(app, day, county, asked, answered):
    with app.test_request_context(), open_session(Scope.public(county)) as session:
        cards = list(blocks.answer_cards(session, Asked(typed=asked, folded=asked)))
    assert bool(cards) == answered
    if answered:
        assert OPEN in str(cards[0].title)
        assert "余20个名额" in cards[0].lines


ABOUTS = (
    "registered", "confirmed", "waiting", "promoted", "offered", "expired", "declined", "lost",
    "cancelled", "lapsed", "day_cancelled", "day_postponed", "day_changed", "reminder",
    "change_accepted", "change_refused", "phone_changed",
)  # fmt: skip


@pytest.mark.parametrize("about", ABOUTS)
def test_every_message_has_its_words(own, day, about):
    made = sign_up(own, day)
    queue_notice(own, made, about)
    notice = own.scalars(select(QueuedNotice).order_by(QueuedNotice.id.desc())).first()
    text = render_notice(notice.topic, notice.facts)
    assert OPEN in text
    assert "%(" not in text


def test_reminders_go_out_once_before_the_slot(own, county):
    day = make_day(own, county)
    sign_up(own, day)
    assert queue_reminders(own, county.id) == 0
    day.slots[0].starts_at = utc_now() + timedelta(hours=20)
    own.flush()
    assert queue_reminders(own, county.id) == 1
    assert queue_reminders(own, county.id) == 0


def test_the_round_ends_offers_and_tells_people(own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    first, second, third = (sign_up(own, day, number) for number in (1, 2, 3))
    cancel(own, first)
    second.offer_expires_at = utc_now() - timedelta(minutes=1)
    own.commit()
    jobs.run_periodic_tasks()
    own.expire_all()
    assert (second.state, third.state) == ("cancelled", "offered")
    assert told(own, second)[-1] == "expired"
    assert told(own, third)[-1] == "offered"
    before = len(told(own))
    jobs.run_periodic_tasks()
    own.expire_all()
    assert len(told(own)) == before


def test_the_round_leaves_places_alone_where_it_is_off(own, county):
    made = sign_up(own, make_day(own, county, offer_hours=24))
    made.state, made.offer_expires_at = "offered", utc_now() - timedelta(minutes=1)
    made.waiting_number = 1
    own.commit()
    set_policy("open_day", county, "off")
    jobs.run_periodic_tasks()
    own.expire_all()
    assert made.state == "offered"


def test_a_notice_of_somebody_anonymous_is_withdrawn(own, county, day):
    made = sign_up(own, day)
    jobs.daily(own, county)
    assert told(own, made) == ["confirmed"]
    made.purged_at = utc_now()
    own.flush()
    jobs.daily(own, county)
    assert told(own, made) == []


@pytest.mark.both_databases
def test_erasing_takes_this_places_data_only(own, county, tree):
    sign_up(own, make_day(own, county))
    with open_session(Scope.own(tree.town)) as session:
        make_day(session, tree.town)
    jobs.erase(own, county)
    own.commit()
    with open_session(Scope.platform("test")) as session:
        assert session.scalars(select(Registration)).all() == []
        assert [d.tenant_id for d in session.scalars(select(OpenDay))] == [tree.town.id]
        assert [s.tenant_id for s in session.scalars(select(EventSession))] == [tree.town.id]


def test_the_demonstration_is_put_in_once(own, county):
    county.division_code = "990101"  # the place that the demonstration tells of
    load(own, county)
    own.flush()
    days = own.scalars(select(OpenDay)).all()
    assert {day.mode for day in days} >= {"first_come", "lottery", "moderated"}
    assert [day.is_template for day in days].count(True) == 1
    people = len(own.scalars(select(Registration)).all())
    assert people > 10
    load(own, county)
    own.flush()
    assert len(own.scalars(select(OpenDay)).all()) == len(days)
    assert len(own.scalars(select(Registration)).all()) == people
