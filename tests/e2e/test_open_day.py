"""An open day from the first draft to the door, in a real browser on a phone's screen."""

import json
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

BASE = "/990101/console/open-days"
TODAY = date.today()  # noqa: DTZ011 - the browser's day too
YESTERDAY, SOON = (TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=9)).isoformat()
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
PAPER = ("print/sign-in/", "print/names/", "print/badges/")
AFTERWARDS = ("after/", "report/", "replies/", "questionnaire/", "export/")
LIST = "姓名 电话 单位\n李四 13912345678 县人大\n王五 123 县政协\n赵六 13712345678 县人大"


@pytest.fixture
def sign_in(page, site):
    """Sign in as somebody of the demonstration, on a phone's screen."""
    page.set_viewport_size(PHONE)

    def enter(username):
        page.context.clear_cookies()
        page.goto(f"{site.url}/sign-in/")
        page.fill("#username", username)
        page.fill("#password", site.sign_ins[username])
        page.click("main button[type=submit]")

    return enter


@pytest.fixture(scope="module")
def switched_on(site):
    """The plugin is on in the county."""
    site.run("plugin", "on", "open_day", "--tenant", "990101")


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()
    # A click returns once the next page begins to arrive.
    page.wait_for_load_state()


def both_widths(page, look, *addresses):
    """Look at pages on a phone and on a desk."""
    for address in addresses:
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)
            look(address)


def announced(page, site, look, sign_in, *, title, on, places, closes=None):
    """Written by one person, approved by another; gives back its number."""
    sign_in("county-officer")
    look(f"{site.url}{BASE}/new/")
    page.fill("#title", title)
    page.fill("#date", on)
    page.fill("#capacity", places)
    page.fill("#place", "县自来水厂")
    if closes:
        page.get_by_text("报名与个人信息").click()
        page.fill("#closes_at", closes)
        page.fill("#max_party", "3")
    press(page, "保存")
    look()
    number = re.search(r"open-days/(\d+)/", page.url)[1]
    for part in ("edit/", "form/", "questions/new/", "slots/new/", "series/"):
        look(f"{site.url}{BASE}/{number}/{part}")
    page.goto(f"{site.url}{BASE}/{number}/")
    press(page, "提交审批")
    sign_in("county-reviewer")
    look(f"{site.url}{BASE}/approval/")
    page.get_by_role("link", name=title).first.click()
    look()
    press(page, "批准并发布")
    look()
    sign_in("county-officer")
    look(f"{site.url}{BASE}/{number}/")
    return number


def entered(page, site, look, number):
    """One by telephone, a list of invited people with a bad row."""
    look(f"{site.url}{BASE}/{number}/enter/")
    page.fill("#name", "张三")
    page.fill("#phone", "13812345678")
    press(page, "登记")
    look()
    look(f"{site.url}{BASE}/{number}/invite/")
    page.fill("#names", LIST)
    press(page, "核对名单")
    expect(page.get_by_text("联系电话有误")).to_be_visible()
    look()
    press(page, "邀请这些人")
    look()
    both_widths(page, look, f"{site.url}{BASE}/decisions/")
    look(f"{site.url}{BASE}/{number}/people/")
    page.get_by_role("link", name="张三").click()
    look()


def checked_in(page, site, look, number):
    """One with network, one without; what was noted without it arrives once."""
    door = f"{site.url}{BASE}/{number}/door/"
    look(door)
    page.get_by_role("link", name="张三").click()
    look()
    press(page, "签到")
    look()
    without_network(page.context, door)


def without_network(context, door):
    """A tab of its own: that there is no network is no fault of the page."""
    tab = context.new_page()
    tab.goto(door)
    tab.wait_for_function("navigator.serviceWorker.controller !== null")
    tab.reload()  # now the worker keeps the page and its files
    tab.wait_for_load_state("networkidle")
    context.set_offline(True)
    tab.reload()
    tab.get_by_role("button", name="签到 李四").click()
    tab.get_by_text("待上传").wait_for()
    kept = tab.evaluate("Object.entries(localStorage).find(([k]) => k.startsWith('open-day-door'))")
    assert len(json.loads(kept[1])) == 1
    context.set_offline(False)
    tab.get_by_text("签到记录已全部上传").wait_for()
    tab.goto(door)
    expect(tab.get_by_role("button", name="撤销 李四")).to_be_visible()
    tab.close()


def looked_at_afterwards(page, site, look, number):
    """Lists for paper, the report, replies, the questionnaire, the year."""
    page.goto(f"{site.url}{BASE}/{number}/replies/")
    page.fill("#questions", "水价何时调整？听证会什么时候开，普通居民怎样报名参加旁听？")
    press(page, "添加")
    day = f"{site.url}{BASE}/{number}/"
    both_widths(page, look, *(f"{day}{part}" for part in (*PAPER, *AFTERWARDS)))
    both_widths(page, look, f"{site.url}{BASE}/year/", f"{day}cancel/")


