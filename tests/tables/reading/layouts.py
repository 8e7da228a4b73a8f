"""Lays out rows of a catalog as they are met on real sites, in any combination of defects."""

import csv
import html
import io
from dataclasses import dataclass, field

from docx import Document
from openpyxl import Workbook

OFFICIAL = (
    "政府网站",
    "政府公报",
    "两微一端",
    "发布会/听证会",
    "广播电视",
    "纸质媒体",
    "公开查阅点",
    "政务服务中心",
    "便民服务站",
    "入户/现场",
    "社区/企事业单位/村公示栏(电子屏)",
    "精准推送",
    "其他",
)
ORDER = (
    "seq",
    "names",
    "content_elements",
    "legal_basis",
    "time_limit",
    "responsible_organ",
    "channels",
    "audience",
    "mode",
    "levels",
)
LEVEL_LABELS = {"city": "市级", "county": "县级", "township": "乡级", "village": "村级"}


@dataclass(frozen=True)
class Style:
    """Which of the defects a table has."""

    order: tuple = ORDER
    channels: str = "ticked"  # ticked, boxes, ocr, names
    elements: str = "bullets"  # bullets, numbers, inline, lines, semicolons
    levels: dict = field(default_factory=lambda: LEVEL_LABELS)
    labels: dict = field(default_factory=dict)
    spaced: bool = False
    merged: bool = True
    ditto: tuple = ()
    depth: int = 2


@dataclass(frozen=True)
class Laid:
    """A table: header cells (text, row, column, height, width) and body texts; `None` is merged."""

    header: list
    body: list
    columns: list


def lay(rows, style=Style()):
    columns = _columns(style)
    body, above = [], None
    for row in rows:
        texts = [text(row) for _, _, text in columns]
        body.append(_shown(texts, above, columns, style))
        above = texts
    return Laid(_header(columns), body, columns)


def _columns(style):
    names = ["level1", "level2", "level3"][: style.depth]
    labels = {
        "seq": "序号",
        "content_elements": "公开内容(要素)",
        "legal_basis": "公开依据",
        "time_limit": "公开时限",
        "responsible_organ": "公开主体",
        "channels": "公开渠道和载体",
        "audience": "公开对象",
        "mode": "公开方式",
        "levels": "公开层级",
        "everyone": "全社会",
        "group": "特定群体",
        "proactive": "主动",
        "on_request": "依申请公开",
    } | style.labels
    found = []
    for part in style.order:
        if part == "names":
            found += [
                ("公开事项", f"{number}级事项", _plain(name))
                for name, number in zip(names, "一二三", strict=False)
            ]
        elif part == "audience":
            found += [
                (labels[part], labels[kind], _audience(kind)) for kind in ("everyone", "group")
            ]
        elif part == "mode":
            found += [
                (labels[part], labels[kind], _mode(kind)) for kind in ("proactive", "on_request")
            ]
        elif part == "levels":
            found += [(labels[part], label, _level(level)) for level, label in style.levels.items()]
        else:
            found.append(("", labels.get(part, part), _text(part, style)))
    return found


def _plain(name):
    return lambda row: row[name] or ""


def _audience(kind):
    def text(row):
        chosen = row["audience"] and row["audience"]["kind"] == kind
        return "\n".join(filter(None, ["√", row["audience"].get("text")])) if chosen else ""

    return text


def _mode(kind):
    return lambda row: "√" if row["mode"] == kind else ""


def _level(level):
    wanted = level if isinstance(level, tuple) else (level,)
    return lambda row: "√" if set(wanted) & set(row["levels"] or ()) else ""


def _text(part, style):
    if part == "content_elements":
        return lambda row: _elements(row[part] or (), style)
    if part == "channels":
        return lambda row: _channels(row[part] or (), style)
    if part == "time_limit":
        return lambda row: _spaced(row[part]["raw"], style) if row[part] else ""
    if part in {"seq", "legal_basis", "responsible_organ"}:
        joint = {"legal_basis": "", "responsible_organ": "、"}.get(part, "")
        return lambda row: row[part] if isinstance(row[part], str) else joint.join(row[part] or ())
    return lambda row: (row.get("extra") or {}).get(part, "")


