"""An evaluation as people work on it: county, supervisor on a phone without network, citizen."""

import os

import pytest
from playwright.sync_api import expect

COUNTY = "990101"
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}


@pytest.fixture
def sign_in(page, site):
    """Sign in as somebody of the demonstration."""

    def enter(username, screen):
        page.set_viewport_size(screen)
        page.context.clear_cookies()
        page.goto(f"{site.url}/sign-in/")
        page.fill("#username", username)
        page.fill("#password", site.sign_ins[username])
        page.click("main button[type=submit]")

    return enter


def shot(page, name):
    """Keep a picture where somebody wants to see it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def press(page, text):
    page.get_by_role("button", name=text, exact=True).first.click()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_county_prepares_and_starts_a_campaign(page, site, look, sign_in, screen):
    width = screen["width"]
    sign_in("county-officer", screen)
    look(f"{site.url}/{COUNTY}/console/evaluation/campaigns/")
    shot(page, f"campaigns-{width}")
    page.get_by_role("link", name="准备一次评议").click()
    look()
    page.fill("#title", f"专项评议{width}")
    page.locator("input[name=organs]").first.check()
    page.locator("input[name=townships]").first.check()
    shot(page, f"campaign-form-{width}")
    press(page, "保存")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()
    press(page, "启动评议")
    expect(page.get_by_text("评议已启动")).to_be_visible()
    look()
    shot(page, f"campaign-{width}")
    page.get_by_role("link", name="评分分派", exact=True).click()
    look()
    press(page, "抽取缺少的监督员")
    expect(page.get_by_text("监督员已分派")).to_be_visible()
    shot(page, f"assignments-{width}")
    page.get_by_role("link", name="进度", exact=True).click()
    page.locator("main table a").first.click()
    look()
    shot(page, f"subject-{width}")


def test_a_supervisor_scores_on_a_phone_that_loses_the_network(page, site, look):
    page.set_viewport_size(PHONE)
    for number in (1, 2, 3):
        look(f"{site.url}/{COUNTY}/evaluation/desk/demo-supervisor-{number}/")
        work = page.locator(".row", has_text="待评分").locator("a")
        if work.count():
            break
    shot(page, "supervisor-desk")
    work.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="提交评分")).to_be_visible()
    look()
    shot(page, "score-form")
    for radio in page.locator("fieldset").all():
        radio.locator("input[type=radio]").first.focus()
        page.keyboard.press("Space")
    page.locator("#text").focus()
    page.keyboard.type("栏目更新及时")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交评分").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("现在没有网络")).to_be_visible()
    shot(page, "score-offline")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("您在本机上填过的内容已经补上")).to_be_visible()
    expect(page.locator("#text")).to_have_value("栏目更新及时")
    page.get_by_role("button", name="提交评分").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("评分已提交")).to_be_visible()
    shot(page, "scored")
    page.wait_for_function("Object.keys(localStorage).every(key => !key.startsWith('evaluation-'))")


def test_a_citizen_reads_the_result(page, site, look):
    page.set_viewport_size(PHONE)
    look(f"{site.url}/{COUNTY}/evaluation/")
    page.get_by_role("link", name="历年情况").click()
    look()
    expect(page.get_by_text("年度政务公开监督员评议").first).to_be_visible()
    shot(page, "result")
