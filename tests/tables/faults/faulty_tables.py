"""Right tables, and what offices do to them: hide, strike, merge, wrap, split, interleave, blank.

A sheet is kept as cells with what was done to them; `to_table` gives the grid that the readers of
formats make of it, `to_xlsx`, `to_docx` and `to_html` write it as a file.
"""

import html
import io
from dataclasses import dataclass, field

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from core.tables.grid import SpanGrid, Table, TableRemark, UnreadText, without_rows

TITLE = "{}领域基层政务公开标准目录"
HEAD = (
    ("序号", 2, 1), ("公开事项", 1, 2), ("公开内容（要素）", 2, 1), ("公开依据", 2, 1),
    ("公开时限", 2, 1), ("公开主体", 2, 1), ("公开渠道和载体", 2, 1), ("公开对象", 1, 2),
    ("公开方式", 1, 2), ("公开层级", 1, 2),
)  # fmt: skip
BELOW = {1: "一级事项", 2: "二级事项", 8: "全社会", 9: "特定群体", 10: "主动", 11: "依申请公开",
         12: "县级", 13: "乡级"}  # fmt: skip
WIDTH = 14
HIDDEN_STYLE = ' style="display: none"'
CONTENTS, BASIS, LIMIT, ORGAN, CHANNELS = range(3, 8)
DOMAINS = ("社会救助", "养老服务", "旅游", "水利", "户籍管理", "城乡规划")
LEVEL1 = ("综合业务", "最低生活保障", "特困人员救助供养", "政策文件", "临时救助")
LEVEL2 = (
    "政策法规文件",
    "监督检查",
    "办事指南",
    "审核信息",
    "救助服务热线",
    "旅游规划",
    "许可结果",
)
ELEMENTS = (
    ("《社会救助暂行办法》", "各地配套政策法规文件"), ("办理事项", "办理条件", "申请材料"),
    ("初审对象名单及相关信息",), ("旅游领域地方性法规", "文化旅游领域其他政策文件"),
    ("行政处罚决定书", "处罚结果"), ("救助对象名单", "救助标准", "发放金额"),
)  # fmt: skip
BASES = (
    ("《中华人民共和国政府信息公开条例》",),
    ("《社会救助暂行办法》", "《民政部关于推进养老服务发展的意见》第三条"),
    ("《最低生活保障审核审批办法(试行)》",),
)
LIMITS = ("信息形成或者变更之日起20个工作日内", "及时公开", "每季度第一个月10日前", "长期公开")
ORGANS = (
    ("县民政局",), ("乡镇人民政府(街道办事处)",), ("县文化和旅游局", "河内镇人民政府"),
    ("县级政府民政部门",), ("望川县不动产登记中心",),
)  # fmt: skip
CHANNEL_SETS = (
    ("政府网站",),
    ("政府网站", "两微一端"),
    ("公开查阅点", "精准推送"),
    ("村务公开栏",),
)
#: Rows of one cell that go on with contents though they look like something else.
TRICKY = ("旅游领域地方性法规", "目录", "说明：按年度公布", "附件1", "单位：元", "时间：上午",
          "养老服务领域基层政务公开标准目录", "不涉及事项说明")  # fmt: skip
FURNITURE = ("- 3 -", "第2页 共9页", "注：由县民政局解释。", "填报单位：县民政局")


@dataclass
class Cell:
    """A cell: its text, text that is struck through after it, rows that it covers."""

    text: str = ""
    struck: str = ""
    height: int = 1


@dataclass
class Row:
    """A row of cells by column; `wide` is a cell across the table."""

    cells: dict[int, Cell] = field(default_factory=dict)
    wide: str = ""
    hidden: bool = False


@dataclass
class Sheet:
    """A table with faults, and the items that it shows: by number, by field."""

    title: str
    domain: str
    rows: list[Row]
    truth: dict[str, dict[str, object]]
    gone: set[str] = field(default_factory=set)


def _channels_text(channels, boxes):
    return "\n".join(f"■{name}" for name in channels) if boxes else "、".join(channels)


@st.composite
def items(draw, number):
    """An item: its cells and its truth."""
    pick = st.sampled_from
    elements, bases, organs = draw(pick(ELEMENTS)), draw(pick(BASES)), draw(pick(ORGANS))
    channels, limit = draw(pick(CHANNEL_SETS)), draw(pick(LIMITS))
    group, request, town, bullets = (draw(st.booleans()) for _ in range(4))
    truth = {
        "level1": draw(pick(LEVEL1)), "level2": draw(pick(LEVEL2)), "content_elements": elements,
        "legal_basis": bases, "time_limit": limit, "responsible_organ": organs,
        "channels": channels, "audience": "group" if group else "everyone",
        "mode": "on_request" if request else "proactive",
        "levels": ("county", "township") if town else ("county",),
    }  # fmt: skip
    texts = {
        0: str(number), 1: truth["level1"], 2: truth["level2"],
        CONTENTS: "\n".join(f"●{e}" if bullets else e for e in elements),
        BASIS: "".join(bases), LIMIT: limit, ORGAN: "、".join(organs),
        CHANNELS: _channels_text(channels, bullets or len(channels) == 1),
        8 + group: "√", 10 + request: "√", 12: "√", **({13: "√"} if town else {}),
    }  # fmt: skip
    return Row({column: Cell(text) for column, text in texts.items()}), truth


