"""The pages of the county's officer, and what a township sees of them."""

import pytest
from sqlalchemy import select

from core.plugins.activation.decisions import store_policy
from core.plugins.activation.enabled import is_on, report_fault
from core.plugins.activation.rules import Policy
from core.plugins.activation.settings import get_plugin_settings
from core.plugins.models import PluginDecision, PluginErasure
from core.testing.factories.trees import COUNTY, TOWN
from core.testing.pages import url_for

pytestmark = pytest.mark.usefixtures("booth")


@pytest.fixture
def officer(client, officers):
    client.sign_in("county")
    return client


@pytest.fixture
def town(client, officers):
    client.sign_in("town")
    return client


@pytest.fixture
def on_everywhere(platform, officers, tree):
    store_policy(platform, officers.county, "booth", Policy.ON, [tree.county], reason="全县试行")
    platform.commit()


def control(page, name):
    return page.select(f"//*[@name='{name}']")[0]


def test_the_county_sees_every_feature_with_its_reason(officer, on_everywhere):
    page = officer.get(url_for("plugins_console.index"))
    row = page.select("//tr[contains(., '插件booth')]")[0].text_content()
    for words in ("已开启", "甲县已开启。", "全县试行", "county 某", "6 处中 6 处已开启"):
        assert words in row
    assert "尚无决定。" in page.select("//tr[contains(., '插件fair')]")[0].text_content()
    assert page.select("//nav//a[contains(@href, 'console/plugins/')]")


def test_nobody_but_officers_comes_in(client, officers, tree):
    client.get(url_for("plugins_console.index"), status=302)
    client.sign_in("town")
    client.get(url_for("plugins_console.index"), status=403)
    client.get(url_for("plugins_console.show", "booth", place=TOWN))
    client.get(url_for("plugins_console.show", "nothing", place=TOWN), status=404)


def test_what_was_filled_in_stays_when_places_are_filtered(officer, tree):
    sent = {"word": "on", "reason": "先行试点", "place": ["990111"], "to_level": "village"}
    page = officer.post(
        url_for("plugins_console.narrow", "booth"), sent | {"to_q": "东镇"}, status=200
    )
    assert control(page, "reason").text.strip() == "先行试点"
    assert page.select("//input[@name='word'][@checked]/@value") == ["on"]
    assert page.select("//input[@name='level']/@value") == ["village"]
    assert page.select("//input[@id='q']/@value") == ["东镇"]
    assert "西镇" not in page.select("//tbody")[0].text_content()


def test_an_effect_is_seen_before_it_is_stored(officer, tree, platform):
    sent = {"word": "on", "place": ["990111100", "990111101"], "reason": "先行"}
    page = officer.post(url_for("plugins_console.preview", "booth"), sent, status=200)
    assert "将开启 6 处，关闭 0 处。" in page.text
    assert platform.scalars(select(PluginDecision)).all() == []
    kept = {
        name: page.select(f"//main//input[@name='{name}']/@value")
        for name in ("word", "place", "reason")
    }
    page = officer.post(url_for("plugins_console.store", "booth"), kept)
    assert is_on("booth", tree.village)
    assert "已保存，涉及 2 处。" in officer.get(page.location).text


def test_all_that_the_filter_lists_is_chosen_at_once(officer, tree):
    page = officer.get(url_for("plugins_console.show", "booth", level="village", q="东镇"))
    assert len(page.select("//tbody//input[@name='place']")) == 2
    sent = {"word": "pinned", "every": "1", "level": "village", "q": "东镇"}
    page = officer.post(url_for("plugins_console.preview", "booth"), sent, status=200)
    assert len(page.select("//main//input[@name='place']")) == 2


def test_what_is_missing_is_said_and_what_was_typed_stays(officer):
    page = officer.post(url_for("plugins_console.preview", "booth"), {"reason": "因为"}, status=422)
    assert page.select("//*[@id='word-error']")
    assert page.select("//*[@id='place-error']")
    assert control(page, "reason").text.strip() == "因为"
    page = officer.post(
        url_for("plugins_console.preview", "booth"), {"word": "x", "place": "1"}, status=422
    )
    assert page.select("//*[@id='place-error']")


