"""Types of a county's own: with the fields that they ask for, inherited below."""

from core.sdk import Scope, open_session
from core.testing.pages import url_for
from plugins.service_map.points.types import load_types

OWN = {
    "label": "公厕",
    "asked": "蹲位：数字\n等级：一类/二类/三类\n无障碍：是否\n管理单位",
    "aliases": "公共厕所",
    "is_used": "1",
}


def save(client, status=302, **data):
    return client.post(url_for("plugin_service_map_types.save"), data, status=status)


def test_a_type_of_the_county_is_offered_in_its_villages(client, county, tree, sign_in_as):
    sign_in_as("officer", county)
    save(client, **OWN)
    with open_session(Scope.own(tree.village)) as session:
        schema = load_types(session, tree.village)["公厕"]
    assert [field.kind.value for field in schema.fields] == ["number", "choice", "yes_no", "text"]
    assert schema.fields[1].choices == ("一类", "二类", "三类")
    form = client.get(url_for("plugin_service_map_points.new", place=tree.village, type="公厕"))
    assert form.select("//select[@name='detail_等级']/option[text()='二类']")
    point = {"name": "集市公厕", "type": "公厕", "detail_蹲位": "8", "detail_等级": "二类"}
    page = client.post(url_for("plugin_service_map_points.create", place=tree.village), point)
    shown = client.get(page.location)
    assert shown.select("//input[@name='detail_蹲位']/@value") == ["8"]


def test_a_built_in_type_keeps_its_values_under_another_name(client, county, sign_in_as):
    sign_in_as("officer", county)
    changed = {"key": "hall", "label": "政务大厅", "asked": "窗口数：数字", "is_used": "1"}
    save(client, **changed)
    with open_session(Scope.own(county)) as session:
        schema = load_types(session, county)["hall"]
    assert (schema.label, [field.key for field in schema.fields]) == ("政务大厅", ["windows"])
    save(client, key="board", label="公示栏")
    with open_session(Scope.own(county)) as session:
        assert "board" not in load_types(session, county)


def test_two_types_of_one_name_are_refused_and_nothing_typed_is_lost(client, county, sign_in_as):
    sign_in_as("officer", county)
    page = save(client, 422, **OWN | {"label": "公示栏"})
    assert page.select("//*[@id='label-error']")
    assert "蹲位" in page.select("//textarea[@name='asked']")[0].text
