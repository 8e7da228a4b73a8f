"""An open day from the first draft to the door, in a real browser on a phone's screen."""

import json
import re
from datetime import date, timedelta

import pytest

BASE = "/990101/console/open-days"
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011 - the browser's day too
LIST = "姓名 电话 单位\n李四 13912345678 县人大\n王五 123 县政协\n赵六 13712345678 县人大"


@pytest.fixture
def sign_in(page, site):
    """Sign in as somebody of the demonstration, on a phone's screen."""
    page.set_viewport_size({"width": 390, "height": 800})

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


def announced(page, site, look, sign_in):
    """Written by one person, approved by another; gives back its number."""
    sign_in("county-officer")
    look(f"{site.url}{BASE}/new/")
    page.fill("#title", "走进县自来水厂")
    page.fill("#date", YESTERDAY)
    page.fill("#capacity", "30")
    page.fill("#place", "县自来水厂")
    press(page, "保存")
    look()
    number = re.search(r"open-days/(\d+)/", page.url)[1]
    for part in ("edit/", "form/", "questions/new/", "slots/new/", "series/"):
        look(f"{site.url}{BASE}/{number}/{part}")
    page.goto(f"{site.url}{BASE}/{number}/")
    press(page, "提交审批")
    sign_in("county-reviewer")
    look(f"{site.url}{BASE}/approval/")
    page.get_by_role("link", name="走进县自来水厂").first.click()
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
    press(page, "邀请")
    assert page.get_by_text("联系电话有误").is_visible()
    look()
    look(f"{site.url}{BASE}/{number}/nominations/")
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
    assert tab.get_by_role("button", name="撤销 李四").is_visible()
    tab.close()


def test_an_open_day_from_draft_to_the_door(page, site, look, sign_in, switched_on):
    number = announced(page, site, look, sign_in)
    entered(page, site, look, number)
    checked_in(page, site, look, number)