def _spaced(text, style):
    return " ".join(text) if style.spaced else text


def _elements(elements, style):
    if style.elements == "semicolons":
        return "".join(f"{element};\n" for element in elements).strip()
    if style.elements == "lines":
        return "\n".join(elements)
    marks = [f"{number}." for number in range(1, len(elements) + 1)]
    if style.elements == "bullets":
        marks = ["" if element.startswith("〇") else "●" for element in elements]
    joint = " " if style.elements == "inline" else "\n"
    return joint.join(mark + element for mark, element in zip(marks, elements, strict=True))


def _channels(channels, style):
    if style.channels == "names":
        return "、".join(channels)
    if style.channels == "ticked":
        return "\n".join(f"■{name}" for name in channels)
    empty = "口" if style.channels == "ocr" else "□"
    shown = [f"■{name}" if name in channels else f"{empty}{name}" for name in OFFICIAL]
    others = [f"■{name}" for name in channels if name not in OFFICIAL]
    return "  ".join(shown + others)


def _shown(texts, above, columns, style):
    if above is None:
        return texts
    shown, same = [], True
    for position, ((group, label, _), text) in enumerate(zip(columns, texts, strict=True)):
        is_upper_name = group == "公开事项" and label != f"{'一二三'[style.depth - 1]}级事项"
        if is_upper_name:
            same = same and text == above[position] and bool(text)
        if is_upper_name and style.merged and same:
            shown.append(None)
        elif label in style.ditto and text and text == above[position]:
            shown.append("同上")
        else:
            shown.append(text)
    return shown


def _header(columns):
    cells, position = [], 0
    while position < len(columns):
        group, label, _ = columns[position]
        width = 1
        if not group:
            cells.append((label, 0, position, 2, 1))
        else:
            while position + width < len(columns) and columns[position + width][0] == group:
                width += 1
            cells.append((group, 0, position, 1, width))
            cells += [
                (columns[position + offset][1], 1, position + offset, 1, 1)
                for offset in range(width)
            ]
        position += width
    return cells


def heights(laid):
    """By row and column how many rows a cell covers."""
    found = {}
    for number, row in enumerate(laid.body):
        for column, text in enumerate(row):
            if text is not None:
                below = 1
                while number + below < len(laid.body) and laid.body[number + below][column] is None:
                    below += 1
                found[number, column] = below
    return found


def as_html(laid, title="", before="", after="", *, repeat=False):
    parts = [before, f"<p>{title}</p><table border=1><tbody>"]
    spans = {} if repeat else heights(laid)
    parts.append(_html_header(laid))
    for number, row in enumerate(laid.body):
        if repeat and number:
            parts.append(_html_header(laid))
        parts.append("<tr>")
        for column, text in enumerate(row):
            if text is None and not repeat:
                continue
            height = spans.get((number, column), 1)
            span = f' rowspan="{height}"' if height > 1 else ""
            lines = html.escape(text or "").replace("\n", "<br/>") or "&nbsp;"
            parts.append(f"<td{span}><p>{lines}</p></td>")
        parts.append("</tr>")
    return "".join([*parts, "</tbody></table>", after])


def _html_header(laid):
    rows = []
    for number in (0, 1):
        cells = [cell for cell in laid.header if cell[1] == number]
        shown = [
            f'<td rowspan="{height}" colspan="{width}">{_broken(text)}</td>'
            for text, _, _, height, width in cells
        ]
        rows.append("<tr>" + "".join(shown) + "</tr>")
    return "".join(rows)


def _broken(text):
    return "<br/>".join(text[start : start + 2] for start in range(0, len(text), 2))


