"""An enquiry from the form to its publication, looked at on a phone and at a desk on every page."""

import re

from playwright.sync_api import expect

COUNTY, ORGAN = "990101", "禾川县民政局"
SENDER = "13912345679"
QUESTION, REPLY = "冬天取暖补贴什么时候发？", "2027年1月20日前通过“一卡通”发放。"


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def open_case(office, site, tab, number):
    """Open the enquiry on the desk of whoever is signed in."""
    office.page.goto(f"{site.url}/{COUNTY}/console/messages/?tab={tab}&kind=portal.enquiry")
    office.page.get_by_role("link", name=number).click()
    office.page.wait_for_load_state()


def test_an_enquiry_is_asked_forwarded_answered_and_published(site, office, citizen):
    number = ask(citizen, site)
    forward(office, site, number)
    answer(office, site, number)
    review(office)
    publish(office)
    read(citizen, site, number)


def ask(citizen, site):
    """Nothing typed is lost where a message leaves something open."""
    page = citizen.page
    citizen.look(f"{site.url}/{COUNTY}/")
    page.get_by_role("link", name="我要咨询").first.click()
    citizen.look_twice(None)
    page.get_by_label(re.compile("同意隐去姓名")).check()
    press(page, "提交")
    citizen.look_twice(None)
    expect(page.get_by_label(re.compile("同意隐去姓名"))).to_be_checked()
    page.fill("#text", QUESTION)
    page.fill("#phone", SENDER)
    press(page, "提交")
    citizen.look_twice(None)
    return page.locator("main strong.number").inner_text()


def forward(office, site, number):
    """The county's office gives it to the bureau, which reads why."""
    office.as_person("county-liaison")
    office.look_twice(f"{site.url}/{COUNTY}/console/messages/")
    open_case(office, site, "open", number)
    office.look_twice(None)
    page = office.page
    page.get_by_text("转办、转其他渠道或办结").click()
    press(page, "转办")
    office.look_twice(None)
    page.locator("#organ_id").select_option(label=ORGAN)
    page.fill("#note", "属你局职责")
    press(page, "转办")
    office.look()


def answer(office, site, number):
    """The bureau writes a reply, gets it back with a reason, and hands it in again."""
    page = office.page
    for reply in ("马上发。", REPLY):
        office.as_person("bureau-liaison")
        open_case(office, site, "open", number)
        office.look()
        page.fill("#reply", reply)
        press(page, "提交审核")
        office.as_person("bureau-reviewer")
        open_case(office, site, "review", number)
        if reply != REPLY:
            page.locator("main summary").filter(has_text="退回修改").click()
            press(page, "退回修改")
            office.look_twice(None)
            page.fill("#note", "请写明日期")
            press(page, "退回修改")


def review(office):
    """A second person lets the reply go with one press."""
    press(office.page, "审核通过并答复")
    office.look_twice(None)


def publish(office):
    """The sender agreed, so both texts are put before everybody, in the office's words."""
    page = office.page
    expect(page.locator("#public_text")).to_have_value(QUESTION)
    press(page, "公开")
    office.look_twice(None)
    expect(page.locator("main summary").filter(has_text="取消公开")).to_be_visible()


def read(citizen, site, number):
    """Everybody reads question and reply; a wrong phone finds nothing and loses nothing."""
    page = citizen.page
    citizen.look_twice(f"{site.url}/{COUNTY}/messages/")
    page.locator("main").get_by_role("link", name=QUESTION).first.click()
    citizen.look_twice(None)
    expect(page.locator("main")).to_contain_text(REPLY)
    assert SENDER not in page.content()
    page.goto(f"{site.url}/{COUNTY}/messages/look-up/")
    page.fill("#number", number)
    page.fill("#phone", "13900000000")
    press(page, "查找")
    citizen.look_twice(None)
    expect(page.locator("#number")).to_have_value(number)
    page.fill("#phone", SENDER)
    press(page, "查找")
    press(page, "提交")
    citizen.look_twice(None)
    page.get_by_label("基本满意").check()
    press(page, "提交")
    citizen.look()
