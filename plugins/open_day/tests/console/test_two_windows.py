"""Two people at one session of an open day: whoever saves second sees both, and loses nothing."""

import pytest
from lxml import html

from core.testing.factories.people import create_person
from core.testing.pages import url_for


@pytest.fixture
def liaison(client, county):
    create_person("liaison", "liaison", county)
    client.sign_in("liaison")
    return client


def read_form(page, action):
    forms = html.document_fromstring(page.data.decode()).forms
    form = next(form for form in forms if form.get("action") == action)
    return dict(form.form_values())


def test_whoever_saves_second_sees_both_and_may_save_on_top(liaison, own, day):
    slot = day.slots[0]
    address = url_for("plugin_open_day_plan.edit_slot", day.id, slot.id)
    mine = read_form(liaison.get(address), address) | {"reserved": "2", "waiting_limit": "7"}
    theirs = read_form(liaison.get(address), address) | {"reserved": "1"}
    liaison.post(address, theirs)
    page = liaison.post(
        address, mine, headers={"Referer": f"http://localhost{address}"}, status=409
    )
    (row,) = [row for row in page.select("//main//table//tr") if "预留" in row.text_content()]
    assert row.text_content().split()[-1] == "12"  # theirs, then mine
    again = read_form(page, address)
    assert (again["reserved"], again["waiting_limit"]) == ("2", "7")
    assert again["version"] != mine["version"]
    own.refresh(slot)
    assert slot.reserved == 1
    liaison.post(address, again)
    own.refresh(slot)
    assert (slot.reserved, slot.waiting_limit) == (2, 7)
