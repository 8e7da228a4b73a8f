"""The whole way at 390 px: from a village's spreadsheet to two sides that agree."""

import json
from io import BytesIO

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
COUNTY, TOWN, VILLAGE = "990101", "990101100", "990101100204"
ITEM, OTHER_ITEM = "CN-cunwu-004", "CN-shenong-butie-002"
OURS_TITLE = "柳湾村2026年第三批耕地地力保护补贴公示"
HEADINGS = ("户主", "面积（亩）", "金额（元）")
OURS = (("郝志成", 2.5, 238.75), ("段小兰", 4, 382), ("乔立生", 1.2, 114.6))
THEIRS = (("郝志成", 2.5, 238.75), ("段小兰", 4.5, 429.75), ("乔立生", 1.5, 143.25))


def spreadsheet(rows, headings=HEADINGS):
    book, stream = Workbook(), BytesIO()
    for row in (headings, *rows):
        book.active.append(row)
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "名单.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


@pytest.fixture
def person(open_browser, site):
    """A browser on a phone; `enter` signs somebody in."""
    browser = open_browser(PHONE)

    def enter(username):
        browser.context.clear_cookies()
        browser.page.goto(f"{site.url}/sign-in/")
        browser.page.fill("#username", username)
        browser.page.fill("#password", site.sign_ins[username])
        press(browser.page, "登录")

    browser.enter = enter
    return browser


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def test_from_a_spreadsheet_to_two_sides_that_agree(person, site, tmp_path):
    for word, places in (("关闭", ("禾川县",)), ("开启", ("青石镇", "柳河镇"))):
        decide(person, site, word, places)
    post_list(person, site)
    review(person, site)
    publish_theirs(site, tmp_path)
    site.run("sync", "compare")
    see_difference(person, site)
    correct_list(person, site)
    review(person, site)
    site.run("sync", "compare")
    read(person, site)
    decide(person, site, "开启", ("禾川县",))


def decide(person, site, word, places):
    """The county decides for itself, or for two townships."""
    person.enter("county-officer")
    page = person.page
    person.look(f"{site.url}/{COUNTY}/console/plugins/village_sync/")
    page.get_by_role("checkbox", name="禾川县", exact=True).uncheck()
    for place in places:
        page.get_by_role("checkbox", name=place, exact=True).check()
    page.get_by_role("radio", name=word, exact=True).check()
    press(page, "预览影响")
    press(page, f"保存（{len(places)} 处）")
    expect(page.get_by_text("以下为预览，尚未保存。")).to_have_count(0)


def post_list(person, site):
    """The village's clerk posts the list from a spreadsheet: read, looked at, handed in."""
    person.enter("village-clerk")
    page = person.page
    person.look(f"{site.url}/{VILLAGE}/console/publications/new/form/?item={ITEM}")
    page.get_by_label("标题", exact=True).fill(OURS_TITLE)
    send_rows(page, OURS)


def send_rows(page, rows):
    fold = page.locator("details:has(#list_file)").last
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    page.set_input_files("#list_file", spreadsheet(rows))
    press(page, "提交审核")
    expect(page.get_by_text("请先核对下方读取的清单，再提交审核。").first).to_be_visible()
    press(page, "提交审核")
    expect(page.get_by_role("heading", level=1)).to_have_text(OURS_TITLE)


def review(person, site):
    """The township's reviewer passes what waits."""
    person.enter("town-reviewer")
    page = person.page
    page.goto(f"{site.url}/{TOWN}/console/reviews/")
    page.locator("main").get_by_role("link", name=OURS_TITLE).first.click()
    page.wait_for_load_state()
    for box in page.locator("main input[name=checks]").all():
        box.check()
    page.get_by_role("button", name="通过").first.click()
    expect(page.get_by_text("审核通过").first).to_be_visible()


def publish_theirs(site, folder):
    """The county publishes its list of all villages; two rows differ."""
    rows = [["青石镇", "柳湾村", *map(str, row)] for row in THEIRS]
    columns = ["乡镇", "村", *HEADINGS]
    line = {
        "id": "e2e-sync", "tenant": COUNTY, "genre": "公示", "item_id": OTHER_ITEM,
        "title": "禾川县2026年第三批耕地地力保护补贴发放情况", "body": "现将发放情况公布如下。",
        "publisher": "禾川县财政局", "publish_date": "2026-11-20T10:00:00+08:00",
        "written_date": "2026-11-20", "index_no": "e2e/2026-00001",
        "list": {"columns": columns, "rows": rows},
    }  # fmt: skip
    file = folder / "theirs.jsonl"
    file.write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    done = site.run("publication", "import", str(file), "--tenant", COUNTY, "--approve")
    assert (done["created"], done["rejected"]) == (1, [])


def see_difference(person, site):
    """Both desks find it: both values, the rows with masked names, who answers by when."""
    for username, place in (("town-officer", TOWN), ("village-clerk", VILLAGE)):
        person.enter(username)
        page = person.page
        person.look(f"{site.url}/{place}/console/lists-compared/")
        page.get_by_role("link", name="耕地地力保护补贴").first.click()
        page.wait_for_load_state()
        person.look()
        main = page.locator("main")
        for said in ("735.35", "811.75", "不一致的行：2", "段*兰", "乔*生"):
            expect(main).to_contain_text(said)
        assert "段小兰" not in main.inner_text()


def correct_list(person, site):
    """The clerk corrects from where the difference was seen."""
    page = person.page
    page.get_by_role("link", name="更正本村名单").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="更正").first.click()
    page.wait_for_load_state()
    send_rows(page, THEIRS)


def read(person, site):
    """A citizen finds both sides from either list, and that they agree."""
    person.context.clear_cookies()
    page = person.page
    page.goto(f"{site.url}/{VILLAGE}/publications/?item={ITEM}")
    page.locator("main").get_by_role("link", name=OURS_TITLE).first.click()
    page.wait_for_load_state()
    person.look()
    block = page.locator("section").filter(has_text="村务与政务数据核对").last
    expect(block).to_contain_text("一致")
    block.get_by_role("link", name="禾川县2026年第三批").click()
    page.wait_for_load_state()
    person.look()
    main = page.locator("main")
    expect(main).to_contain_text("811.75")
    expect(main.get_by_role("link", name=OURS_TITLE)).to_be_visible()
    main.get_by_role("link", name="禾川县2026年第三批").click()
    expect(page.locator("main")).to_contain_text("段小兰")
