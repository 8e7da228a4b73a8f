"""Staff look at items, and change one thing at a time; what was typed is never lost."""

import pytest

from core.catalog.domain.changes import Define, Lock, Refine, Withdraw
from core.catalog.editing.review import list_revisions
from core.catalog.models import CatalogRevision
from core.db.scope import Scope, open_session
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog
from core.testing.pages import url_for


def waiting(tenant):
    with open_session(Scope.own(tenant)) as session:
        return [
            (revision.reason, [(c.op, c.item_id, c.field, c.value) for c in revision.changes])
            for revision in list_revisions(session, tenant, state="in_review")
        ]


def rows(page):
    return [row.text_content().split() for row in page.select("//tbody/tr")]


def test_pages_ask_strangers_to_sign_in(client, national):
    assert "/sign-in/" in client.get(url_for("catalog_console.items"), status=302).location


def test_a_clerk_of_a_village_does_not_work_on_the_county(staff, client):
    staff("clerk")
    client.get(url_for("catalog_console.items"), status=403)
    client.get(url_for("catalog_console.item", FIRST), status=403)
    client.get(url_for("catalog_console.domains"), status=403)
    client.get(url_for("catalog_changes.index"), status=403)


def test_the_list_says_what_each_item_is_here(staff, client, national):
    approve_changes(
        national.county, Refine(FIRST, "mode", "on_request", "proactive"), Lock(SECOND, "mode")
    )
    approve_changes(
        national.county, Define("990111-jiuzhu-001", item_fields(level2="本县自选", levels=None))
    )
    staff("office")
    texts = [" ".join(row) for row in rows(client.get(url_for("catalog_console.items")))]
    assert "本级已细化 细化 1 栏" in texts[0]
    assert "沿用上级 锁定 1 栏" in texts[1]
    assert "自选事项 未注明公开层级" in texts[2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=refined", ["政策法规文件"]),
        ("state=inherited", []),
        ("state=withdrawn", ["监督检查"]),
        ("state=without_levels", []),
        ("q=法规", ["政策法规文件"]),
        ("q=nichts", []),
        ("domain=jiuzhu&q=", ["政策法规文件"]),
        ("domain=other", []),
    ],
)
def test_filters_narrow_the_list(staff, client, national, query, found):
    approve_changes(
        national.county, Refine(FIRST, "mode", "on_request", "proactive"), Withdraw(SECOND)
    )
    staff("office")
    links = client.get(f"{url_for('catalog_console.items')}?{query}").select("//tbody//th//a")
    assert [link.text for link in links] == found


def test_a_field_is_refined_with_a_reason_and_waits_for_a_second_person(staff, client, national):
    staff("office")
    address = url_for("catalog_forms.refine", FIRST, "channels")
    form = client.get(address)
    assert form.select("//textarea[@name='channels']")[0].text.strip() == "政府网站"
    sent = {"channels": "政府网站\r\n两微一端\r\n", "reason": "县里有公众号"}
    shown = client.get(client.post(address, sent).location)
    assert "须由另一人审核" in shown.text
    assert not shown.select("//form[contains(@action,'/approve/')]")
    change = ("refine", FIRST, "channels", ["政府网站", "两微一端"])
    assert waiting(national.county) == [("县里有公众号", [change])]
    assert load_catalog(national.county).items[FIRST].fields["channels"] == ["政府网站"]
    assert "正在审核" in client.get(url_for("catalog_console.item", FIRST)).text


def test_an_own_value_is_given_up_for_the_one_from_above(staff, client, national):
    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))
    staff("office")
    address = url_for("catalog_forms.refine", FIRST, "mode")
    assert client.get(address).select("//button[@name='reset']")
    revision = client.post(address, {"reset": "1", "mode": "on_request"}).location
    client.post(f"{revision}approve/")
    assert load_catalog(national.county).items[FIRST].fields["mode"] == "proactive"
    assert not client.get(address).select("//button[@name='reset']")


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"channels": "两微一端", "reason": " "}, "reason"),
        ({"channels": "政府网站", "reason": "没变"}, "channels"),
        ({"channels": "长" * 5000, "reason": "太长"}, "channels"),
        ({"channels": "两微一端", "reason": "x", "kind": "planet"}, "kind"),
    ],
)
def test_a_refused_refinement_keeps_what_was_typed(staff, client, national, sent, at):
    staff("office")
    page = client.post(url_for("catalog_forms.refine", FIRST, "channels"), sent, status=422)
    assert page.select(f"//*[@id='{at}-error']")
    assert page.select("//textarea[@name='channels']")[0].text.strip() == sent["channels"]
    assert page.select("//textarea[@name='reason']")[0].text.strip() == sent["reason"].strip()
    assert waiting(national.county) == []


