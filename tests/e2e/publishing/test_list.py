"""A list in the browser, at a desk and on a phone: pasted, read, added up, published, read."""

import re

import pytest
from playwright.sync_api import expect

VILLAGE = "/990101100204/"
FORM = f"{VILLAGE}console/publications/new/form/"
TITLE = "柳湾村2026年村道养护工日公示"
ROWS = 12
PASTED = "\n".join(
    ["户名\t工日\t金额(元)", *(f"养护户甲{n}\t{n}\t{n}00" for n in range(1, ROWS + 1))]
)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def staff(request, open_browser, site):
    """Somebody of the staff; `enter` signs one in."""
    person = open_browser(request.param)
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.title = f"{TITLE}（{request.param['width']}）"

    def enter(username):
        person.context.clear_cookies()
        page = person.look(f"{site.url}/sign-in/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(site.sign_ins[username])
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()

    person.enter = enter
    return person


def test_a_pasted_list_is_read_added_up_and_published(staff, site):
    staff.enter("village-clerk")
    paste_and_read(staff, site)
    hand_in(staff)
    publish(staff)
    read_as_citizen(staff, site)


def paste_and_read(staff, site):
    page = staff.look(f"{site.url}{FORM}")
    page.get_by_label("标题", exact=True).fill(staff.title)
    page.get_by_label("不对应公开事项的理由").fill("自愿公开")
    page.locator("#body-rich").click()
    page.keyboard.type("现将村道养护工日公示如下。")
    page.get_by_label("粘贴各行").fill(PASTED)
    page.get_by_role("button", name="读取清单").click()
    said = page.get_by_text(f"读作 3 列 × {ROWS} 行，对吗？")
    expect(said).to_be_visible()
    page.get_by_role("button", name="求合计").click()
    expect(page.locator("[name=total-2]")).to_have_value("7800")
    expect(page.locator("[name=total-1]")).to_have_value("78")
    page.get_by_label("清单标题").fill("养护工日表")
    page.locator("[name=total-2]").fill("7801")
    page.get_by_role("button", name="核对清单").click()
    expect(page.locator("#list_data")).to_contain_text("7801")
    staff.look()
    page.locator("[name=total-2]").fill("7800")


def hand_in(staff):
    page = staff.page
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("审核中")


def publish(staff):
    staff.enter("town-reviewer")
    page = staff.page
    page.get_by_role("link", name=re.compile("待审核的公开信息")).click()
    page.get_by_role("link", name=staff.title).click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("养护户甲12")
    staff.look()
    for check in page.locator("[name=checks]").all():
        check.check()
    page.get_by_role("button", name="通过并公开").click()
    page.wait_for_load_state()
    expect(page.get_by_role("link", name=staff.title)).to_have_count(0)


def read_as_citizen(staff, site):
    staff.context.clear_cookies()
    page = staff.look(f"{site.url}{VILLAGE}publications/")
    page.get_by_role("link", name=staff.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(staff.title)
    table = page.locator("table", has_text="养护工日表")
    expect(table.locator("tbody tr")).to_have_count(ROWS)
    expect(table.locator("tfoot")).to_contain_text("7800")
    expect(table).to_contain_text("养护户甲12")
    staff.look()