@st.composite
def sheets(draw, faults=3, kinds=None):
    """A right table with up to so many faults done to it; of `FAULTS`, where no kinds are given."""
    domain = draw(st.sampled_from(DOMAINS))
    drawn = [draw(items(number)) for number in range(1, draw(st.integers(2, 5)) + 1)]
    sheet = Sheet(
        TITLE.format(domain), domain, [row for row, _ in drawn],
        {str(number): truth for number, (_, truth) in enumerate(drawn, 1)},
    )  # fmt: skip
    for fault in draw(st.lists(st.sampled_from(kinds or FAULTS), max_size=faults)):
        fault(draw, sheet)
    return sheet


def _shown_items(sheet):
    return [
        place
        for place, row in enumerate(sheet.rows)
        if 0 in row.cells and row.cells[0].text in sheet.truth and not row.hidden
    ]


def _item(draw, sheet):
    """Draw an item that is still shown: its row and its number."""
    place = draw(st.sampled_from(_shown_items(sheet)))
    return place, sheet.rows[place].cells[0].text


def _may_go(sheet, place):
    """Say whether an item can go as a whole: it is not the last one, and stands on one row."""
    following = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else None
    whole = all(cell.height == 1 for cell in sheet.rows[place].cells.values())
    whole = whole and 1 in sheet.rows[place].cells
    return len(_shown_items(sheet)) > 1 and whole and (following is None or 0 in following.cells)


def _goes_on(sheet, place):
    """Say whether an item's contents already go on in the next row."""
    following = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else None
    return following is not None and CONTENTS in following.cells and 0 not in following.cells


def hide(draw, sheet):
    """Hide a row: its item is not shown."""
    place, number = _item(draw, sheet)
    if _may_go(sheet, place):
        sheet.rows[place].hidden = True
        sheet.gone.add(number)


def strike(draw, sheet):
    """Strike text through: an older value beside the one that holds."""
    place, _ = _item(draw, sheet)
    column = draw(st.sampled_from((1, 2, CONTENTS, BASIS, LIMIT, ORGAN, CHANNELS)))
    if column in sheet.rows[place].cells:
        struck = draw(st.sampled_from(("县扶贫办", "旧名称", "《旧办法》")))
        sheet.rows[place].cells[column].struck = struck


def strike_row(draw, sheet):
    """Strike a whole row through: the item is gone."""
    place, number = _item(draw, sheet)
    if _may_go(sheet, place):
        for cell in sheet.rows[place].cells.values():
            cell.text, cell.struck = "", cell.text + cell.struck
        sheet.gone.add(number)


def merge(draw, sheet):
    """Merge a name over the next item, which then has the same."""
    place, _ = _item(draw, sheet)
    if place + 1 >= len(sheet.rows):
        return
    row, below = sheet.rows[place], sheet.rows[place + 1]
    if place + 1 not in _shown_items(sheet) or 1 not in below.cells:
        return
    if 1 not in row.cells or row.cells[1].height > 1 or below.cells[1].height > 1:
        return
    if not row.cells[1].text:
        return
    row.cells[1].height = 2
    name = sheet.truth[row.cells[0].text]["level1"]
    sheet.truth[below.cells[0].text] = sheet.truth[below.cells[0].text] | {"level1": name}
    del below.cells[1]


def wrap(draw, sheet):
    """Break a cell's text at a fixed width, as narrow columns are filled in by hand."""
    place, _ = _item(draw, sheet)
    column = draw(st.sampled_from((1, 2, CONTENTS, BASIS, LIMIT, ORGAN, CHANNELS)))
    width = draw(st.integers(2, 7))
    cell = sheet.rows[place].cells.get(column)
    if cell is not None and "_x" not in cell.text:
        cell.text = "\n".join(
            line[start : start + width]
            for line in cell.text.split("\n")
            for start in range(0, len(line), width)
        )


def split(draw, sheet):
    """Let an item's contents go on in rows of their own."""
    place, number = _item(draw, sheet)
    if CONTENTS not in sheet.rows[place].cells:
        return
    cell = sheet.rows[place].cells[CONTENTS]
    first, *rest = cell.text.split("\n")
    more = draw(st.sampled_from(TRICKY))
    if (
        not sheet.truth[number]["content_elements"]
        or cell.struck
        or any("\n" in text for text in rest)
    ):
        return
    if _goes_on(sheet, place):
        return
    marked = first.startswith("●")
    cell.text = first
    added = [Row({CONTENTS: Cell(text)}) for text in [*rest, f"●{more}" if marked else more]]
    sheet.rows[place + 1 : place + 1] = added
    truth = sheet.truth[number]
    sheet.truth[number] = truth | {"content_elements": (*truth["content_elements"], more)}
    _grow(sheet, place, len(added))


