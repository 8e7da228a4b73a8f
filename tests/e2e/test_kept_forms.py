"""What staff type outlives a closed window and a lost session, on a phone and at a desk."""

import json

import pytest
from playwright.sync_api import expect

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
FORM = "/990101/console/publications/new/form/"
BODY = "第一段\n第二段"
A_WEEK = 7 * 24 * 3600 * 1000


@pytest.fixture(params=SIZES)
def clerk(request, page, look, site):
    """Signed in at the county's office, with the form of a new publication open."""
    page.set_viewport_size(SIZES[request.param])
    page.on("dialog", lambda dialog: dialog.accept())
    look(f"{site.url}/sign-in/")
    sign_in(page, site)
    look(f"{site.url}{FORM}")
    return page


def sign_in(page, site):
    page.get_by_label("账号").fill("county-officer")
    page.get_by_label("密码").fill(site.sign_ins["county-officer"])
    page.get_by_role("button", name="登录").click()


def write(page, title="关于供水的公告", body=BODY):
    page.get_by_label("标题", exact=True).fill(title)
    page.get_by_role("textbox", name="正文").fill(body)


def drafts(page):
    """What this device keeps, as the page itself would read it."""
    kept = page.evaluate("Object.entries(localStorage).filter(([k]) => k.startsWith('draft:'))")
    return [json.loads(text) for _key, text in kept]


def test_what_was_not_sent_is_offered_again(clerk, look):
    write(clerk)
    clerk.reload()
    look()
    offer = clerk.locator("[data-draft-offer]")
    expect(offer).to_be_visible()
    clerk.get_by_role("button", name="填入", exact=True).click()
    expect(clerk.get_by_label("标题", exact=True)).to_have_value("关于供水的公告")
    expect(clerk.locator("#body")).to_have_value(BODY)
    expect(offer).to_be_hidden()


def test_an_identity_number_is_never_kept(clerk, site):
    write(clerk, "低保公示", "王某 １１０１０１ 19900307 451Ｘ 享受低保")
    clerk.goto(f"{site.url}/990101/console/")
    [draft] = drafts(clerk)
    assert "低保公示" in json.dumps(draft, ensure_ascii=False)
    assert "享受低保" not in json.dumps(draft, ensure_ascii=False)


def test_a_draft_ends_after_a_week_and_at_signing_out(clerk, site, look):
    write(clerk)
    clerk.goto(f"{site.url}/990101/console/")
    assert len(drafts(clerk)) == 1
    clerk.evaluate(
        "ago => { for (const [k, v] of Object.entries(localStorage)) if (k.startsWith('draft:'))"
        " localStorage.setItem(k, JSON.stringify({...JSON.parse(v), at: Date.now() - ago})) }",
        A_WEEK + 1000,
    )
    look(f"{site.url}/990101/")
    assert drafts(clerk) == []
    look(f"{site.url}{FORM}")
    write(clerk)
    clerk.goto(f"{site.url}/990101/console/")
    clerk.get_by_role("button", name="退出登录").click()
    expect(clerk.get_by_role("button", name="退出登录")).to_have_count(0)
    assert drafts(clerk) == []


def test_after_a_lost_session_the_form_comes_back_filled_in(clerk, site):
    write(clerk)
    clerk.get_by_label("不对应公开事项的理由").fill("临时公告")
    clerk.context.clear_cookies()
    clerk.get_by_role("button", name="存为草稿").click()
    expect(clerk.get_by_text("登录已失效")).to_be_visible()
    sign_in(clerk, site)
    expect(clerk.get_by_text("已重新登录")).to_be_visible()
    expect(clerk.get_by_label("标题", exact=True)).to_have_value("关于供水的公告")
    expect(clerk.locator("#body")).to_have_value(BODY)
    wide = clerk.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    clerk.get_by_role("button", name="存为草稿").click()
    expect(clerk.get_by_role("heading", name="关于供水的公告").first).to_be_visible()
    assert drafts(clerk) == []
