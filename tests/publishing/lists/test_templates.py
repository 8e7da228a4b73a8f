"""Templates of items: folded along the levels, brought into the form, checked with the list."""

import pytest

from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session
from core.errors import Forbidden, Invalid
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.lists.item_templates.applying import check_template, map_columns
from core.publishing.lists.item_templates.model import (
    ItemTemplate,
    TemplateColumn,
    build_text,
    fold_layers,
    list_differences,
)
from core.publishing.lists.item_templates.service import load_template, save_template
from core.testing.factories.catalog import define_items
from core.testing.factories.trees import COUNTY, VILLAGE
from core.testing.pages import url_for

ITEM = "9901-butie-1"
AREA = TemplateColumn("area", "面积", ColumnType.NUMBER, "亩", required=True)
MINOR = TemplateColumn("minor", "姓名", ColumnType.NAME, protected=True)


def test_a_level_stores_only_what_it_changes():
    above = ItemTemplate((AREA,), {"opening": "现将{item}公示如下：", "phone": "1"}, "公示", 7)
    wanted = ItemTemplate((AREA,), {"opening": "现将{item}公示如下：", "phone": "2"}, "公示", 5)
    said = list_differences(above, wanted)
    assert said == {"publicity_days": 5, "phrases": {"phone": "2"}}
    upper = list_differences(None, above)
    assert fold_layers([upper, said]) == wanted
    assert fold_layers([]) is None


def test_words_stand_in_their_order_and_braces_of_others_stay():
    template = ItemTemplate(phrases={"signature": "{organ}", "opening": "现将{item}公示{x}："})
    assert build_text(template, {"item": "补贴", "organ": "村委会"}) == "现将补贴公示{x}：\n村委会"


def test_columns_are_found_by_name_and_what_is_missing_or_extra_is_said(app):
    template = ItemTemplate((AREA, TemplateColumn("amount", "金额", ColumnType.MONEY, "元")))
    data = ListData(
        (TypedColumn("c1", "补贴金额", ColumnType.NUMBER), TypedColumn("c2", "备注")),
        (("5", ""),),
    )
    mapped = map_columns(data, template)
    assert [(one.key, one.type, one.unit) for one in mapped.columns] == [
        ("amount", ColumnType.MONEY, "元"),
        ("c2", ColumnType.TEXT, ""),
    ]
    with app.test_request_context():
        found = {each.severity: each.message for each in check_template(mapped, template)}
    assert "面积" in found["error"]
    assert "备注" in found["warning"]


@pytest.mark.parametrize(("cell", "wrong"), [("王小明", 1), ("王*明", 0), ("王某", 0), ("", 0)])
def test_protected_cells_must_be_masked(app, cell, wrong):
    data = ListData((MINOR.to_column(),), ((cell,),))
    with app.test_request_context():
        assert len(list(check_template(data, ItemTemplate((MINOR,))))) == wrong


@pytest.fixture
def item(tree, people):
    """An item of the county whose name has a national default."""
    named = {ITEM: ("耕地地力保护补贴", ["village", "county"])}
    define_items(tree.county, "butie", "农业补贴", named)
    with open_session(Scope.own(tree.county)) as session:
        return effective_catalog(session, tree.county).catalog.items[ITEM]


@pytest.mark.both_databases
def test_the_county_refines_the_nation_and_the_village_the_county(tree, people, item):
    with open_session(Scope.own(tree.county)) as session:
        template = load_template(session, tree.county, item)
        assert [column.name for column in template.columns][:2] == ["户主", "面积"]
        wanted = ItemTemplate(template.columns, {**template.phrases, "phone": "电话：0999-1"})
        with pytest.raises(Invalid):
            save_template(session, people.officer, tree.county, item, wanted, reason=" ")
        with pytest.raises(Forbidden):
            save_template(session, people.clerk, tree.county, item, wanted, reason="x")
        assert save_template(session, people.officer, tree.county, item, wanted, reason="本县电话")
        session.commit()
        assert not save_template(session, people.officer, tree.county, item, wanted, reason="再")
    with open_session(Scope.own(tree.village)) as session:
        found = load_template(session, tree.village, item)
        assert found.phrases["phone"] == "电话：0999-1"
        assert found.phrases["objection"].startswith("如有异议，请于公示期内")


def test_choosing_the_item_brings_its_template_into_the_form(sign_in, item, village):
    page = sign_in("clerk").get(url_for("publishing_console.new", place=VILLAGE, item=ITEM))
    names = page.select("//input[starts-with(@name,'list_name-')]/@value")
    assert names == ["户主", "面积", "标准", "金额", "备注"]
    body = page.select("//textarea[@name='body']")[0].text
    assert "现将耕地地力保护补贴有关情况公示如下：" in body
    assert "（提倡实名）" in body
    assert page.select("//input[@name='publicity_days']/@value") == ["7"]
    assert page.select("//select[@name='genre']/option[@selected]/@value") == ["公示"]


def test_the_county_edits_a_template_on_its_page(sign_in, item, tree):
    client = sign_in("officer")
    assert "耕地地力保护补贴" in client.get(url_for("item_templates.index", place=COUNTY)).text
    address = url_for("item_templates.edit", ITEM, place=COUNTY)
    [version] = client.get(address).select("//input[@name='version']/@value")
    sent = {
        "version": version,
        "name-0": "户主",
        "type-0": "name",
        "key-0": "household",
        "required-0": "yes",
    }
    sent |= {"opening": "公示如下：", "day_kind": "working", "publicity_days": "5"}
    page = client.post(url_for("item_templates.save", ITEM, place=COUNTY), sent, status=422)
    assert page.select("//input[@name='opening' or @name='name-0']/@value") == ["户主"]
    client.post(url_for("item_templates.save", ITEM, place=COUNTY), sent | {"reason": "本县做法"})
    page = client.get(address)
    assert "本县做法" in page.text
    assert page.select("//input[@name='publicity_days']/@value") == ["5"]
