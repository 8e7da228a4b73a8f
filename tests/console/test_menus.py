"""The staff menu leads nowhere that ends in a refusal, whoever looks at it and wherever."""

import pytest

from core.db.scope import Scope, open_session
from core.permissions import Role
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.pages import url_for

MENU = "//nav[contains(@class, 'console')]//a/@href | //div[@class='actions']/a/@href"
LEVELS = ("county", "town", "village")


@pytest.fixture
def everything_on(tree, plugin_on):
    """Every plugin that adds to the menu is on."""
    for name in ("open_day", "notice_board"):
        plugin_on(name, tree.county)


def enter(client, role: Role, tenant, *, for_one_organ: bool):
    """Sign in as somebody with this role and fetch the staff's home."""
    organ_id = None
    if for_one_organ:
        with open_session(Scope.platform("test")) as session:
            organ_id = ensure_organ(session, tenant, f"{tenant.name}民政所").id
    create_person("somebody", role, tenant, organ_id=organ_id)
    client.sign_in("somebody")
    return client.get(url_for("console.home", place=tenant))


@pytest.mark.usefixtures("everything_on")
@pytest.mark.parametrize("for_one_organ", [False, True], ids=["whole", "organ"])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_menu_opens(client, tree, role, level, for_one_organ):
    home = enter(client, role, getattr(tree, level), for_one_organ=for_one_organ)
    links = home.select(MENU)
    assert links
    for link in dict.fromkeys(links):
        client.get(link)


def test_from_above_too(client, tree, everything_on):
    enter(client, Role.OFFICER, tree.county, for_one_organ=False)
    for place in (tree.town, tree.village):
        for link in client.get(url_for("console.home", place=place)).select(MENU):
            client.get(link)


def test_a_village_clerk_is_not_offered_what_counties_do(client, tree, everything_on):
    home = enter(client, Role.CLERK, tree.village, for_one_organ=False)
    assert "信息公开" in home.text
    for label in ("下级差异", "变更审核", "上传目录", "上传表格"):
        assert label not in home.text


def test_only_a_county_has_a_button_for_uploads(client, tree, everything_on):
    create_person("li", Role.OFFICER, tree.county, (Role.OFFICER, tree.town))
    client.sign_in("li")
    buttons = "//div[@class='actions']/a"
    county = client.get(url_for("console.home")).select(buttons)
    town = client.get(url_for("console.home", place=tree.town)).select(buttons)
    assert "上传目录" in [button.text for button in county]
    assert "上传目录" not in [button.text for button in town]


def test_a_refusal_names_the_place(client, tree):
    create_person("li", Role.CLERK, tree.village)
    client.sign_in("li")
    page = client.get(url_for("console.home"), status=403)
    assert "甲县" in page.text
    assert "990111" not in page.select("//main")[0].text_content()
    assert not page.select(MENU)
