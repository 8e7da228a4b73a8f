"""The register of supervisors in a browser: staff and supervisor, on a phone and at a desk."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.testing.pdf import read_pdf_text

COUNTY = "990101"
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
CONSOLE = f"{COUNTY}/console/evaluation"


@pytest.fixture
def sign_in(page, site):
    """Sign in as the county's officer, on a screen."""

    def enter(screen):
        page.set_viewport_size(screen)
        page.context.clear_cookies()
        page.goto(f"{site.url}/sign-in/")
        page.fill("#username", "county-officer")
        page.fill("#password", site.sign_ins["county-officer"])
        page.click("main button[type=submit]")

    return enter


def shot(page, name):
    """Keep a picture where somebody wants to see it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()


def enter_supervisor(page, name, phone):
    page.get_by_role("link", name="录入人员", exact=True).click()
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.fill("#birth_year", "1980")
    page.fill("#unit", "县融媒体中心")
    press(page, "保存")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_supervisor_is_appointed_and_opens_the_desk(page, site, look, sign_in, screen):
    width = screen["width"]
    sign_in(screen)
    look(f"{site.url}/{CONSOLE}/supervisors/")
    shot(page, f"register-{width}")
    enter_supervisor(page, f"马志强{width}", f"1391234{width:04}")
    look()
    page.get_by_label("聘任", exact=True).check()
    press(page, "作出决定")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()
    shot(page, f"supervisor-{width}")
    with page.expect_download() as download:
        press(page, "打印聘书并生成新的专用链接（PDF）")
    letter = read_pdf_text(Path(download.value.path()).read_bytes())
    secret = re.search(r"/evaluation/desk/([\w-]+)/", letter)[1]
    page.context.clear_cookies()
    look(f"{site.url}/{COUNTY}/evaluation/desk/{secret}/")
    shot(page, f"desk-{width}")
    page.locator("#subject").select_option(index=1)
    page.fill("#why", "亲属在该单位任职")
    press(page, "申报回避")
    expect(page.get_by_text("不会安排您评议该单位")).to_be_visible()
    look()
    page.locator("#about").select_option(index=1)
    press(page, "写线索")
    expect(page.get_by_role("heading", level=1)).to_contain_text("监督员线索")
    look()
    shot(page, f"tip-{width}")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_indicators_and_findings_are_kept(page, site, look, sign_in, screen):
    width = screen["width"]
    sign_in(screen)
    look(f"{site.url}/{CONSOLE}/indicators/")
    press(page, "起草新版本")
    look()
    page.fill("#name-0", "公开及时")
    page.fill("#weight-0", "30")  # as in the set in force, of which it is a copy
    page.fill("#anchors-0", "0 未公开\n10 全面、及时公开")
    press(page, "保存草稿")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()
    shot(page, f"indicators-{width}")
    page.fill("#comment_until", "2199-01-01")
    press(page, "公开征求意见")
    expect(page.get_by_text("征求意见至2199-01-01")).to_be_visible()
    look()
    look(f"{site.url}/{COUNTY}/evaluation/indicators/")
    shot(page, f"indicators-public-{width}")
    look(f"{site.url}/{CONSOLE}/findings/")
    page.get_by_role("link", name="登记问题", exact=True).click()
    page.locator("#subject").select_option(index=1)
    page.fill("#text", "惠农补贴目录没有更新")
    page.fill("#due_on", "2199-01-01")
    press(page, "保存")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()
    page.fill("#report", "已更新目录")
    press(page, "上报整改情况")
    expect(page.get_by_label("整改到位，销号")).to_be_visible()
    look()
    shot(page, f"finding-{width}")
    page.get_by_label("整改到位，销号").check()
    press(page, "作出决定")
    expect(page.get_by_text("已保存")).to_be_visible()
    for part in ("", "findings/", "apply/"):
        look(f"{site.url}/{COUNTY}/evaluation/{part}")
        shot(page, f"public-{part.strip('/') or 'index'}-{width}")
