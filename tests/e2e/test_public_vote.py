"""A public vote from the plan to the result: office at a desk, citizens on phones."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
VOTES = "/990101/console/evaluation/votes/"
DEPARTMENT = re.compile("局$")


@pytest.fixture
def vote(site, office):
    """A vote that the office has planned and opened; its number."""
    office.as_person("county-officer")
    page, look = office.page, office.look
    look(f"{site.url}{VOTES}new/")
    page.get_by_label("标题").fill("2026年度政务公开社会评议")
    page.get_by_label("开始时间").fill("2026-01-01T00:00")
    page.get_by_label("结束时间").fill("2099-12-31T18:00")
    page.get_by_label("评议会").fill("90")
    page.get_by_label("低于多少份评价不公布").fill("3")
    page.get_by_role("button", name="保存").click()
    look()
    page.get_by_role("button", name=re.compile("^开始评议")).click()
    look()
    expect(page.locator(".tag").first).to_have_text("进行中")
    return re.findall("[0-9]+", page.url)[-1]


def tab_to(page, target):
    """Press Tab until a control has the focus, as somebody without a mouse does."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("name => document.activeElement?.matches(name)", target):
            return
    raise AssertionError(f"Tab never comes to {target}")


def open_ballot_by_keyboard(page, url):
    """Come from the page of the vote to the ballot of the first department without a mouse."""
    page.goto(url)
    tab_to(page, "a.button[href$='/vote/']")
    page.keyboard.press("Enter")
    ballot = page.get_by_role("link", name=DEPARTMENT).first.get_attribute("href")
    tab_to(page, f"main a[href='{ballot}']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="提交评议")).to_be_visible()


def read_result_by_keyboard(page):
    """Open what stands behind the rate of a subject without a mouse."""
    tab_to(page, "details:has(h3) summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("群众留言").first).to_be_visible()


def open_ballot(page, url):
    """Open the ballot of the first department."""
    page.goto(url)
    page.get_by_role("link", name=DEPARTMENT).first.click()
    expect(page.get_by_role("button", name="提交评议")).to_be_visible()


def vote_by_keyboard(page, look, url):
    """Fill in the ballot and send it without a mouse; first with an answer missing."""
    open_ballot_by_keyboard(page, url)
    look()
    groups = page.locator("fieldset").count()
    for number in range(groups - 1):
        tab_to(page, f"[name='grade-a{number}']")
        page.keyboard.press("ArrowRight" if number % 2 else "Space")
    tab_to(page, "#words")
    page.keyboard.type("希望多公开低保审批过程")
    tab_to(page, "form.form--phone button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    look()
    expect(page.locator("#words")).to_have_value("希望多公开低保审批过程")
    tab_to(page, f"[name='grade-a{groups - 1}']")
    page.keyboard.press("Space")
    tab_to(page, "form.form--phone button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("的评议已计入")).to_be_visible()
    look()


def vote_without_scripts(browser, url):
    """Vote in a browser that runs no script."""
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    open_ballot(page, url)
    for group in page.locator("fieldset").all():
        group.get_by_label("基本满意").check()
    page.get_by_role("button", name="提交评议").click()
    expect(page.get_by_text("的评议已计入")).to_be_visible()
    page.context.close()


def vote_with_a_lost_network(browser, url):
    """Fill in a ballot, lose the network, come back: what was typed is offered again."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    open_ballot(page, url)
    for group in page.locator("fieldset").all():
        group.get_by_label("满意", exact=True).check()
    page.locator("#words").fill("网络断了也不能丢")
    ballot = page.url
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="提交评议").click(no_wait_after=True)
    context.set_offline(False)
    page.goto(ballot)
    page.get_by_role("button", name="填入").click()
    expect(page.locator("#words")).to_have_value("网络断了也不能丢")
    page.get_by_role("button", name="提交评议").click()
    expect(page.get_by_text("的评议已计入")).to_be_visible()
    context.close()


def end_vote(site, number):
    """Let the time of the vote be over: a server's clock cannot be set from here."""
    path = site.data_dir / "gongkai.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE vote SET closes_at = '2026-01-02 00:00:00'"
            " WHERE id = ?", (number,),
        )  # fmt: skip


def test_citizens_vote_on_phones_and_read_the_result(site, browser, citizen, office, vote):
    desk, page, look = office.page, citizen.page, citizen.look
    public = f"{site.url}/990101/evaluation/votes/{vote}/"
    look(public)
    vote_by_keyboard(page, look, public)
    vote_without_scripts(browser, f"{public}vote/")
    vote_with_a_lost_network(browser, f"{public}vote/")
    end_vote(site, vote)
    office.look(f"{site.url}{VOTES}{vote}/remarks/")
    desk.get_by_role("button", name="公开", exact=True).first.click()
    desk.goto(f"{site.url}{VOTES}{vote}/")
    for step in ("截止并计票", "公布结果"):
        desk.get_by_role("button", name=step).click()
        office.look()
    look(public)
    shown = page.locator("tr", has_text=re.compile("[0-9]+\\.[0-9]{2} %")).first
    expect(shown).to_be_visible()
    expect(page.locator("figure").first).to_be_visible()
    read_result_by_keyboard(page)
    look()