def test_what_is_refused_is_left_out_of_what_is_stored(officer, platform, officers, tree):
    store_policy(platform, officers.county, "booth", Policy.PINNED, [tree.town])
    platform.commit()
    sent = {"word": "off", "place": ["990111101", "990111100201"]}
    page = officer.post(url_for("plugins_console.preview", "booth"), sent, status=200)
    assert "上级已固定开启或禁用" in page.text
    assert page.select("//main//input[@name='place']/@value") == ["990111101"]
    page = officer.post(url_for("plugins_console.store", "booth"), sent, status=409)
    assert "其间上级已另有决定" in page.text
    assert len(platform.scalars(select(PluginDecision)).all()) == 1


def test_a_town_sees_what_it_may_do(town, on_everywhere, tree):
    page = town.get(url_for("plugins_console.show", "booth", place=TOWN))
    assert page.select("//input[@name='word']/@value") == ["off", "inherit"]
    address = url_for("plugins_console.store", "booth", place=TOWN)
    town.post(address, {"word": "off", "place": "990111100"})
    assert not is_on("booth", tree.village)
    assert is_on("booth", tree.sister_town)
    town.post(address, {"word": "on", "place": "990111100"}, status=403)
    town.post(address, {"word": "inherit", "place": "990111100"})
    assert is_on("booth", tree.village)


def test_a_place_that_is_not_below_cannot_be_chosen(town, on_everywhere):
    sent = {"word": "off", "place": ["990111101", "990111"]}
    page = town.post(url_for("plugins_console.preview", "booth", place=TOWN), sent, status=422)
    assert page.select("//*[@id='place-error']")


def test_a_quarantine_shows_its_failures_and_is_released(officer, on_everywhere, tree):
    for number in range(5):
        report_fault("booth", tree.county, "home_blocks", f"no {number}", "abc123\nTraceback")
    page = officer.get(url_for("plugins_console.show", "booth"))
    assert "已暂停" in page.text
    for words in ("home_blocks", "no 4", "abc123", "Traceback"):
        assert words in page.text
    assert "多次出错的“插件booth”待恢复" in officer.get(url_for("console.home")).text
    officer.post(url_for("plugins_console.release", "booth"))
    assert is_on("booth", tree.county)
    officer.post(url_for("plugins_console.release", "booth"), status=409)


def form(page):
    """The settings as the browser would send them back."""
    sent = {}
    for field in page.select("//main//form//*[@name]"):
        name = field.get("name")
        if field.tag == "select":
            sent[name] = field.xpath("option[@selected]/@value")[0]
        elif field.tag == "textarea":
            sent[name] = (field.text or "").strip("\n")
        elif field.get("type") != "checkbox" or field.get("checked") is not None:
            sent.setdefault(name, []).append(field.get("value"))
    return sent


def test_sending_the_form_back_untouched_changes_nothing(officer, platform):
    page = officer.get(url_for("plugins_settings.edit", "booth"))
    page = officer.post(url_for("plugins_settings.edit", "booth"), form(page))
    assert "没有改动。" in officer.get(page.location).text


def test_values_are_inherited_with_their_origin_and_locks(officer, tree):
    sent = form(officer.get(url_for("plugins_settings.edit", "booth")))
    sent |= {"places": "30", "lock-places": "1", "closes": "18"}
    sent.pop("open")
    officer.post(url_for("plugins_settings.edit", "booth"), sent)
    found = get_plugin_settings("booth", tree.village)
    assert (found["places"], found["closes"], found["open"]) == (30, 18, False)
    officer.sign_out()
    officer.sign_in("town")
    address = url_for("plugins_settings.edit", "booth", place=TOWN)
    page = officer.get(address)
    assert "沿用甲县的设置，已锁定。" in page.text
    assert page.select("//*[@name='places']") == []
    assert page.select("//*[starts-with(@name, 'lock-')]") == []
    sent = form(page) | {"places": "5", "greeting": "您好"}
    officer.post(address, sent)
    found = get_plugin_settings("booth", tree.village)
    assert (found["places"], found["greeting"]) == (30, "您好")
    page = officer.get(address)
    assert "取消本处设置，沿用上级的值：欢迎" in page.text
    officer.post(address, form(page) | {"reset-greeting": "1"})
    assert get_plugin_settings("booth", tree.village)["greeting"] == "欢迎"