def test_an_open_day_from_draft_to_the_door(page, site, look, sign_in, switched_on):
    title = "走进县自来水厂"
    number = announced(page, site, look, sign_in, title=title, on=YESTERDAY, places="30")
    entered(page, site, look, number)
    checked_in(page, site, look, number)
    looked_at_afterwards(page, site, look, number)


def registered(page, site, look, title, *, name, phone):
    """A citizen finds the day in the list and registers; the ticket's address."""
    page.context.clear_cookies()
    look(f"{site.url}/990101/open-days/")
    page.get_by_role("link", name=title).first.click()
    both_widths(page, look, None)
    page.get_by_role("link", name="我要报名").first.click()
    look()
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.check("#consent")
    press(page, "我要报名")
    both_widths(page, look, None)
    return page.url


def named_by_a_unit(page, site, look, sign_in, number):
    """The staff makes a unit's link; the unit names one person, and one who cannot be."""
    look(f"{site.url}{BASE}/{number}/nominations/")
    page.fill("#units", "县水务局 2")
    press(page, "添加")
    page.get_by_role("button", name="生成推荐链接").click()
    both_widths(page, look, None)
    link = page.locator("a[href*='/open-days/units/']").get_attribute("href")
    page.context.clear_cookies()
    both_widths(page, look, link)
    page.fill("#names", "周五 13812340005\n吴六 123")
    page.check("#agreed")
    press(page, "核对名单")
    both_widths(page, look, None)
    press(page, "提交")
    both_widths(page, look, None)
    sign_in("county-officer")
    both_widths(page, look, f"{site.url}{BASE}/decisions/")
    page.get_by_label("选择周五").check()
    press(page, "接受、给予名额")
    look()


def cancelled(page, look, ticket):
    """Given up by the citizen's own hand."""
    page.goto(ticket)
    page.get_by_role("link", name="取消报名").click()
    look()
    press(page, "确定取消")
    look()


def asked_afterwards(page, site, look, number, code):
    """The staff opens the questionnaire, the citizen answers with the ticket's code."""
    page.goto(f"{site.url}{BASE}/{number}/questionnaire/")
    page.check("#is_open")
    press(page, "保存")
    page.context.clear_cookies()
    both_widths(page, look, f"{site.url}/990101/open-days/{number}/questionnaire/")
    page.get_by_label("满意", exact=True).first.check()
    page.fill("#ticket", code)
    press(page, "提交")
    look()
    assert "questionnaire" not in page.url


def test_a_unit_names_people_by_its_link(page, site, look, sign_in, switched_on):
    title = "走进县政务大厅"
    number = announced(page, site, look, sign_in, title=title, on=SOON, places="20")
    named_by_a_unit(page, site, look, sign_in, number)


def test_a_citizens_whole_way(page, site, look, sign_in, switched_on):
    title = "走进县污水处理厂"
    number = announced(page, site, look, sign_in, title=title, on=SOON, places="1")
    first = registered(page, site, look, title, name="钱一", phone="13812340001")
    expect(page.locator("img[alt*='二维码']")).to_be_visible()
    ours = page.context.cookies()
    second = registered(page, site, look, title, name="孙二", phone="13812340002")
    expect(page.get_by_text("候补").first).to_be_visible()
    page.context.clear_cookies()
    page.context.add_cookies(ours)
    cancelled(page, look, first)
    page.goto(second)
    expect(page.locator("img[alt*='二维码']")).to_be_visible()
    code = page.locator("#code + p strong").inner_text()
    sign_in("county-officer")
    look(f"{site.url}{BASE}/{number}/door/")
    page.fill("#ticket", code)
    press(page, "查找")
    look()
    press(page, "签到")
    expect(page.get_by_text("已签到").first).to_be_visible()
    asked_afterwards(page, site, look, number, code)


def test_a_late_change_is_asked_for_and_decided(page, site, look, sign_in, switched_on):
    title, closes = "走进县污水处理二厂", f"{YESTERDAY}T12:00"
    number = announced(page, site, look, sign_in, title=title, on=SOON, places="20", closes=closes)
    look(f"{site.url}{BASE}/{number}/enter/")
    page.fill("#name", "郑七")
    page.fill("#phone", "13812340007")
    press(page, "登记")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))[0]
    page.context.clear_cookies()
    page.goto(f"{site.url}/990101/open-days/look-up/")
    page.fill("#phone", "13812340007")
    page.fill("#ticket", code)
    press(page, "查询")
    page.fill("#people", "2")
    press(page, "提交变更申请")
    expect(page.get_by_text("主办单位尚未答复")).to_be_visible()
    both_widths(page, look, None)
    sign_in("county-officer")
    both_widths(page, look, f"{site.url}{BASE}/decisions/")
    page.get_by_role("link", name="郑七").click()
    both_widths(page, look, None)
    press(page, "同意变更")
    look()