def as_pipes(laid, title="", *, repeat=False, continued=None):
    """Text with the spans of the header collapsed, as a copy of a page gives it."""
    rows = [cell[0] for cell in laid.header if cell[1] == 0]
    below = [cell[0] for cell in laid.header if cell[1] == 1]
    header = [
        " | ".join(rows) + " " + "|" * (len(laid.columns) - len(rows)),
        " | ".join(below) + " " + "|" * (len(laid.columns) - len(below)),
    ]
    lines = [title] if title else []
    lines += [] if repeat else header
    for row in laid.body:
        lines += header if repeat else []
        cells = [(text or "").replace("\n", " ") for text in row]
        rest = []
        if continued is not None:
            cells[continued], *rest = (row[continued] or "").split("\n")
        lines.append(" | ".join(cells) + " |")
        lines += [f"{piece} " + "|" * (len(laid.columns) - 1) for piece in rest]
    return "\n".join(lines)


def as_delimited(laid, delimiter, title=""):
    """CSV as a spreadsheet saves it: blanks where cells were merged."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    if title:
        writer.writerow([title] + [""] * (len(laid.columns) - 1))
    for number in (0, 1):
        line = [""] * len(laid.columns)
        for text, row, column, _, _ in laid.header:
            if row == number:
                line[column] = text
        writer.writerow(line)
    for row in laid.body:
        writer.writerow([text or "" for text in row])
    return stream.getvalue()


def as_cell_lines(laid, title="", *, ticks=True):
    """One cell per line; without ticks, a few blanks stand where they were."""
    lines = [title] if title else []
    lines += [cell[0] for cell in laid.header if cell[1] == 0]
    lines += [cell[0] for cell in laid.header if cell[1] == 1]
    for row in laid.body:
        blanks = 0
        for (group, _, _), text in zip(laid.columns, row, strict=True):
            is_tick = group not in {"", "公开事项"}
            if is_tick and not ticks:
                blanks += 1
                continue
            lines += (text or "\xa0").split("\n")
        lines += ["\xa0"] * max(0, blanks - 2)
    return "\n\n".join(lines)


def as_xlsx(sheets):
    """A workbook of (sheet name, title, laid, note)."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, title, laid, note in sheets:
        _fill(workbook.create_sheet(name), title, laid, note)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _fill(sheet, title, laid, note):
    width, top = len(laid.columns), 1
    for line in ("附件1", title) if title else ():
        sheet.cell(top, 1, line)
        sheet.merge_cells(start_row=top, start_column=1, end_row=top, end_column=width)
        top += 1
    for text, row, column, height, across in laid.header:
        _merge(sheet, text, top + row, column + 1, (height, across))
    top += 2
    spans = heights(laid)
    for number, row in enumerate(laid.body):
        for column, text in enumerate(row):
            if text is not None:
                _merge(sheet, text, top + number, column + 1, (spans[number, column], 1))
    if note:
        _merge(sheet, note, top + len(laid.body), 1, (1, width))


def _merge(sheet, text, row, column, span):
    height, width = span
    sheet.cell(row, column, text or None)
    if height > 1 or width > 1:
        sheet.merge_cells(
            start_row=row,
            start_column=column,
            end_row=row + height - 1,
            end_column=column + width - 1,
        )


def as_docx(parts, *, before=(), after=()):
    """A document of (heading, laid), with paragraphs around them."""
    document = Document()
    for text in before:
        document.add_paragraph(text)
    for heading, laid in parts:
        if heading:
            document.add_heading(heading, 1)
        table = document.add_table(2 + len(laid.body), len(laid.columns))
        spans = heights(laid)
        cells = [
            (text, row, column, height, width) for text, row, column, height, width in laid.header
        ]
        cells += [
            (text, number + 2, column, spans[number, column], 1)
            for number, row in enumerate(laid.body)
            for column, text in enumerate(row)
            if text is not None
        ]
        grid = [list(row.cells) for row in table.rows]
        for text, row, column, height, width in cells:
            cell = grid[row][column]
            if height > 1 or width > 1:
                cell = cell.merge(grid[row + height - 1][column + width - 1])
            cell.text = text
    for text in after:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