def test_a_value_changed_above_meanwhile_is_not_pinned_by_an_untouched_form(officer, tree):
    page = officer.get(url_for("plugins_settings.edit", "booth", place=TOWN))
    above = form(officer.get(url_for("plugins_settings.edit", "booth"))) | {"places": "99"}
    officer.post(url_for("plugins_settings.edit", "booth"), above)
    officer.post(
        url_for("plugins_settings.edit", "booth", place=TOWN),
        form(page) | {"greeting": "东镇欢迎您"},
    )
    assert get_plugin_settings("booth", tree.town)["places"] == 99


def test_wrong_values_are_said_at_their_fields_and_nothing_is_stored(officer, tree):
    address = url_for("plugins_settings.edit", "booth")
    page = officer.get(address)
    sent = form(page) | {"places": "很多", "greeting": "新"}
    page = officer.post(address, sent, status=422)
    assert "请填写整数。" in page.text
    assert control(page, "places").get("value") == "很多"
    assert control(page, "greeting").get("value") == "新"
    assert get_plugin_settings("booth", tree.county)["greeting"] == "欢迎"
    sent = form(page) | {"places": "20", "opens": "18"}
    page = officer.post(address, sent, status=422)
    assert "结束须晚于开始" in page.text
    officer.post(address, form(page) | {"closes": "20"})
    found = get_plugin_settings("booth", tree.county)
    assert (found["opens"], found["closes"]) == (18, 20)


def test_a_secret_is_never_shown_again_and_kept_when_left_empty(officer, tree):
    address = url_for("plugins_settings.edit", "booth")
    sent = form(officer.get(address)) | {"key": "s3cret"}
    officer.post(address, sent)
    page = officer.get(address)
    assert b"s3cret" not in page.data
    assert "已设置，不再显示" in page.text
    officer.post(address, form(page) | {"places": "7"})
    assert get_plugin_settings("booth", tree.county)["key"] == "s3cret"
    late = form(page) | {"places": "8", "key": "an0ther"}
    assert b"an0ther" not in officer.post(address, late, status=409).data
    page = officer.get(address)
    wrong = form(page) | {"places": "x", "key": "an0ther"}
    assert b"an0ther" not in officer.post(address, wrong, status=422).data
    officer.post(address, form(page) | {"reset-key": "1"})
    assert get_plugin_settings("booth", tree.county)["key"] == ""


def test_what_the_plugin_finds_wrong_stands_there_with_its_remedy(officer):
    sent = form(officer.get(url_for("plugins_settings.edit", "booth"))) | {"places": "200"}
    page = officer.get(officer.post(url_for("plugins_settings.edit", "booth"), sent).location)
    assert "名额多于会场座位" in page.text
    assert "把名额降到100以内" in page.text


def test_a_feature_without_settings_has_no_such_page(officer):
    officer.get(url_for("plugins_settings.edit", "fair"), status=404)


def erase(client, place=COUNTY, *, status=302, **changed):
    sent = {"where": "here", "typed": "插件booth", "reason": "活动已结束"} | changed
    return client.post(url_for("plugins_erasure.erase", "booth", place=place), sent, status=status)


def test_erasing_is_confirmed_by_name_and_leaves_a_record(officer, platform, tree, erased):
    page = officer.get(url_for("plugins_erasure.erase", "booth"))
    assert "姓名和电话" in page.text
    page = erase(officer, typed="booths", reason=" ", status=422)
    assert page.select("//*[@id='typed-error']")
    assert page.select("//*[@id='reason-error']")
    assert erased == []
    page = officer.get(erase(officer).location)
    assert erased == ["990111"]
    assert "活动已结束" in page.text
    row = platform.scalars(select(PluginErasure)).one()
    assert (row.tenant_id, row.plugin, row.user.name) == (tree.county.id, "booth", "county 某")


def test_erasing_below_goes_on_where_one_place_fails(officer, platform, erased):
    page = officer.get(erase(officer, where="below").location)
    assert "以下地方清除失败，数据未动：西镇。" in page.text
    assert len(erased) == 6
    assert len(platform.scalars(select(PluginErasure)).all()) == 6


def test_what_is_on_is_not_erased(officer, on_everywhere, erased):
    page = erase(officer, status=409)
    assert "请先关闭这项功能" in page.text
    assert erased == []


def test_a_town_erases_nothing(town, erased):
    erase(town, TOWN, status=403)
    assert erased == []


def test_a_feature_that_cannot_erase_says_so(officer):
    assert "不提供数据清除" in officer.get(url_for("plugins_erasure.erase", "fair")).text
