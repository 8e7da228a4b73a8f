"""A workbook with two bad rows is imported, then several drafts deleted; desk and phone."""

import pytest
from playwright.sync_api import expect

from tests.publishing.importing.uploaded import build_workbook

VILLAGE = "990101100204"
SCREENS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LIST = f"/{VILLAGE}/console/publications/"


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_a_workbook_is_looked_at_stored_and_handed_in(site, office, screen, tmp_path):
    page = office.page
    office.as_person("village-clerk")
    page.set_viewport_size(screen)
    name = f"一事一议{screen['width']}"
    book = tmp_path / "清单.xlsx"
    day = "2026年4月10日"
    rows = [(f"{name}之{number}", "本村修路一公里。", "", day, "公示", "") for number in range(3)]
    rows += [
        ("", "没有标题", "", day, "", ""),
        (f"{name}无此事项", "文", "没有的事项", day, "", ""),
    ]
    book.write_bytes(build_workbook(*rows))
    office.look(f"{site.url}{LIST}import/")
    page.set_input_files("#files", str(book))
    page.get_by_role("button", name="读取并预览").click()
    expect(page.locator("ol > li.row", has_text="不能入库")).to_have_count(2)
    office.look(page.url)
    # The row is mended where its fault stands: without an item.
    row = page.locator("ol > li.row", has_text=f"{name}无此事项")
    row.get_by_label("公开事项").fill("")
    page.get_by_role("button", name="保存并重新检查").click()
    expect(page.locator("ol > li.row", has_text="不能入库")).to_have_count(1)
    page.get_by_role("button", name="开始导入").press("Enter")
    expect(page.get_by_text("入库 4 条")).to_be_visible(timeout=90_000)
    office.look(page.url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    office.look(f"{site.url}{LIST}?q={name}之&tab=draft")
    for number in range(2):
        page.get_by_role("checkbox", name=f"{name}之{number}").press("Space")
    page.locator("summary", has_text="批量处理").press("Enter")
    page.get_by_label("要做什么").select_option("discard")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("已选择 2 条")).to_be_visible()
    page.get_by_role("button", name="删除草稿").click()
    expect(page.locator("#confirm-error")).to_be_visible()
    page.get_by_label("我确认要处理以上全部各条。").check()
    page.get_by_role("button", name="删除草稿").click()
    expect(page.get_by_text("2 条全部完成")).to_be_visible()
    office.look(page.url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
