"""The staff's home: what waits first, only what the person may do, other places one click away."""

import pytest
from flask import Blueprint

from core.accounts.staff_menu import StaffLink, Task, contribute
from core.permissions import Action, Role
from core.testing.factories.people import PASSWORD, create_person
from core.testing.factories.trees import SISTER_TOWN, VILLAGE
from core.testing.pages import url_for


@pytest.fixture
def sign_in(tree, client):
    """Sign a person in with roles at tenants."""

    def make(username, first, *more):
        create_person(username, *first, *more)
        client.sign_in(username)

    return make


def add_feature(app, *tasks, links=()):
    """Register a feature that contributes tasks and links."""
    feature = Blueprint("feature", __name__)
    contribute(feature, tasks=[lambda *_: tasks], links=links)
    app.register_blueprint(feature)


def test_strangers_are_sent_to_sign_in_and_come_back(client, tree, sign_in):
    address = client.get(url_for("console.home"), status=302).location
    assert address == "/sign-in/?next=/990111/console/"
    page = client.get(address)
    assert page.select("//input[@name='next']/@value") == ["/990111/console/"]


def test_signing_in_leads_to_the_topmost_place_where_one_works(client, tree, sign_in):
    create_person("li", Role.CLERK, tree.village, (Role.LIAISON, tree.town))
    sent = {"username": "li", "password": PASSWORD}
    assert client.post(url_for("accounts.sign_in_submit"), sent).location == "/990111100/console/"


def test_nothing_to_do_is_said(client, tree, sign_in):
    sign_in("li", (Role.CLERK, tree.village))
    assert "目前没有待办事项" in client.get(url_for("console.home", place=VILLAGE)).text


def test_urgent_things_come_first_and_what_counts_nothing_is_left_out(app, client, tree, sign_in):
    add_feature(
        app,
        Task("平常的", "/990111/", 2, note="不急"),
        Task("没有的", "/990111/", 0),
        Task("紧急的", "/990111/", 1, urgent=True),
    )
    sign_in("li", (Role.OFFICER, tree.county))
    page = client.get(url_for("console.home"))
    titles = [link.text for link in page.select("//ul[@class='tasks']//a")]
    assert titles == ["紧急的", "平常的"]
    assert "2 项" in page.text


def test_links_and_buttons_are_for_those_who_may(app, client, tree, sign_in):
    links = [
        StaffLink("a", "甲组", "审核", "portal.home", Action.REVIEW_PUBLICATION, quick="去审核"),
        StaffLink("b", "甲组", "撰写", "portal.home", Action.WRITE_PUBLICATION, quick="发布信息"),
    ]
    add_feature(app, links=links)
    sign_in("li", (Role.CLERK, tree.village))
    page = client.get(url_for("console.home", place=VILLAGE))
    buttons = [button.text for button in page.select("//div[@class='actions']/a")]
    assert "发布信息" in buttons
    assert "去审核" not in buttons
    assert "撰写" in page.text


def test_one_switches_between_ones_places_and_goes_down(client, tree, sign_in):
    sign_in("li", (Role.OFFICER, tree.county), (Role.CLERK, tree.other_village))
    page = client.get(url_for("console.home"))
    tabs = page.select("//nav[@class='tabs']//a/@href")
    assert tabs == ["/990111/console/", "/990112100201/console/"]
    below = page.select("//section[@aria-labelledby='below']//a/@href")
    assert below == ["/990111100/console/", "/990111101/console/"]
    client.get(url_for("console.home", place=VILLAGE))


def test_a_role_does_not_reach_a_sister(client, tree, sign_in):
    sign_in("li", (Role.OFFICER, tree.town))
    client.get(url_for("console.home", place=SISTER_TOWN), status=403)
    client.get(url_for("console.home"), status=403)


def test_the_account_shows_roles_and_leads_to_the_places(client, tree, sign_in):
    sign_in("li", (Role.OFFICER, tree.county), (Role.REVIEWER, tree.nation))
    page = client.get(url_for("accounts.account"))
    rows = [" ".join(row.text_content().split()) for row in page.select("//tbody/tr")]
    assert rows == ["全国 审核员", "甲县 政务公开办"]
    assert page.select("//tbody//a/@href") == ["/990111/console/"]
