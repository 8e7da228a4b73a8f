"""A table is uploaded, corrected beside its cells, previewed, submitted; stored only then."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.catalog.domain.changes import Define, Lock, Withdraw
from core.catalog.models import CatalogUpload
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog
from core.testing.pages import url_for

HEAD = (
    "序号,一级事项,二级事项,公开内容,公开依据,公开时限,"
    "公开主体,公开渠道和载体,公开对象,公开方式,公开层级"
)


def table(*rows, head=HEAD):
    """A page with a standard catalog; each row gives its cells from the number on."""
    labels = head.split(",")
    cells = "".join(f"<td>{label}</td>" for label in labels)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    title = "<p>社会救助领域基层政务公开标准目录</p>"
    return f"<html><body>{title}<table><tr>{cells}</tr>{body}</table></body></html>".encode()


def row(number="1", level2="政策法规文件", **cells):
    values = {
        "content": "●文件全文",
        "basis": "《社会救助暂行办法》",
        "limit": "及时公开",
        "organ": "县民政局",
        "channels": "■政府网站",
        "audience": "全社会",
        "mode": "主动",
        "levels": "县级、乡级、村级",
    } | cells
    return [number, "综合业务", level2, *values.values()]


def send(client, data, name="目录.html", status=302):
    answer = client.post(
        url_for("catalog_uploads.upload"), {"file": (BytesIO(data), name)}, status=status
    )
    return answer.location if status == 302 else answer


def hand_in(client, address, reason="按新目录"):
    preview = f"{address}preview/"
    client.get(preview)
    return client.post(preview, {"hand_in": "1", "reason": reason})


def waiting_answers(page):
    return page.select("//input[starts-with(@name,'answer-')]")


def test_the_whole_way_from_a_file_to_the_catalog(staff, client, national):
    staff("office")
    mend = send(client, table(row(), row("2", "救助热线")))
    page = client.get(mend)
    assert "识别出 1 张表、2 行" in page.text
    before = load_catalog(national.county)
    preview = client.get(f"{mend}preview/")
    numbers = [n.text for n in preview.select("//*[@class='figures__number']")]
    assert numbers == ["1", "1"]
    assert "县民政局" in preview.select("//ins/text()")
    revision = hand_in(client, mend).location
    assert load_catalog(national.county) == before
    staff("second")
    client.post(f"{revision}approve/")
    after = load_catalog(national.county).items
    assert after[FIRST].fields["responsible_organ"] == ["县民政局"]
    assert after["990111-jiuzhu-001"].fields["level2"] == "救助热线"
    assert after[FIRST].origin("responsible_organ").reason == "按新目录"


def test_a_whole_workbook_is_one_upload_with_a_tab_for_each_table(
    staff, client, national, shared_data
):
    staff("office")
    file = shared_data / "messy" / "E_huibian_zhen.txt"
    mend = send(client, file.read_bytes(), file.name)
    page = client.get(mend)
    assert len(page.select("//nav[@aria-label='文件中的表格']//li")) == 4
    assert "税收管理" in page.text  # declared not applicable, with the reason
    client.get(f"{mend}?table=3")
    client.get(f"{mend}?table=4", status=404)
    client.get(f"{mend}preview/")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.xlsx", b""),
        ("broken.xlsx", b"PK\x03\x04 broken"),
        ("说明.txt", "没有表格".encode()),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(staff, client, name, data):
    staff("office")
    page = send(client, data, name, status=422)
    [error] = page.select("//*[@id='file-error']")
    assert name in error.text_content()
    assert page.select("//*[@class='error-summary']//a[@href='#file']")


def test_no_file_is_said_at_its_field(staff, client, national):
    staff("office")
    page = client.post(url_for("catalog_uploads.upload"), {}, status=422)
    assert "请选择文件" in page.select("//*[@id='file-error']")[0].text_content()


def test_the_message_is_in_the_readers_language(staff, client, national):
    staff("office")
    client.cookie("gk_lang", "en")
    page = send(client, b"nothing here", "note.txt", status=422)
    [error] = page.select("//*[@id='file-error']")
    assert "no catalog was recognised" in error.text_content()


def test_a_column_that_is_missing_is_filled_in_for_all_rows_at_once(staff, client, national):
    head = HEAD.rsplit(",", 1)[0]
    rows = [row(str(n), f"事项{n}")[:-1] for n in range(1, 31)]
    staff("office")
    mend = send(client, table(*rows, head=head))
    page = client.get(mend)
    assert "全部 30 行" in page.text
    assert not page.select("//input[@name='row']")  # nothing to look at row by row
    client.post(f"{mend}fill/?table=0", {"fill-levels": ["county", "township"]})
    assert "已填写" in client.get(mend).text
    staff("second")
    client.post(f"{hand_in(client, mend).location}approve/")
    items = load_catalog(national.county).items.values()
    own = [item for item in items if item.defined.tenant == "990111"]
    assert len(own) == 30
    assert all(item.fields["levels"] == ["county", "township"] for item in own)


def test_a_gap_is_filled_in_every_table_of_the_file_at_once(staff, client, national):
    head = HEAD.rsplit(",", 1)[0]
    other = table(row("1", "丙")[:-1], row("2", "丁")[:-1], head=head).replace(
        "社会救助".encode(), "养老服务".encode()
    )
    first = table(row("1", "甲")[:-1], row("2", "乙")[:-1], head=head)
    staff("office")
    book = first.removesuffix(b"</body></html>") + other.removeprefix(b"<html><body>")
    mend = send(client, book)
    sent = {"fill-levels": "county", "fill-mode": "", "every_table": "1"}
    client.post(f"{mend}fill/?table=0", sent)
    assert "已填写" in client.get(f"{mend}?table=1").text
    marks = client.get(mend).select("//nav//span[contains(@class,'tag')]/text()")
    assert marks == ["无误", "无误"]


def test_a_fill_is_taken_back(staff, client, national):
    head = HEAD.rsplit(",", 1)[0]
    staff("office")
    mend = send(client, table(row("1", "甲")[:-1], row("2", "乙")[:-1], head=head))
    client.post(f"{mend}fill/?table=0", {"fill-levels": "county"})
    client.post(f"{mend}fill/?table=0", {})
    assert "全部 2 行" in client.get(mend).text


def test_a_flagged_cell_is_mended_in_place_beside_the_original(staff, client, national):
    staff("office")
    mend = send(client, table(row(), row("2", "救助热线", mode="不知道")))
    page = client.get(mend)
    [card] = page.select("//section[starts-with(@aria-labelledby,'row-')]")
    assert "救助热线" in card.text_content()
    assert "不知道" in card.xpath(".//td[contains(@class,'compare__original')]")[0].text_content()
    sent = {"row": "1", "cell": "r1-mode", "r1-mode": "on_request"}
    client.post(f"{mend}rows/?table=0", sent)
    assert "本表没有待核对的内容" in client.get(mend).text
    revision = hand_in(client, mend).location
    client.post(f"{revision}approve/", status=403)
    staff("second")
    client.post(f"{revision}approve/")
    assert load_catalog(national.county).items["990111-jiuzhu-001"].fields["mode"] == "on_request"


def test_a_row_is_checked_left_out_and_taken_up_another_day(staff, client, national):
    staff("office")
    mend = send(client, table(row("1", "甲", mode="?"), row("2", "乙", mode="??"), row("3", "丙")))
    cells = {"row": ["0", "1"], "cell": ["r0-mode", "r1-mode"]}
    client.post(f"{mend}rows/?table=0", cells | {"checked-0": "1", "left-out-1": "1"})
    client.sign_out()
    staff("second")
    listed = client.get(url_for("catalog_uploads.index"))
    assert "待核对" in listed.text
    mend = listed.select("//ul[@class='tasks']//a/@href")[0]
    assert "0 行待核对" in client.get(mend).text
    client.get(f"{mend}?show=all")
    shown = client.get(f"{mend}preview/")
    planned = shown.select("//section[starts-with(@aria-labelledby,'row-')]/h2")
    assert [("甲" in head.text_content(), "丙" in head.text_content()) for head in planned] == [
        (True, False),
        (False, True),
    ]
    [left_out] = shown.select("//section[@aria-labelledby='left-out-rows']")
    assert "乙" in left_out.text_content()


def test_every_cell_of_a_row_can_be_put_right(staff, client, national):
    staff("office")
    mend = send(client, table(row("1", "救助热线")))
    address = f"{mend}rows/0/0/"
    form = client.get(address).select("//form[contains(@action,'/rows/')]")[0]
    sent = {name: form.fields[name] for name in form.fields if form.fields[name] is not None}
    sent = {
        k: (list(v) if hasattr(v, "__iter__") and not isinstance(v, str) else v)
        for k, v in sent.items()
    }
    sent |= {"r0-level2": "救助服务热线", "r0-content_elements": "电话\r\n时间"}
    client.post(address, sent)
    assert "救助服务热线" in client.get(f"{mend}preview/").text
    assert "已更正" in client.get(address).text
    client.get(f"{mend}rows/0/7/", status=404)


def test_a_wrong_cell_keeps_everything_typed(staff, client, national, platform):
    staff("office")
    mend = send(client, table(row("1", "甲", mode="?")))
    sent = {"row": "0", "cell": "r0-mode", "r0-mode": "planet", "left-out-0": "1"}
    page = client.post(f"{mend}rows/?table=0", sent, status=422)
    assert page.select("//*[@id='r0-mode-error']")
    assert page.select("//input[@name='left-out-0' and @checked]")
    assert platform.query(CatalogUpload).one().corrections == {}
    long = {"row": "0", "r0-level1": "长" * 5000, "r0-level2": "甲"}
    page = client.post(f"{mend}rows/0/0/", long, status=422)
    assert page.select("//*[@id='r0-level1']/@value")[0] == "长" * 5000


def test_a_near_match_is_decided_by_the_officer(staff, client, national):
    approve_changes(
        national.nation, Define("CN-jiuzhu-003", item_fields(level2="最低生活保障对象审批信息公示"))
    )
    staff("office")
    mend = send(client, table(row("1", "最低生活保障对象审批信息")))
    preview = f"{mend}preview/"
    page = client.get(preview)
    values = [choice.get("value") for choice in waiting_answers(page)]
    assert values == ["CN-jiuzhu-003", "new", ""]
    assert not page.select("//button[@name='hand_in']")
    client.post(preview, {"answer-0-0": "CN-jiuzhu-003"})
    page = client.get(preview)
    assert page.select("//input[@name='answer-0-0' and @value='CN-jiuzhu-003' and @checked]")
    client.post(preview, {"answer-0-0": ""})
    client.post(preview, {"answer-0-0": "new"})
    staff("second")
    client.post(f"{hand_in(client, mend).location}approve/")
    assert "990111-jiuzhu-001" in load_catalog(national.county).items


def test_what_is_locked_or_withdrawn_is_said_and_not_stored(staff, client, national):
    approve_changes(national.nation, Lock(FIRST, "responsible_organ"))
    approve_changes(national.county, Withdraw(SECOND))
    staff("office")
    mend = send(client, table(row(), row("2", "监督检查")))
    page = client.get(f"{mend}preview/")
    assert "上级已锁定,不存入" in page.text.replace("\N{FULLWIDTH COMMA}", ",")
    assert "已删减事项" in page.text
    for outcome in ("refined", "withdrawn"):
        client.get(f"{mend}preview/?only={outcome}")


def test_a_table_gets_another_domain_or_is_left_out(staff, client, national):
    staff("office")
    data = table(row("1", "甲")).replace("社会救助领域".encode(), "新领域".encode())
    mend = send(client, data)
    assert "新设领域" in client.get(mend).text
    client.post(f"{mend}table/?table=0", {"domain": "jiuzhu"})
    assert "新设领域" not in client.get(mend).text
    client.post(f"{mend}table/?table=0", {"domain": "jiuzhu", "skip": "1"})
    assert "没有任何变更" in client.get(f"{mend}preview/").text


def test_handing_in_needs_a_reason_and_keeps_the_answers(staff, client, national):
    staff("office")
    mend = send(client, table(row()))
    page = client.post(f"{mend}preview/", {"hand_in": "1", "reason": " "}, status=422)
    assert page.select("//*[@id='reason-error']")
    assert client.get(url_for("catalog_uploads.index")).select("//ul[@class='tasks']//a/@href") == [
        mend
    ]


def test_after_a_rejection_it_can_be_mended_and_handed_in_again(staff, client, national):
    staff("office")
    mend = send(client, table(row()))
    revision = hand_in(client, mend).location
    assert client.get(mend, status=302).location == revision
    client.post(f"{mend}rows/?table=0", {"row": "0"}, status=409)
    staff("second")
    client.post(f"{revision}reject/", {"note": "主体写错了"})
    staff("office")
    assert "已上传目录待核对" in client.get(url_for("console.home")).text
    assert "主体写错了" in client.get(mend).text
    again = hand_in(client, mend).location
    assert again != revision


def test_an_upload_is_put_away(staff, client, national):
    staff("office")
    mend = send(client, table(row()))
    assert client.get(f"{mend}file/").data == table(row())
    client.post(f"{mend}discard/")
    assert "尚未上传过目录" in client.get(url_for("catalog_uploads.index")).text
    client.get(mend, status=302)


def test_others_cannot_reach_it(staff, client, national):
    staff("office")
    mend = send(client, table(row()))
    staff("reviewer")
    client.get(mend, status=403)
    client.get(url_for("catalog_uploads.index"), status=403)
    staff("town")
    client.get(mend, status=403)
    client.get(mend.replace("/990111/", "/990111100/"), status=404)
    client.post(mend.replace("/990111/", "/990111100/") + "discard/", status=404)


def test_a_row_is_left_out_at_the_preview_and_taken_in_again(staff, client, national):
    staff("office")
    mend = send(client, table(row("1", "甲"), row("2", "乙")))
    preview = f"{mend}preview/"
    shown = {"shown": ["0-0", "0-1"], "left-out-0-1": "1"}
    client.post(preview, shown)
    page = client.get(preview)
    assert [n.text for n in page.select("//*[@class='figures__number']")] == ["1"]
    assert page.select("//input[@name='left-out-0-1' and @checked]")
    client.post(preview, {"shown": ["0-0", "0-1"]})
    assert [n.text for n in client.get(preview).select("//*[@class='figures__number']")] == ["2"]
    client.post(preview, shown)
    revision = client.post(preview, shown | {"hand_in": "1", "reason": "按新目录"}).location
    assert "乙" not in client.get(revision).text
    client.post(preview, {"shown": ["0-0"]}, status=409)


def test_head_tabs_and_body_count_the_same_rows(staff, client, national):
    rows = [row(str(n), f"事项{n}") for n in range(1, 13)] + [row("13", "末项", organ="甲局\n乙局")]
    page_of = table(*rows[:-1], [*rows[-1][:6], "甲局<br>乙局", *rows[-1][7:]])
    staff("office")
    page = client.get(send(client, page_of))
    assert "13 行" in page.text
    assert "0 行待核对" in page.text
    assert "1 行有提示" in page.text
    [card] = page.select("//section[starts-with(@aria-labelledby,'row-')]")
    assert "末项" in card.text_content()


def test_a_table_without_a_domain_asks_for_one(staff, client, national):
    staff("office")
    data = table(row("1", "甲")).replace("社会救助领域".encode(), b"")
    mend = send(client, data)
    page = client.get(mend)
    assert page.select("//input[@name='new_domain']")
    obstacle = client.get(f"{mend}preview/").text
    assert "基层政务公开标准目录" not in obstacle.partition("<main")[2]
    assert not client.get(f"{mend}preview/").select("//button[@name='hand_in']")
    page = client.post(f"{mend}table/?table=0", {"new_domain": "长" * 41}, status=422)
    assert page.select("//*[@id='new_domain-error']")
    client.post(f"{mend}table/?table=0", {"domain": "", "new_domain": "水利"})
    assert "水利" in client.get(mend).text
    assert client.get(f"{mend}preview/").select("//button[@name='hand_in']")


def test_a_pasted_table_is_read_like_a_file(staff, client, national):
    staff("office")
    title = "社会救助领域基层政务公开标准目录"
    lines = [title, HEAD.replace(",", "\t"), "\t".join(row("1", "甲"))]
    address = client.post(
        url_for("catalog_uploads.index"), {"table_text": "\n".join(lines), "paste": "1"}
    ).location
    page = client.get(address)
    assert "识别出 1 张表、1 行" in page.text
    page = client.post(
        url_for("catalog_uploads.index"), {"table_text": "没有表格", "paste": "1"}, status=422
    )
    assert page.select("//textarea[@name='table_text']")[0].text.strip() == "没有表格"
    assert page.select("//*[@id='table_text-error']")
    client.post(url_for("catalog_uploads.index"), {"table_text": " ", "paste": "1"}, status=422)


def test_the_blank_table_is_read_when_it_is_filled_in(staff, client, national):
    staff("office")
    answer = client.get(url_for("catalog_uploads.template"))
    book = load_workbook(BytesIO(answer.data))
    sheet = book.active
    assert "序号" in [cell.value for cell in sheet[2]]
    sheet.cell(1, 1).value = "社会救助领域基层政务公开标准目录"
    values = {1: "1", 2: "综合业务", 3: "甲", 4: "全文", 5: "《社会救助暂行办法》", 6: "及时公开",
              7: "县民政局", 8: "政府网站、公开查阅点", 9: "√", 11: "√", 13: "√"}  # fmt: skip
    for column, value in values.items():
        sheet.cell(4, column).value = value
    filled = BytesIO()
    book.save(filled)
    page = client.get(send(client, filled.getvalue(), "目录.xlsx"))
    assert "识别出 1 张表、1 行" in page.text
    assert "0 行待核对" in page.text