def test_every_kind_of_field_can_be_typed(staff, client, national):
    staff("office")
    typed = {
        "time_limit": ({"time_limit": "3个工作日内"}, {"raw": "3个工作日内", "rule": None}),
        "audience": (
            {"audience": "group", "audience-text": "老年人"},
            {"kind": "group", "text": "老年人"},
        ),
        "mode": ({"mode": "on_request"}, "on_request"),
        "levels": ({"levels": ["village", "county"]}, ["county", "village"]),
        "extra": ({"extra": "五公开：决策"}, {"五公开": "决策"}),
        "responsible_organ": ({"responsible_organ": "县民政局"}, ["县民政局"]),
    }
    for field, (sent, _value) in typed.items():
        client.get(url_for("catalog_forms.refine", FIRST, field))
        client.post(url_for("catalog_forms.refine", FIRST, field), sent | {"reason": "试填"})
    changes = [change for _reason, made in waiting(national.county) for change in made]
    assert {field: value for _op, _item, field, value in changes} == {
        field: value for field, (_sent, value) in typed.items()
    }


def test_a_field_locked_above_offers_no_form_and_refuses_one(staff, client, national):
    approve_changes(national.nation, Lock(FIRST, "mode"))
    staff("office")
    page = client.get(url_for("catalog_console.item", FIRST))
    row = page.select("//tr[.//th//span[starts-with(.,'公开方式')]]")[0]
    assert "全国已锁定" in row.text_content()
    assert not row.xpath(".//a")
    sent = {"mode": "on_request", "reason": "试试"}
    refused = client.post(url_for("catalog_forms.refine", FIRST, "mode"), sent, status=409)
    assert "锁定" in refused.text


def test_an_item_is_locked_for_those_below(staff, client, national):
    staff("office")
    address = url_for("catalog_forms.lock", FIRST)
    client.get(address)
    client.post(address, {"reason": "全县统一"}, status=422)
    client.post(address, {"fields": ["mode", "levels"], "reason": "全县统一"})
    [(_reason, changes)] = waiting(national.county)
    assert [(op, field) for op, _item, field, _value in changes] == [
        ("lock", "mode"),
        ("lock", "levels"),
    ]


def test_an_item_and_a_domain_are_withdrawn_with_a_reason(staff, client, national):
    staff("office")
    for address in (
        url_for("catalog_forms.withdraw", FIRST),
        url_for("catalog_forms.withdraw_domain", "jiuzhu"),
    ):
        client.get(address)
        client.post(address, {}, status=422)
        client.post(address, {"reason": "职能已划转"})
    ops = [change[0] for _reason, changes in waiting(national.county) for change in changes]
    assert ops == ["withdraw_domain", "withdraw"]
    client.get(url_for("catalog_console.domains"))


def test_a_change_can_be_limited_to_kinds_of_places(staff, client, national, platform):
    staff("office")
    sent = {"reason": "只限村", "kind": ["village"]}
    page = client.get(client.post(url_for("catalog_forms.withdraw", FIRST), sent).location)
    assert "仅适用于" in page.text
    assert platform.query(CatalogRevision).order_by(CatalogRevision.id.desc()).first().changes[
        0
    ].kinds == ["village"]


def test_an_own_item_is_defined_and_may_be_approved_alone(staff, client, national):
    staff("office")
    form = client.get(url_for("catalog_forms.define"))
    assert form.select("//input[@name='levels' and @value='county' and @checked]")
    sent = {
        "domain": "jiuzhu",
        "level1": "综合业务",
        "level2": "救助热线",
        "content_elements": "电话\n值班时间",
        "mode": "proactive",
        "levels": ["county"],
    }
    page = client.get(client.post(url_for("catalog_forms.define"), sent).location)
    assert page.select("//form[contains(@action,'/approve/')]")
    client.post(page.select("//form[contains(@action,'/approve/')]/@action")[0])
    made = load_catalog(national.county).items["990111-jiuzhu-001"]
    assert made.fields["content_elements"] == ["电话", "值班时间"]


@pytest.mark.parametrize(
    ("missing", "at"), [("domain", "domain"), ("level2", "level1"), ("levels", None)]
)
def test_a_new_item_needs_a_domain_and_a_name(staff, client, national, missing, at):
    staff("office")
    sent = {"domain": "jiuzhu", "level2": "救助热线", "levels": "county", "reason": "新增"}
    del sent[missing]
    page = client.post(url_for("catalog_forms.define"), sent, status=422 if at else 302)
    if at:
        assert page.select(f"//*[@id='{at}-error']")
        assert page.select("//textarea[@name='reason']")[0].text.strip() == "新增"


def test_a_withdrawn_item_can_be_seen_but_not_changed(staff, client, national):
    approve_changes(national.county, Withdraw(SECOND), reason="职能已划转")
    staff("office")
    page = client.get(url_for("catalog_console.item", SECOND))
    assert "职能已划转" in page.text
    assert not page.select("//a[contains(@href,'/refine/')]")
    client.get(url_for("catalog_forms.refine", SECOND, "mode"), status=404)
    client.get(url_for("catalog_console.item", "NOTHING"), status=404)


def test_a_reviewer_sees_items_without_forms(staff, client, national):
    staff("reviewer")
    page = client.get(url_for("catalog_console.item", FIRST))
    assert not page.select("//a[contains(@href,'/refine/')]")
    client.get(url_for("catalog_forms.refine", FIRST, "mode"), status=403)
