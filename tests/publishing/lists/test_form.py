"""The list in the form of a publication: pasted, read, corrected, handed in."""

from io import BytesIO

import pytest
from sqlalchemy import select

from core.publishing.models import Publication
from core.publishing.rules import PublicationState
from core.tables.lists.writing import ListSheet, write_list_xlsx
from core.tenancy.service import ensure_organ
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

PASTED = "户主\t面积(亩)\t金额(元)\n王大山\t12.5\t1500.00\n李秀英\t8\t960.00\n合计\t20.5\t2460.00"


@pytest.fixture
def create() -> str:
    return url_for("publishing_console.create", place=VILLAGE)


@pytest.fixture
def fields(platform, tree) -> dict[str, str]:
    """Everything but the list."""
    organ = ensure_organ(platform, tree.village, "崾岘村村民委员会", "committee")
    platform.commit()
    return {
        "title": "耕地地力保护补贴发放公示",
        "no_item_reason": "自愿公开",
        "formed_on": "2026-03-22",
        "organ_id": str(organ.id),
    }


@pytest.fixture
def stored(platform):
    def one() -> Publication:
        platform.expire_all()
        return platform.scalars(select(Publication)).one()

    return one


def shown(page) -> dict[str, str]:
    """What the list's part of a form sends, as a browser would."""
    found = {}
    for field in page.select("//*[@id='list_data']//*[self::input or self::select]"):
        if field.get("type") in {"checkbox", "file"}:
            continue
        chosen = field.xpath("option[@selected]/@value")
        found[field.get("name")] = chosen[0] if chosen else field.get("value", "")
    for field in page.select("//*[@id='list_data']//textarea"):
        found[field.get("name")] = (field.text or "").removeprefix("\n")
    return found


def test_pasted_rows_are_read_shown_and_handed_in(sign_in, create, fields, stored):
    client = sign_in("clerk")
    page = client.post(create, fields | {"list_paste": PASTED, "act": "list-read"}, status=200)
    assert "读作 3 列 × 2 行，对吗？" in page.text
    sent = shown(page)
    assert sent["list_type-0"] == "name"
    assert sent["list_paste"] == ""
    client.post(create, fields | sent | {"act": "submit"})
    assert stored().state == PublicationState.IN_REVIEW
    assert stored().list_data.rows[1] == ("李秀英", "8", "960.00")
    assert stored().list_data.totals == ("合计", "20.5", "2460.00")


def test_rows_nobody_has_looked_at_are_not_handed_in(sign_in, create, fields, stored):
    client = sign_in("clerk")
    page = client.post(create, fields | {"list_paste": PASTED, "act": "submit"}, status=422)
    assert "请先核对下方读取的清单" in page.text
    assert stored().state == PublicationState.DRAFT
    assert len(stored().list_data.rows) == 2


def test_a_wrong_cell_is_named_and_corrected(sign_in, create, fields, stored):
    client = sign_in("clerk")
    rows = PASTED.replace("\n合计", "\n赵六\t3\t360\n孙七\t2\t240\n周八\t1\t一百二\n合计")
    page = client.post(create, fields | {"list_paste": rows, "act": "list-read"}, status=200)
    assert "第 5 行，金额列: 不是金额" in page.text
    assert "合计写的是 2460.00，各行相加为 3060.00" in page.text
    sent = shown(page)
    page = client.post(create, fields | sent | {"act": "submit"}, status=422)
    edit = page.select("//form[@enctype]/@action")[0]
    version = {"version": page.select("//input[@name='version']/@value")[0]}
    sent = fields | version | shown(page) | {"cell-4-2": "120"}
    page = client.post(edit, sent | {"act": "list-total"}, status=200)
    assert shown(page)["total-2"] == "3180.00"
    client.post(edit, fields | version | shown(page) | {"act": "submit"})
    assert stored().state == PublicationState.IN_REVIEW