def _grow(sheet, place, count):
    """Let merged cells above go on over rows that were put in."""
    for start, row in enumerate(sheet.rows[: place + 1]):
        for cell in row.cells.values():
            if start <= place < start + cell.height - 1:
                cell.height += count


def interleave(draw, sheet):
    """Put a page's number, a note, or the title once more between two items."""
    place = draw(st.integers(1, len(sheet.rows)))
    if place < len(sheet.rows) and not {0, 1} <= sheet.rows[place].cells.keys():
        return
    text = draw(st.sampled_from((*FURNITURE, sheet.title)))
    sheet.rows.insert(place, Row(wide=text))
    _grow(sheet, place - 1, 1)


def blank(draw, sheet):
    """Empty a cell, or fill it with a mark that means none."""
    place, number = _item(draw, sheet)
    columns = {CONTENTS: "content_elements", BASIS: "legal_basis", LIMIT: "time_limit",
               ORGAN: "responsible_organ", CHANNELS: "channels"}  # fmt: skip
    column = draw(st.sampled_from(sorted(columns)))
    if column not in sheet.rows[place].cells:
        return
    if column == CONTENTS and _goes_on(sheet, place):
        return
    sheet.rows[place].cells[column].text = draw(st.sampled_from(("", "-", "/", "无")))
    sheet.truth[number] = sheet.truth[number] | {columns[column]: None}


FAULTS = (hide, strike, strike_row, merge, wrap, split, interleave, blank)


def placed(sheet):
    """Give every cell as (row, column, height, width, text, struck), headings first."""
    yield 0, 0, 1, WIDTH, sheet.title, ""
    column = 0
    for label, height, width in HEAD:
        yield 1, column, height, width, label, ""
        column += width
    for column, label in BELOW.items():
        yield 2, column, 1, 1, label, ""
    for number, row in enumerate(sheet.rows, 3):
        if row.wide:
            yield number, 0, 1, WIDTH, row.wide, ""
        for column, cell in row.cells.items():
            yield number, column, cell.height, 1, cell.text, cell.struck


def hidden_rows(sheet):
    return {number for number, row in enumerate(sheet.rows, 3) if row.hidden}


def to_table(sheet):
    """Return the grid that a format's reader makes of the sheet."""
    grid = SpanGrid(3 + len(sheet.rows))
    for row, column, height, width, text, struck in placed(sheet):
        left_out = (UnreadText("text-struck", struck),) if struck else ()
        grid.place(text, row, column, height, width, left_out)
    rows = grid.rows([f"第{number + 1}行" for number in range(3 + len(sheet.rows))])
    hidden = hidden_rows(sheet)
    remarks = (TableRemark("hidden-rows", {"count": str(len(hidden))}),) if hidden else ()
    return Table("表", without_rows(rows, hidden), spanned=True, name="目录",
                 hidden_rows=len(hidden), remarks=remarks)  # fmt: skip


def to_xlsx(sheet):
    book = Workbook()
    written = book.active
    struck_font = InlineFont(strike=True)
    for row, column, height, width, text, struck in placed(sheet):
        value = text or None
        if struck:
            parts = [text] if text else []
            value = CellRichText(*parts, TextBlock(struck_font, struck))
        written.cell(row + 1, column + 1).value = value
        if height > 1 or width > 1:
            written.merge_cells(start_row=row + 1, start_column=column + 1,
                                end_row=row + height, end_column=column + width)  # fmt: skip
    for row in hidden_rows(sheet):
        written.row_dimensions[row + 1].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def to_docx(sheet):
    document = Document()
    table = document.add_table(3 + len(sheet.rows), WIDTH)
    grid = [list(row.cells) for row in table.rows]
    for row, column, height, width, text, struck in placed(sheet):
        cell = grid[row][column]
        if height > 1 or width > 1:
            cell = cell.merge(grid[row + height - 1][column + width - 1])
        cell.text = text
        if struck:
            cell.paragraphs[-1].add_run(struck).font.strike = True
    for row in hidden_rows(sheet):
        properties = table.rows[row]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def to_html(sheet):
    rows = ["" for _ in range(3 + len(sheet.rows))]
    for row, _column, height, width, text, struck in _filled(sheet):
        lines = html.escape(text).replace("\n", "<br>")
        gone = f"<s>{html.escape(struck)}</s>" if struck else ""
        rows[row] += f'<td rowspan="{height}" colspan="{width}">{lines}{gone}</td>'
    hidden = hidden_rows(sheet)
    shown = [
        f"<tr{HIDDEN_STYLE if number in hidden else ''}>{cells}</tr>"
        for number, cells in enumerate(rows)
    ]
    return ("<table>" + "".join(shown) + "</table>").encode()


def _filled(sheet):
    """Give the cells from left to right, empty ones too: a page has no gaps."""
    covered, found = set(), {}
    for row, column, height, width, text, struck in placed(sheet):
        found[row, column] = (row, column, height, width, text, struck)
        covered |= {(row + r, column + c) for r in range(height) for c in range(width)}
    for row in range(3 + len(sheet.rows)):
        for column in range(WIDTH):
            if (row, column) in found:
                yield found[row, column]
            elif (row, column) not in covered:
                yield row, column, 1, 1, "", ""
