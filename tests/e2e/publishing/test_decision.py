"""N20, N23: a resolution of a village and what came of it, on a phone and at a desk."""

import re

from playwright.sync_api import expect

VILLAGE = "/990101100204/"
DECISION = "柳湾村村民代表会议关于硬化二组道路的决议"
RESULT = "柳湾村二组道路硬化实施结果公开"


def test_a_resolution_waits_until_its_result_is_linked(office, citizen, site):
    page = citizen.look(f"{site.url}{VILLAGE}search/?q=硬化二组道路")
    page.get_by_role("link", name=DECISION).first.click()
    citizen.look_twice(None)
    expect(page.get_by_role("region", name="决议及实施结果")).to_contain_text("前公开")
    write_result(office, site)
    pass_result(office)
    link_result(office)
    page.reload()
    citizen.look_twice(None)
    page.get_by_role("region", name="决议及实施结果").get_by_role("link", name=RESULT).click()
    citizen.look_twice(None)
    pair = page.get_by_role("region", name="决议及实施结果")
    expect(pair.get_by_role("link", name=DECISION)).to_be_visible()
    expect(pair).not_to_contain_text("前公开")


def write_result(office, site):
    office.as_person("village-clerk")
    page = office.page
    page.goto(f"{site.url}{VILLAGE}console/publications/new/form/")
    page.get_by_label("标题", exact=True).fill(RESULT)
    page.get_by_label("不对应公开事项的理由").fill("决议实施结果")
    page.locator("#body-rich").click()
    page.keyboard.type("二组道路420米已硬化，村监委会验收合格。")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("审核中")


def pass_result(office):
    office.as_person("town-reviewer")
    page = office.page
    page.get_by_role("link", name=re.compile("待审核的公开信息")).click()
    page.get_by_role("link", name=RESULT).click()
    for check in page.locator("[name=checks]").all():
        check.check()
    page.get_by_role("button", name="通过并公开").click()
    page.wait_for_load_state()


def link_result(office):
    """The to-do list leads to what is due; the result is suggested."""
    office.as_person("village-clerk")
    page = office.page
    page.get_by_role("link", name="即将到期的决议实施结果").click()
    page.wait_for_load_state()
    office.look_twice(None)
    page.locator("main").get_by_role("link", name=DECISION).click()
    page.wait_for_load_state()
    office.look_twice(None)
    page.get_by_role("button", name="关联", exact=True).click()
    page.wait_for_load_state()
    office.look_twice(None)
    page.get_by_label(re.compile(RESULT)).check()
    page.get_by_role("button", name="关联", exact=True).click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("实施结果已公开")
    office.look_twice(None)
