"""The search box as a citizen uses it: typing, keys, an input method, narrowing, on a phone."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def box(site, look, page):
    """The box of a village's home page, and what it has asked the server."""
    page.set_viewport_size(PHONE)
    asked = []
    page.on(
        "request", lambda request: asked.append(request) if "/suggestions/" in request.url else None
    )
    look(f"{site.url}/990101101201/")
    found = page.get_by_role("combobox", name="搜索")
    found.asked = asked
    return found


def options(page):
    return page.get_by_role("option")


def test_suggestions_come_while_typing_and_go_by_the_keyboard(box, look, page):
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("补贴")
    expect(options(page).first).to_be_visible()
    look()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".site-search [role=status]")).to_contain_text("搜索建议")
    first = options(page).first.text_content()
    box.press("ArrowDown")
    expect(box).to_have_value(first)
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    pointed = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{pointed}").text_content() == first
    look()
    box.press("ArrowUp")
    expect(box).to_have_value("补贴")
    box.press("ArrowDown")
    box.press("Escape")
    expect(box).to_have_value("补贴")
    expect(options(page)).to_have_count(0)
    box.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("h1")).to_contain_text(first[:10])
    look()


def test_a_suggestion_can_be_tapped(box, page):
    box.press_sequentially("补贴")
    chosen = options(page).first
    text = chosen.text_content()
    chosen.click()
    expect(page.locator("h1")).to_contain_text(text[:10])


def test_an_input_method_is_waited_for(box, page):
    """What is being composed (bu tie) asks nothing; its end asks once, for the characters."""
    box.focus()
    session = page.context.new_cdp_session(page)
    for composed in ("b", "bu", "bu t", "bu tie"):
        session.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
    page.evaluate("() => new Promise(done => setTimeout(done, 400))")
    assert box.asked == []
    expect(options(page)).to_have_count(0)
    session.send("Input.insertText", {"text": "补贴"})
    expect(box).to_have_value("补贴")
    expect(options(page).first).to_be_visible()
    assert [re.search("q=([^&]*)", request.url)[1] for request in box.asked] == [
        "%E8%A1%A5%E8%B4%B4"
    ]


def test_an_answer_that_is_late_never_covers_a_newer_one(box, page):
    held = []

    def answer(route):
        if held:
            route.fulfill(json={"suggestions": ["新的"]})
        else:
            held.append(route)

    page.route(re.compile("/suggestions/"), answer)
    with page.expect_request(re.compile("/suggestions/")):
        box.press_sequentially("补")
    with page.expect_request(re.compile("/suggestions/")):
        box.press_sequentially("贴")
    expect(options(page)).to_have_text(["新的"])
    assert held[0].request.failure  # given up by the page
    expect(options(page)).to_have_text(["新的"])


def test_a_server_that_fails_leaves_a_plain_box(box, page):
    page.route(re.compile("/suggestions/"), lambda route: route.fulfill(status=200, body="no"))
    with page.expect_response(re.compile("/suggestions/")):
        box.press_sequentially("补贴")
    expect(options(page)).to_have_count(0)
    box.press("Enter")
    expect(page.locator("h1")).to_contain_text("补贴")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_results_are_narrowed_by_links_and_widened_by_chips(site, look, page, size):
    page.set_viewport_size(size)
    look(f"{site.url}/990101/search/?q=低保")
    before = page.get_by_role("status").first.text_content()
    page.locator("#narrow").get_by_role("link", name="2026", exact=True).click()
    look()
    chips = page.get_by_role("list", name="已选条件")
    expect(chips.get_by_role("link")).to_have_count(1)
    page.get_by_role("link", name="只搜标题").click()
    look()
    expect(chips.get_by_role("link")).to_have_count(2)
    chips.get_by_role("link").first.click()
    chips.get_by_role("link").first.click()
    expect(page.get_by_role("status").first).to_have_text(before)


def test_on_a_phone_the_results_come_before_the_ways_to_narrow_them(site, look, page):
    page.set_viewport_size(PHONE)
    look(f"{site.url}/990101/search/?q=低保")
    page.get_by_role("link", name="缩小范围").click()
    expect(page.locator("#narrow")).to_be_in_viewport()
    above = page.locator("main ol.rows").bounding_box()["y"]
    assert above < page.locator("#narrow").bounding_box()["y"]


def test_results_work_without_scripts_and_in_elder_mode(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site.url}/preferences/?elder=1&next=/990101101201/")
    page.get_by_role("searchbox").fill("低保")
    page.get_by_role("button", name="搜索").click()
    page.locator("#narrow").get_by_role("link", name="2026", exact=True).click()
    expect(page.get_by_role("list", name="已选条件")).to_contain_text("2026")
    expect(page.locator("main ol.rows li").first).to_be_visible()
    context.close()


def test_suggestions_do_not_float_in_elder_mode(site, look, page):
    page.set_viewport_size(PHONE)
    page.goto(f"{site.url}/preferences/?elder=1&next=/990101101201/")
    page.get_by_role("combobox").press_sequentially("补贴")
    expect(options(page).first).to_be_visible()
    look()
    assert page.locator(".suggestions").evaluate("e => getComputedStyle(e).position") == "static"


def test_a_page_without_results_says_what_to_do(site, look, page):
    page.set_viewport_size(PHONE)
    look(f"{site.url}/990101101201/search/?q=滑雪场&scope=own")
    page.get_by_role("link", name="在全县范围内搜索").click()
    look()
