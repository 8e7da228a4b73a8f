"""A new county in a browser alone: from the table it has to what a citizen finds."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

DIVISIONS = """code,name,level,parent_code
99,示例省,province,
9902,新示例市,city,99
990201,新安县,county,9902
990201100,石桥镇,township,990201
990201101,柳湾乡,township,990201
990201100201,双桥村委会,village,990201100
990201100202,柳湾村委会,village,990201100
990201101201,双桥村委会,village,990201101
"""
COUNTY, TOWN, SISTER = "990201", "990201100", "990201101"
VILLAGE = "990201100201"
PASSWORD = "a sentence of ten"
PEOPLE = [
    ("xin-officer", "officer", COUNTY),
    ("xin-director", "officer", COUNTY),
    ("shi-liaison", "liaison", TOWN),
    ("shi-reviewer", "reviewer", TOWN),
    ("shuang-clerk", "clerk", VILLAGE),
]
PHONE = {"width": 390, "height": 844}
TITLE = "双桥村2026年第四季度临时救助对象公示"


@pytest.fixture(scope="module")
def table(shared_data):
    return shared_data / "messy" / "X_shehui_jiuzhu.xlsx"


@pytest.fixture(scope="module")
def county(site, tmp_path_factory):
    """What the operator does for a new county: its divisions and its people."""
    path: Path = tmp_path_factory.mktemp("county") / "divisions.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    site.run("tenant", "import-divisions", str(path), "--root", COUNTY)
    for username, role, code in PEOPLE:
        site.run("user", "add", username, "--name", username, "--password", PASSWORD)
        site.run("user", "role", username, role, "--tenant", code)
    return site


@pytest.fixture
def person(page, look, county):
    """Sign in as a person; the page is then theirs."""

    def enter(username, viewport=None):
        page.context.clear_cookies()
        page.set_viewport_size(viewport or {"width": 1280, "height": 900})
        look(f"{county.url}/sign-in/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(re.compile("/console/$"))
        return look()

    return enter


def photograph():
    """A photograph with a position in its data, as a phone makes it."""
    picture = Image.new("RGB", (1600, 1200), (140, 170, 150))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (36.0, 0.0, 0.0)}
    buffer = BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return {"name": "公示栏.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_from_the_countys_table_to_the_citizen(county, person, look, table):
    officer_uploads_and_submits(person, look, table)
    director_approves(person, look)
    liaison_refines_and_reviewer_approves(county, person, look)
    only_the_townships_villages_see_it(county, look)
    clerk_submits_with_a_photograph(person, look)
    reviewer_returns(person, look)
    clerk_mends(person, look)
    reviewer_passes(person, look)
    citizen_finds(county, look)


def officer_uploads_and_submits(person, look, table):
    page = person("xin-officer")
    page.get_by_role("link", name="上传目录").first.click()
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_role("button", name="上传").click()
    look()
    expect(page.locator("main")).to_contain_text("13 行")
    # The last row says 特定群体 without saying which: mended beside the original cells.
    page.get_by_role("link", name=re.compile("显示全部")).click()
    page.get_by_role("link", name="查看并修改整行").last.click()
    look()
    page.locator("[name$=audience-text]").fill("申请救助的家庭")
    page.get_by_role("button", name="保存此行").click()
    look()
    page.get_by_role("link", name=re.compile("下一步")).click()
    look()
    page.get_by_label(re.compile("理由")).fill("按本县民政局2026年目录")
    page.get_by_role("button", name=re.compile("提交审核")).click()
    look()
    page.goto(page.url.split("/990201/")[0] + f"/{COUNTY}/console/catalog/changes/")
    page.locator("main a").last.click()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)


def director_approves(person, look):
    page = person("xin-director")
    page.get_by_role("link", name=re.compile("目录变更待审核")).click()
    page.locator("main a[href*='/changes/']").last.click()
    look()
    page.get_by_role("button", name="批准").click()
    look()


def liaison_refines_and_reviewer_approves(county, person, look):
    page = person("shi-liaison")
    item = open_item(page, county)
    page.goto(f"{county.url}/{TOWN}/console/catalog/items/{item}/refine/time_limit/")
    look()
    page.locator("[name=time_limit]").fill("审核确认之日起3个工作日内,公示7个工作日")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("理由")  # asked for, nothing typed is lost
    assert "3个工作日" in page.locator("[name=time_limit]").input_value()
    page.get_by_label("理由").fill("镇里三天就能办完")
    page.get_by_role("button", name="提交审核").click()
    look()
    page = person("shi-reviewer")
    page.get_by_role("link", name=re.compile("目录变更待审核")).click()
    page.locator("main a[href*='/changes/']").last.click()
    page.get_by_role("button", name="批准").click()
    look()


def open_item(page, county):
    """The id of 临时救助 / 审核审批信息, from the catalog page that anybody can open."""
    page.goto(f"{county.url}/{TOWN}/catalog/shehui-jiuzhu/")
    link = page.locator("main a").filter(has_text="审核审批信息").first
    return link.get_attribute("href").rstrip("/").rsplit("/", 1)[1]


def only_the_townships_villages_see_it(county, look):
    page = look(f"{county.url}/{VILLAGE}/catalog/")
    item = open_item(page, county)
    page = look(f"{county.url}/{VILLAGE}/catalog/items/{item}/")
    row = page.get_by_role("row").filter(has_text="公开时限")
    expect(row).to_contain_text("3个工作日")
    expect(row).to_contain_text("石桥镇")
    expect(row).to_contain_text("镇里三天就能办完")
    look(f"{county.url}/{SISTER}201/catalog/items/{item}/")
    expect(page.get_by_role("row").filter(has_text="公开时限")).to_contain_text("10个工作日")


def clerk_submits_with_a_photograph(person, look):
    page = person("shuang-clerk", PHONE)
    page.get_by_role("link", name="我要公开").click()
    look()
    page.get_by_role("searchbox").or_(page.locator("main input[type=search]")).first.fill(
        "临时救助"
    )
    page.get_by_role("button", name=re.compile("查找|搜索")).last.click()
    page.locator("main a").filter(has_text="审核审批信息").first.click()
    look()
    page.get_by_label("标题", exact=True).fill(TITLE)
    page.locator("[name=body]").fill("经评议,下列家庭列入临时救助。\n户主\t金额\n张某\t2000\n")
    page.locator("[name=photos]").set_input_files(photograph())
    page.locator("[name=formed_on]").fill("2026-11-20")
    page.get_by_role("button", name="提交审核").click()
    look()
    expect(page.locator("main")).to_contain_text("审核中")


def reviewer_returns(person, look):
    page = person("shi-reviewer")
    open_review(page, look)
    page.get_by_role("button", name="退回").click()
    expect(page.locator("main")).to_contain_text(TITLE)  # a return needs its reason
    page.locator("[name=comment]").fill("请写明公示期。")
    page.get_by_role("button", name="退回").click()
    look()


def clerk_mends(person, look):
    page = person("shuang-clerk", PHONE)
    page.get_by_role("link", name=re.compile(TITLE)).click()
    look()
    expect(page.locator("main")).to_contain_text("请写明公示期")
    page.get_by_role("link", name="继续填写").click()
    look()
    page.locator("[name=publicity_days]").fill("7")
    page.get_by_role("button", name="提交审核").click()
    look()


def reviewer_passes(person, look):
    page = person("shi-reviewer")
    open_review(page, look)
    for check in page.locator("[name=checks]").all():
        check.check()
    page.get_by_role("button", name="通过并公开").click()
    look()


def open_review(page, look):
    page.get_by_role("link", name=re.compile("待审核的公开信息")).click()
    page.get_by_role("link", name=re.compile(TITLE)).click()
    look()


def citizen_finds(county, look):
    county.run("search", "drain")
    page = look(f"{county.url}/{VILLAGE}/")
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    page.get_by_role("combobox", name="搜索").fill("救助")
    page.get_by_role("combobox", name="搜索").press("Enter")
    look()
    page.get_by_role("link", name=TITLE).click()
    look()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    picture = page.locator("main img").first
    answer = page.request.get(page.url.split("/990201")[0] + picture.get_attribute("src"))
    assert Image.open(BytesIO(answer.body())).getexif().get_ifd(0x8825) == {}
    tags = page.locator("meta[name=ArticleTitle]")
    expect(tags).to_have_attribute("content", TITLE)
