"""Who was let in without network and without a place leaves a trace: who, when, how many."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import utc_now
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.open_day.followup.statistics import load_figures
from plugins.open_day.models.registration import OpenDayEvent
from plugins.open_day.registrations.service import cancel, register
from plugins.open_day.registrations.validation import RegistrationRequest

AT = utc_now() - timedelta(minutes=20)


@pytest.fixture
def cancelled(own, county, day):
    """Somebody who had a place for two and gave it up after the list was on the device."""
    request = RegistrationRequest(name="王小明", phone="13800138000", people="2", consent=True)
    day.max_party = 2
    made = register(own, day, day.slots[0], request)
    cancel(own, made)
    own.commit()
    return made


@pytest.fixture
def door(client, county):
    create_person("clerk", "clerk", county)
    client.sign_in("clerk")
    return client


def bring(door, day, *notes):
    """Hand over what a device noted without network."""
    told = [{"at": AT.isoformat(), "heads": 2, **note} for note in notes]
    address = url_for("plugin_open_day_door.upload", day.id)
    answer = door.post(address, json={"device": "d1", "notes": told}, status=200)
    return [note["outcome"] for note in json.loads(answer.data)["notes"]]


@pytest.mark.both_databases
def test_an_admission_without_a_place_is_kept_with_who_and_when(own, county, day, cancelled, door):
    note = {"code": cancelled.code, "nonce": "n" * 16, "act": "in"}
    assert bring(door, day, note) == ["exception"]
    assert bring(door, day, note) == ["repeated"]
    own.expire_all()
    assert (cancelled.state, cancelled.attended_count) == ("cancelled", 2)
    assert day.slots[0].taken == 0
    event = own.scalars(select(OpenDayEvent).where(OpenDayEvent.move == "admitted")).one()
    assert (event.registration_id, event.actor_name) == (cancelled.id, "clerk 某")
    assert abs(event.at - AT) < timedelta(seconds=1)
    page = door.get(url_for("plugin_open_day_door.index", day.id))
    assert "无名额入场" in page.text
    assert "王小明" in page.text
    figures = load_figures(own, [day])
    assert (figures.expected, figures.came, figures.walked_in) == (0, 2, 2)
    assert (figures.exceptions, figures.no_shows) == (2, 0)


@pytest.mark.both_databases
def test_an_undone_admission_counts_no_more(own, day, cancelled, door):
    later = (AT + timedelta(minutes=1)).isoformat()
    bring(door, day, {"code": cancelled.code, "nonce": "n" * 16, "act": "in"})
    bring(door, day, {"code": cancelled.code, "nonce": "m" * 16, "act": "out", "at": later})
    own.expire_all()
    assert cancelled.attended_count is None
    assert "王小明" not in door.get(url_for("plugin_open_day_door.index", day.id)).text
    assert load_figures(own, [day]).exceptions == 0


def test_with_network_whoever_has_no_place_is_refused(own, day, cancelled, door):
    door.post(url_for("plugin_open_day_door.note", day.id), {"ticket": cancelled.code})
    own.expire_all()
    assert cancelled.attended_count is None
    page = door.get(url_for("plugin_open_day_door.index", day.id))
    assert "没有名额" in page.text
