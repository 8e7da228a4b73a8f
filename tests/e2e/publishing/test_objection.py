"""N22, N32: an objection to a list on a phone, from the page of the list to its correction."""

import re

import pytest
from playwright.sync_api import expect

VILLAGE = "/990101100204/"
TITLE = "柳湾村2026年耕地地力保护补贴面积公示"
TOLD = "这一户去年已经退耕两亩。"
SENDER = "13912345671"


@pytest.fixture
def staff(open_browser, site):
    """Staff of the village and the township, on a phone."""
    person = open_browser({"width": 390, "height": 844})
    person.page.on("dialog", lambda dialog: dialog.accept())

    def enter(username):
        person.context.clear_cookies()
        person.page.goto(f"{site.url}/sign-in/")
        person.page.fill("#username", username)
        person.page.fill("#password", site.sign_ins[username])
        person.page.click("main button[type=submit]")
        person.page.wait_for_load_state()

    person.enter = enter
    return person


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def test_an_objection_goes_from_the_list_to_its_correction(citizen, staff, site):
    number = object_to(citizen, site)
    decide(staff, site, number)
    correct(staff)
    pass_correction(staff)
    read(citizen, site, number)


def object_to(citizen, site):
    """Nothing typed is lost where the row does not exist; no name is asked for."""
    page = citizen.look(f"{site.url}{VILLAGE}publications/?genre=公示")
    page.locator("main").get_by_role("link", name=TITLE).click()
    citizen.look_twice(None)
    panel = page.get_by_role("region", name="对公示有异议的")
    expect(panel).to_contain_text("含当日")
    expect(panel).to_contain_text("收到异议 2 件，已处理 1 件")
    panel.get_by_role("link", name="网上提出异议").click()
    citizen.look_twice(None)
    page.fill("#row_number", "9")
    page.fill("#text", TOLD)
    page.fill("#phone", SENDER)
    press(page, "提交")
    citizen.look_twice(None)
    expect(page.locator("#text")).to_have_value(TOLD)
    page.fill("#row_number", "2")
    press(page, "提交")
    citizen.look_twice(None)
    return page.locator("main strong.number").inner_text()


def decide(staff, site, number):
    """The village answers, the township's reviewer lets the reply go."""
    page = staff.page
    staff.enter("village-clerk")
    page.goto(f"{site.url}{VILLAGE}console/messages/")
    page.get_by_role("link", name=re.compile(number)).click()
    staff.look()
    page.fill("#reply", "经核实，反映属实。")
    press(page, "提交审核")
    staff.look()
    expect(page.locator("#reply")).to_have_value("经核实，反映属实。")
    page.get_by_label("成立：更正名单").check()
    press(page, "提交审核")
    staff.look()
    staff.enter("town-reviewer")
    page.goto(f"{site.url}{VILLAGE}console/messages/?tab=review")
    page.get_by_role("link", name=re.compile(number)).click()
    press(page, "审核通过并答复")
    staff.look()


def correct(staff):
    """The to-do list leads to the list's objections, and the button there to its correction."""
    page = staff.page
    staff.enter("village-clerk")
    page.get_by_role("link", name="异议成立、待更正的名单").click()
    page.wait_for_load_state()
    staff.look_twice(None)
    press(page, "更正名单")
    page.fill("#note", "经核实异议成立，更正第2行。")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("审核中")


def pass_correction(staff):
    page = staff.page
    staff.enter("town-reviewer")
    page.get_by_role("link", name=re.compile("待审核的公开信息")).click()
    page.get_by_role("link", name=TITLE).click()
    for check in page.locator("[name=checks]").all():
        check.check()
    page.get_by_role("button", name="通过并公开").click()
    page.wait_for_load_state()
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)


def read(citizen, site, number):
    """The sender finds the reply again; everybody reads totals and the note, never who it was."""
    page = citizen.look(f"{site.url}{VILLAGE}messages/look-up/")
    page.fill("#number", number)
    page.fill("#phone", SENDER)
    press(page, "查找")
    expect(page.locator("main")).to_contain_text("成立：更正名单")
    citizen.look_twice(None)
    page.locator("main dl").get_by_role("link", name=TITLE).click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("经核实异议成立，更正第2行")
    expect(page.locator("main")).to_contain_text("收到异议 3 件，已处理 2 件")
    assert SENDER not in page.content()
    assert TOLD not in page.content()
