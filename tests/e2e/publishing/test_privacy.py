"""N30, N32: identity numbers in a list, on a phone, until the rows of the list are gone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.settings import Settings
from core.testing.serving import serve_installation

VILLAGE = "/990101100204/"
FORM = f"{VILLAGE}console/publications/new/form/"
TITLE = "柳湾村2026年冬小麦良种补贴发放公示"
# Made up, with right check digits.
IDS = ("11010519491231002X", "110105199003077470", "110105198512019119")
ROWS = 200
# A list is shown for seven working days: nine days hold at most that many.
PUBLICITY_DAYS, LATER = 9, timedelta(days=10)
SEEN = "良种补贴户甲"


def build_table():
    """What a spreadsheet gives: 200 households, three of them with their identity numbers."""
    head = "<tr><th>序号</th><th>户名</th><th>身份证号</th><th>金额(元)</th></tr>"
    rows = [
        f"<tr><td>{n}</td><td>{SEEN}{n}</td><td>{IDS[n] if n < len(IDS) else ''}</td>"
        f"<td>{n}00</td></tr>"
        for n in range(ROWS)
    ]
    return f"<table>{head}{''.join(rows)}</table>"


PASTE = """html => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector('#body-rich').dispatchEvent(paste);
}"""


@pytest.fixture
def begin(open_browser, site):
    """Open a browser of the staff, on a phone; `enter` signs somebody in."""

    def start():
        person = open_browser({"width": 390, "height": 844})
        person.page.on("dialog", lambda dialog: dialog.accept())

        def fill(username):
            person.page.get_by_label("账号").fill(username)
            person.page.get_by_label("密码").fill(site.sign_ins[username])
            person.page.get_by_role("button", name="登录").click()
            person.page.wait_for_load_state()

        def enter(username):
            person.context.clear_cookies()
            person.look(f"{site.url}/sign-in/")
            fill(username)

        person.fill, person.enter = fill, enter
        return person

    return start


def test_identity_numbers_are_masked_before_anybody_else_sees_them(begin, citizen, site):
    clerk = begin()
    clerk_is_stopped(clerk, site)
    clerk_masks(clerk)
    clerk_signs_in_again_and_hands_in(clerk)
    staff = begin()  # the first browser has been told that its session was lost
    review(staff, act="退回", comment="请写明发放标准。")
    clerk_mends(staff, site)
    review(staff, act="通过并公开")
    site.run("search", "drain")
    address = citizen_finds(citizen, site)
    rows_are_gone_later(citizen, site, address)


def clerk_is_stopped(staff, site):
    staff.enter("village-clerk")
    page = staff.look(f"{site.url}{FORM}")
    page.get_by_label("标题", exact=True).fill(TITLE)
    page.get_by_label("不对应公开事项的理由").fill("自愿公开")
    page.locator("#body-rich").click()
    page.evaluate(PASTE, build_table())
    expect(page.locator("#body-rich tr")).to_have_count(ROWS + 1)
    page.locator("#publicity_days").fill(str(PUBLICITY_DAYS))
    page.get_by_role("button", name="提交审核").click()
    found = page.get_by_role("group", name="此处发现个人信息")
    expect(found).to_contain_text("第3列“身份证号”像身份证号（3处）")
    staff.look()
    expect(page.locator("#body")).to_have_value(re.compile(f"{SEEN}199"))


def clerk_masks(staff):
    page = staff.page
    page.get_by_role("button", name=re.compile("遮盖全部 3 处")).click()
    expect(page.get_by_role("group", name="此处发现个人信息")).to_have_count(0)
    staff.look()
    text = page.locator("#body").input_value()
    assert not any(number in text for number in IDS)
    assert text.count(SEEN) == ROWS


def clerk_signs_in_again_and_hands_in(staff):
    page = staff.page
    staff.context.clear_cookies()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("登录已失效")).to_be_visible()
    staff.fill("village-clerk")
    expect(page.get_by_text("已重新登录")).to_be_visible()
    assert page.locator("#body").input_value().count(SEEN) == ROWS
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("审核中")


def review(staff, act, comment=""):
    staff.enter("town-reviewer")
    page = staff.page
    page.get_by_role("link", name=re.compile("待审核的公开信息")).click()
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", name="个人信息", exact=True)).to_be_visible()
    staff.look()
    if comment:
        page.locator("[name=comment]").fill(comment)
    else:
        for check in page.locator("[name=checks]").all():
            check.check()
    page.get_by_role("button", name=act).click()
    page.wait_for_load_state()
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)


def clerk_mends(staff, site):
    staff.enter("village-clerk")
    page = staff.page
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.locator("main")).to_contain_text("请写明发放标准")
    page.get_by_role("link", name="继续填写").click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("审核中")


def citizen_finds(citizen, site):
    page = citizen.look(f"{site.url}{VILLAGE}search/?q=冬小麦良种补贴")
    page.get_by_role("link", name=TITLE).first.click()
    citizen.look()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    text = page.locator("main").inner_text()
    assert f"{SEEN}199" in text
    assert not any(number in text for number in IDS)
    return page.url.removeprefix(site.url)


def rows_are_gone_later(citizen, site, address):
    """The same installation, served by a program whose clock is past the publicity period."""
    clock = {"GONGKAI_CLOCK_OFFSET": str(int(LATER.total_seconds()))}
    settings = Settings(data_dir=site.data_dir)
    with serve_installation(settings, workers=1, environment=clock) as later:
        for path in (address, f"{VILLAGE}search/?q={SEEN}", f"{VILLAGE}search/?q=冬小麦良种补贴",
                     f"{VILLAGE}feeds/publications.atom"):  # fmt: skip
            answer = citizen.page.request.get(f"{later.url}{path}")
            assert answer.ok, path
            assert f"{SEEN}1" not in answer.text(), path
        assert TITLE in citizen.page.request.get(f"{later.url}{address}").text()