def test_columns_are_deleted_and_added(sign_in, create, fields):
    client = sign_in("clerk")
    sent = shown(
        client.post(create, fields | {"list_paste": PASTED, "act": "list-read"}, status=200)
    )
    page = client.post(
        create, fields | sent | {"list_drop-1": "yes", "act": "list-column"}, status=200
    )
    sent = shown(page)
    assert [sent[f"list_name-{n}"] for n in range(3)] == ["户主", "金额", ""]
    assert [sent[f"cell-0-{n}"] for n in range(3)] == ["王大山", "1500.00", ""]


def test_a_list_typed_by_hand_needs_no_script(sign_in, create, fields, stored):
    client = sign_in("clerk")
    sent = shown(client.post(create, fields | {"act": "list-begin"}, status=200))
    sent |= {"list_name-0": "户主", "list_name-1": "金额", "list_type-1": "money"}
    sent |= {"cell-0-0": "王大山", "cell-0-1": "5", "cell-2-0": "李秀英", "cell-2-1": "6"}
    client.post(create, fields | sent | {"list_drop-2": "yes", "act": "submit"})
    assert stored().list_data.rows == (("王大山", "5"), ("李秀英", "6"))
    assert stored().state == PublicationState.IN_REVIEW


def test_a_long_list_is_corrected_as_text(sign_in, create, fields, stored):
    client = sign_in("clerk")
    lines = [f"户主甲{n}\t{n}.5\t{n}00" for n in range(1, 201)]
    text = "\n".join(["户主\t面积\t金额", *lines])
    sent = shown(client.post(create, fields | {"list_paste": text, "act": "list-read"}, status=200))
    sent["list_rows"] = sent["list_rows"].replace("户主甲200", "户主乙200")
    client.post(create, fields | sent | {"act": "save"})
    assert len(stored().list_data.rows) == 200
    assert stored().list_data.rows[-1] == ("户主乙200", "200.5", "20000")


def test_hidden_rows_of_a_file_are_left_out_with_a_word(sign_in, create, fields):
    from openpyxl import load_workbook

    sheet = ListSheet("清单", ("户主", "金额"), [("王大山", "5"), ("李秀英", "6"), ("赵六", "7")])
    book = load_workbook(BytesIO(write_list_xlsx([sheet])))
    book.active.row_dimensions[3].hidden = True
    file = BytesIO()
    book.save(file)
    sent = {"act": "list-read", "list_file": (BytesIO(file.getvalue()), "清单.xlsx")}
    page = sign_in("clerk").post(create, fields | sent, status=200)
    assert "李秀英" not in page.text
    assert "有1行是隐藏的" in page.text


def test_a_table_in_the_text_is_noticed_and_moved(sign_in, create, fields):
    client = sign_in("clerk")
    body = f"现将情况公示如下。\n{PASTED}\n如有异议请反映。"
    page = client.post(create, fields | {"body": body, "act": "preview"}, status=200)
    assert "正文中有表格" in page.text
    page = client.post(create, fields | {"body": body, "act": "list-text"}, status=200)
    assert page.select("//textarea[@name='body']")[0].text.split() == [
        "现将情况公示如下。", "如有异议请反映。",
    ]  # fmt: skip
    assert shown(page)["cell-1-0"] == "李秀英"
    head = "<p>前</p><table><caption>补贴</caption><tr><th>户主</th><th>金额</th></tr>"
    markup = f"{head}<tr><td>王五</td><td>5</td></tr>"
    page = client.post(
        create, fields | {"body": markup + "</table><p>后</p>", "act": "list-text"}, status=200
    )
    assert "<table" not in page.select("//textarea[@name='body']")[0].text
    assert shown(page)["cell-0-0"] == "王五"
    assert shown(page)["list_caption"] == "补贴"


@pytest.mark.parametrize("text", ["户主\t金额\n" + "王大山\t5\n" * 30_000, "没有清单"])
def test_what_cannot_be_read_is_said_at_the_field_and_stays(sign_in, create, fields, text):
    page = sign_in("clerk").post(
        create, fields | {"list_paste": text, "act": "list-read"}, status=422
    )
    assert page.select("//*[@id='list_data']//*[contains(@class,'field__error')]")
    assert page.select("//textarea[@name='list_paste']")[0].text.strip() == text.strip()
