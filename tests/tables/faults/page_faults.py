"""What programs and page ends do to tables: cut rows, totals, heads again, odd characters."""

from hypothesis import strategies as st

from tests.tables.faults import faulty_tables as faults
from tests.tables.faults.faulty_tables import (
    BASIS,
    BELOW,
    CONTENTS,
    FAULTS,
    HEAD,
    LIMIT,
    ORGAN,
    Cell,
    Row,
)

TOTALS = ({0: "合计"}, {0: "合计", 3: "5项"}, {1: "小计", 3: "共5项"}, {0: "共计5项"}, {1: "总计"})
NOTES = ("备注：带★的为新增事项", "注：1.本目录由县民政局解释。", "填表日期：2026年3月1日")
#: What programs leave at the edge of a text, and inside a word.
AT_EDGES = ("_x000b_", "_x000D_", "\u2028", "\xa0", "\u3000")
INSIDE = ("\u200b", "\ufeff", "\xad", "\u2060")
FULL_WIDTH = str.maketrans("0123456789()", "０１２３４５６７８９（）")
TEXTS = (1, 2, CONTENTS, BASIS, LIMIT, ORGAN)


def _is_covered(sheet, place):
    """Say whether a merged cell reaches over the border above a row."""
    return any(
        start < place < start + cell.height
        for start, row in enumerate(sheet.rows)
        for cell in row.cells.values()
    )


def _stands_between(sheet, place):
    following = sheet.rows[place] if place < len(sheet.rows) else None
    whole = following is None or {0, 1} <= following.cells.keys()
    return whole and not _is_covered(sheet, place)


def cut(draw, sheet):
    """Cut a row in two, as a page's end does: the texts go on in a row without a number."""
    place, _ = faults._item(draw, sheet)
    row = sheet.rows[place]
    if faults._goes_on(sheet, place) or any(cell.height > 1 for cell in row.cells.values()):
        return
    rest = {}
    for column in draw(st.lists(st.sampled_from((*TEXTS, 7)), min_size=1, max_size=7)):
        cell = row.cells.get(column)
        if column not in rest and cell is not None and len(cell.text) > 3 and not cell.struck:
            at = draw(st.integers(1, len(cell.text) - 1))
            cell.text, after = cell.text[:at], cell.text[at:].strip("\n")
            rest |= {column: Cell(after)} if after.strip() else {}
    if rest:
        sheet.rows.insert(place + 1, Row(rest))
        faults._grow(sheet, place, 1)


def total(draw, sheet):
    """Count the items in a row below them."""
    texts = draw(st.sampled_from(TOTALS))
    sheet.rows.append(Row({column: Cell(text) for column, text in texts.items()}))


def note(draw, sheet):
    """Put a note below the table."""
    sheet.rows.append(Row(wide=draw(st.sampled_from(NOTES))))


def repeat_head(draw, sheet):
    """Print the title and the head once more, as on each page."""
    place = draw(st.integers(1, len(sheet.rows)))
    if not _stands_between(sheet, place) or faults._goes_on(sheet, place - 1):
        return
    labels, column = {}, 0
    for label, height, width in HEAD:
        labels[column] = Cell(label, height=height)
        column += width
    below = Row({column: Cell(label) for column, label in BELOW.items()})
    title = [Row(wide=sheet.title + draw(st.sampled_from(("", "（续）"))))]
    sheet.rows[place:place] = [*title[: draw(st.integers(0, 1))], Row(labels), below]


def leave_row_empty(draw, sheet):
    """Leave a row empty between two items."""
    place = draw(st.integers(1, len(sheet.rows)))
    if _stands_between(sheet, place):
        sheet.rows.insert(place, Row())


def _plain_cell(draw, sheet, columns):
    place, number = faults._item(draw, sheet)
    cell = sheet.rows[place].cells.get(draw(st.sampled_from(columns)))
    is_plain = cell is not None and len(cell.text) > 3 and cell.text.isprintable()
    return (cell if is_plain and "_" not in cell.text and " " not in cell.text else None), number


def put_odd_characters(draw, sheet):
    """Put characters that print nothing beside or into a text."""
    cell, _ = _plain_cell(draw, sheet, TEXTS)
    if cell is None:
        return
    if draw(st.booleans()):
        odd = draw(st.sampled_from(AT_EDGES))
        cell.text = draw(st.sampled_from((cell.text + odd, odd + cell.text)))
    else:
        at = draw(st.integers(1, len(cell.text) - 1))
        cell.text = cell.text[:at] + draw(st.sampled_from(INSIDE)) + cell.text[at:]


def space_out(draw, sheet):
    """Put a blank between all letters of a text."""
    cell, _ = _plain_cell(draw, sheet, (1, 2, LIMIT, ORGAN))
    if cell is not None:
        cell.text = " ".join(cell.text)


def widen(draw, sheet):
    """Print digits and brackets in full width; values keep the width that is printed."""
    cell, number = _plain_cell(draw, sheet, (LIMIT,))
    if cell is not None and sheet.truth[number]["time_limit"] == cell.text:
        cell.text = cell.text.translate(FULL_WIDTH)
        sheet.truth[number] = sheet.truth[number] | {"time_limit": cell.text}


ALL = (
    *FAULTS,
    cut,
    total,
    note,
    repeat_head,
    leave_row_empty,
    put_odd_characters,
    space_out,
    widen,
)
