"""Pages with open days are kept, and end at each moment at which what they say changes."""

from datetime import timedelta

import pytest

from core.sdk import Scope, open_session, utc_now
from core.testing.pages import url_for
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import make_day


@pytest.fixture
def settings(settings):
    return settings.changed(page_cache="on")


def is_kept(client, address):
    first = client.get(address)
    return "ETag" in first.headers and client.get(address).data == first.data


def test_the_words_of_a_day_change_at_its_moments_without_any_write(county, client, set_clock):
    start = utc_now()
    set_clock(start)
    with open_session(Scope.own(county)) as session:
        day = make_day(
            session,
            county,
            opens_at=start + timedelta(minutes=10),
            closes_at=start + timedelta(minutes=20),
        )
        number = day.id
        for timed in (day, day.slots[0]):
            timed.starts_at = start + timedelta(minutes=30)
            timed.ends_at = start + timedelta(minutes=40)
    pages = [
        url_for("plugin_open_day.show", number),
        url_for("plugin_open_day.index"),
        url_for("portal.home"),
    ]
    seen = []
    for minutes in (0, 10, 20, 30, 40):
        if minutes:
            set_clock(start + timedelta(minutes=minutes, seconds=-1))
            before = [client.get(address).data for address in pages]
            assert before == seen[-1], minutes
        set_clock(start + timedelta(minutes=minutes))
        assert all(is_kept(client, address) for address in pages), minutes
        seen.append([client.get(address).data for address in pages])
    for address, states in zip(pages, zip(*seen, strict=True), strict=True):
        opens, is_open, closed, begun, over = states
        assert len({opens, is_open, closed}) == 3, address
        assert begun != over, address


def test_a_registration_is_seen_at_once(own, county, client):
    day = make_day(own, county, capacity=1, slot={"waiting_on": False})
    own.commit()
    address = url_for("plugin_open_day.show", day.id)
    assert is_kept(client, address)
    assert "余1个名额" in client.get(address).text
    register(
        own,
        day,
        day.slots[0],
        RegistrationRequest(name="王小明", phone="13800138000", consent=True),
    )
    own.commit()
    assert "余1个名额" not in client.get(address).text


def test_the_form_is_made_for_each_browser(county, client, day):
    assert not is_kept(
        client, url_for("plugin_open_day_registration.form", day.id, day.slots[0].id)
    )
