"""The county's officer decides about a feature in a browser, on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import expect

CONSOLE = "/990101/console/plugins/"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture(params=SIZES)
def officer(request, page, look, site):
    """Signed in at the county's office."""
    page.set_viewport_size(SIZES[request.param])
    look(f"{site.url}/sign-in/")
    page.get_by_label("账号").fill("county-officer")
    page.get_by_label("密码").fill(site.sign_ins["county-officer"])
    page.get_by_role("button", name="登录").click()
    return page


def test_a_feature_is_switched_off_in_two_townships_and_back(officer, look, site):
    look(f"{site.url}{CONSOLE}")
    officer.locator("#content").get_by_role("link", name="政务开放日").click()
    look()
    for word, state in (("关闭", "未开启"), ("恢复为上级决定（撤销本处的决定）", "已开启")):
        officer.get_by_role("checkbox", name="禾川县", exact=True).uncheck()
        for town in ("青石镇", "柳河镇"):
            officer.get_by_role("checkbox", name=town, exact=True).check()
        officer.get_by_role("radio", name=word, exact=True).check()
        officer.get_by_role("button", name="预览影响").click()
        look()
        expect(officer.get_by_text("以下为预览，尚未保存。")).to_be_visible()
        officer.get_by_role("button", name="保存（2 处）").click()
        look()
        row = officer.get_by_role("row", name=re.compile("青石镇"))
        expect(row.get_by_text(state, exact=True)).to_be_visible()


def test_its_data_is_not_erased_while_it_is_on(officer, look, site):
    look(f"{site.url}{CONSOLE}open_day/")
    officer.get_by_role("link", name="清除数据…").click()
    look()
    officer.get_by_label("理由").fill("试验")
    officer.get_by_label("请输入功能名称以确认").fill("政务开放日")
    officer.get_by_role("button", name="永久清除").click()
    expect(officer.get_by_role("alert")).to_contain_text("请先关闭这项功能")
