"""An office replies to its evaluation, the county decides and publishes, a citizen reads both.

All of it by keyboard, on a phone for the office and at a desk for the county.
"""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

COUNTY = "990101"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
REPLY, MENDED = "窗口电话已在门户和公示栏公开", "补发了去年的决算"


@pytest.fixture
def campaign(site):
    """The number of a campaign whose offices may reply today; `end` lets that be over."""

    def run(act):
        return subprocess.run(
            [sys.executable, "-m", "tests.e2e.evaluation.reply_campaign", act], check=True,
            env=os.environ | {"GONGKAI_DATA_DIR": str(site.data_dir)}, text=True,
            capture_output=True,
        ).stdout  # fmt: skip

    return run


def test_from_the_reply_to_the_published_result(page, site, look, campaign):
    number = campaign("begin")
    console = f"{site.url}/{COUNTY}/console"

    def sign_in(username, screen):
        page.set_viewport_size(screen)
        page.context.clear_cookies()
        page.goto(f"{site.url}/sign-in/")
        page.fill("#username", username)
        page.fill("#password", site.sign_ins[username])
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="退出登录")).to_be_attached()

    def press(name):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    def type_into(selector, words):
        page.locator(selector).focus()
        page.keyboard.type(words)

    sign_in("bureau-liaison", PHONE)
    look(f"{console}/evaluation/own/")
    page.get_by_role("link", name="2031年度").focus()
    page.keyboard.press("Enter")
    type_into("#reply", REPLY)
    type_into("#mended", MENDED)
    press("提交申辩")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()

    sign_in("county-officer", DESK)
    look(f"{console}/evaluation/campaigns/{number}/")
    expect(page.get_by_role("button", name="公布结果")).to_have_count(0)
    campaign("end")
    look(f"{console}/evaluation/campaigns/{number}/")
    press("公布结果")
    expect(page.locator(".notice", has_text="申辩").first).to_be_visible()
    page.get_by_role("link", name="民政局").focus()
    page.keyboard.press("Enter")
    page.get_by_label("同意公布").focus()
    page.keyboard.press("Space")
    press("记录裁定")
    expect(page.get_by_text("已记录")).to_be_visible()
    look()
    page.goto(f"{console}/evaluation/campaigns/{number}/")
    press("公布结果")
    expect(page.get_by_text("评议结果已公布")).to_be_visible()
    look()

    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    look(f"{site.url}/{COUNTY}/evaluation/campaigns/{number}/results/")
    expect(page.get_by_text(REPLY)).to_be_visible()
    expect(page.get_by_text(MENDED)).to_be_visible()
