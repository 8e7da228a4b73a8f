"""Service points as the staff keep them: county and village, on a phone and at a desk."""

import os
import re

import pytest
from playwright.sync_api import expect

COUNTY, VILLAGE = "990101", "990101100204"
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
LIST = (
    "名称\t类型\t乡镇\t电话\t开放时间\t经度\t纬度\n"
    "新桥便民服务站\t便民服务站\t青石镇\t0100-5550999\t每天 8:00-18:00\t106.25\t35.74\n"
    "坏行便民服务站\t便民服务站\t青石镇\t\t\t\t35.74\n"
)


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
def test_a_clerk_enters_a_point_with_the_least_effort(page, site, look, sign_in, screen):
    width = screen["width"]
    sign_in("county-officer", screen)
    look(f"{site.url}/{COUNTY}/console/service-points/")
    shot(page, f"list-{width}")
    page.get_by_role("link", name="登记服务点", exact=True).click()
    look()
    shot(page, f"new-{width}")
    name = f"新登记便民服务点{width}"
    page.fill("#name", name)
    page.fill("#phones", "0100-5550888 夜间值班")
    page.fill("#hours", "周一到周五早八点半到下午六点，午休12:00-14:30")
    page.fill("#position", "35.62,106.21")
    press(page, "保存")
    expect(page.get_by_text("经度和纬度好像写反了").first).to_be_visible()
    shot(page, f"mend-{width}")
    page.get_by_label("对调经度和纬度").check()
    press(page, "保存")
    expect(page.get_by_text("开放时间是这个意思吗")).to_be_visible()
    look()
    shot(page, f"heard-{width}")
    press(page, "保存")
    expect(page.get_by_text("已保存")).to_be_visible()
    look()
    expect(page.locator("#position")).to_have_value("106.210000,35.620000")
    press(page, "一键核实：以上内容今天全部属实")
    expect(page.get_by_text("已核实，谢谢")).to_be_visible()
    shot(page, f"verified-{width}")
    page.get_by_role("link", name="暂停服务、搬迁、照片").click()
    look()
    page.fill("#starts_on", "2027-05-01")
    page.fill("#reason", "装修")
    press(page, "登记暂停服务")
    expect(page.get_by_text("装修")).to_be_visible()
    shot(page, f"care-{width}")
    press(page, f"删除 {name}")
    expect(page.get_by_text(f"已删除：{name}")).to_be_visible()


def test_a_list_is_looked_at_imported_and_undone(page, site, look, sign_in):
    sign_in("county-officer", PHONE)
    for part in ("coverage/", "types/", "import/"):
        look(f"{site.url}/{COUNTY}/console/service-points/{part}")
    page.fill("#pasted", LIST)
    press(page, "查看读取结果")
    look()
    shot(page, "preview")
    expect(page.get_by_text("缺少经度或纬度")).to_be_visible()
    press(page, "导入")
    expect(page.get_by_text("新增 1 个服务点").first).to_be_visible()
    look()
    shot(page, "imported")
    page.get_by_role("button", name=re.compile("撤销")).first.click()
    expect(page.get_by_text("已撤销：删除 1 个服务点")).to_be_visible()


def test_a_village_sees_its_own_points_only_and_works_by_keyboard(page, site, look, sign_in):
    sign_in("village-clerk", PHONE)
    look(f"{site.url}/{VILLAGE}/console/service-points/")
    shot(page, "village")
    page.get_by_role("link", name="登记服务点", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.locator("#name").focus()
    page.keyboard.type("柳湾村公示栏")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存")).to_be_visible()
    response = page.goto(f"{site.url}/{COUNTY}/console/service-points/")
    assert response.status == 403
