"""A reader reports a mistake without an account; whoever keeps the point puts it right."""

import pytest

from core.sdk import Scope, open_session
from core.testing.pages import url_for
from plugins.service_map.corrections import MISTAKE
from plugins.service_map.models.point import ServicePoint
from plugins.service_map.tests.console.test_points import NEW, enter_point

WORDS = {"aspects": "电话号码不对", "text": "应为 0999-5550000", "phone": "13912345678"}


@pytest.fixture
def point_id(client, county, tree, sign_in_as):
    """A point of the township."""
    sign_in_as("officer", tree.town)
    number = enter_point(client, tree.town)
    client.post(url_for("accounts.sign_out"), status=302)
    return number


def form_of(client, place, number):
    """The address of the form, as the point's page links it."""
    page = client.get(url_for("plugin_service_map_point.show", number, place=place))
    (address,) = page.select("//main//a[contains(@href, '/messages/new/')]/@href")
    return address


def case_of(client, place):
    """The page and the version of the first message that the staff of a place have."""
    desk = client.get(url_for("messages_console.index", place=place))
    page = client.get(desk.select("//main//li[@class='row']//a/@href")[0])
    return page, page.select("//input[@name='version']/@value")[0]


def test_a_mistake_is_reported_put_right_and_thanked(client, tree, point_id, sign_in_as):
    address = form_of(client, tree.town, point_id)
    ticket = client.post(address, data=WORDS, status=303).location
    sign_in_as("officer", tree.town)
    page, version = case_of(client, tree.town)
    assert "电话号码不对" in page.text
    edit = url_for("plugin_service_map_points.edit", point_id, place=tree.town)
    assert edit in page.select("//main//a/@href")
    form = client.get(edit)
    state = form.select("//input[@name='version']/@value")[0]
    changed = NEW | {"phones": "0999-5550000", "version": state}
    client.post(edit, data=changed, status=302)
    act = page.select("//form[.//button[@value='accept']]/@action")[0]
    client.post(act, data={"version": version, "act": "accept"}, status=303)
    assert "0999-5550000" in client.get(form_of_page(tree.town, point_id)).text
    assert "已经改正" in client.get(ticket).text


def form_of_page(place, number):
    return url_for("plugin_service_map_point.show", number, place=place)


def test_the_report_goes_to_the_place_of_the_point(client, county, tree, point_id):
    address = form_of(client, county, point_id)
    assert f"/{tree.town.division_code}/" in address


@pytest.mark.parametrize("key", ["0", "999999", "abc", "9" * 30])
def test_nobody_reports_what_is_not_there(client, tree, point_id, key):
    del point_id
    client.get(url_for("messages.form", MISTAKE, key, place=tree.town), status=404)


def test_a_draft_is_nobody_s_affair(client, tree, point_id):
    address = url_for("messages.form", MISTAKE, str(point_id), place=tree.town)
    client.get(address)
    with open_session(Scope.platform("test")) as session:
        session.get_one(ServicePoint, point_id).state = "draft"
    client.get(address, status=404)
