"""Fifty texts as people paste and sites export them, each with the same three households.

Composed for the tests: shapes of Excel, Word, WPS, site editors and typing, with invented names.
"""

HEADS = ("序号", "户主", "金额", "备注")
ROWS = (("1", "张三", "1200", ""), ("2", "李四", "90", "五保"), ("3", "欧阳德", "80", ""))
EVERY = (HEADS, *ROWS)
WORDS = "现将名单公示如下"


def _lines(mark: str, rows: tuple[tuple[str, ...], ...] = EVERY, *, trimmed: bool = False) -> str:
    lines = (mark.join(row) for row in rows)
    return "\n".join(line.rstrip(mark) if trimmed else line for line in lines)


def _cells(tag: str, row: tuple[str, ...], attributes: str = "") -> str:
    return "".join(f"<{tag}{attributes}>{cell or '&nbsp;'}</{tag}>" for cell in row)


def _rows(attributes: str = "", head: str = "td") -> str:
    rows = [_cells(head, HEADS, attributes), *(_cells("td", row, attributes) for row in ROWS)]
    return "".join(f"<tr{attributes}>{row}</tr>" for row in rows)


TABS, TRIMMED = _lines("\t"), _lines("\t", trimmed=True)
COMMAS = _lines(",")
TABLE = f"<table>{_rows()}</table>"
EXCEL = (
    f"<table width=300 style='border-collapse:collapse'><col width=72>{_rows(' height=19')}</table>"
)
MSO = "<style><!--table{mso-displayed-decimal-separator:'.';} .xl65{color:black}--></style>"
ISLAND = "<!--[if gte mso 9]><xml><x:Name>Sheet1</x:Name></xml><![endif]-->"
WORD = "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
RULES = ".TRS_Editor P{margin-top:0;line-height:1.5} .TRS_Editor TD{font-size:12pt}"
BLANKS = "序号 户主 金额 备注\n1 张三 1200\n2 李四 90 五保\n3 欧阳德 80"
UNIT = "单位:元"
TRS = f"<style>{RULES}</style>"
AGAIN = TABS.replace("\n3\t", f"\n{_lines(chr(9), (HEADS,))}\n3\t")
GROUPS = TRIMMED.replace("\n1\t", "\n一组\n1\t").replace("\n3\t", "\n二组\n3\t")
SPACED = BLANKS.replace("序号 户主 金额 备注", "序 号 户 主 金 额 备 注")
MARKDOWN = "\n".join(f"| {' | '.join(row)} |" for row in (HEADS, ("---",) * 4, *ROWS))
LINES = "".join(f"<p>{line}</p>" for line in BLANKS.replace(" ", "&nbsp; ").split("\n"))
PARAGRAPH = f"<p>{WORDS}</p>"
TITLE_ROW = "<tr><td colspan=4>低保名单</td></tr>"

BODIES: dict[str, str] = {
    # pasted
    "tabs": f"{WORDS}\n{TABS}",
    "tabs whose ends were trimmed": f"{WORDS}\n{TRIMMED}",
    "a title in the first row": f"{WORDS}\n低保名单\t\t\t\n{TABS}",
    "a title and a unit above": f"{WORDS}\n低保名单\t\t\t\n{UNIT}\t\t\t2026年9月\n{TRIMMED}",
    "a line above that names the table": f"{WORDS}。\n柳湾村低保名单\n{TRIMMED}",
    "empty rows between": f"{WORDS}\n" + TRIMMED.replace("\n", "\n\n"),
    "rows of tabs alone": f"{WORDS}\n" + TABS.replace("\n2\t", "\n\t\t\t\n2\t"),
    "lines as Windows ends them": f"{WORDS}\r\n" + TABS.replace("\n", "\r\n"),
    "headings on every page": f"{WORDS}\n" + AGAIN,
    "names of groups": f"{WORDS}\n" + GROUPS,
    "a quoted heading": f"{WORDS}\n" + TABS.replace("户主", '"户主"'),
    "text after the table": f"{WORDS}\n{TRIMMED}\n如有异议，请向镇民政办反映。",
    "blanks before each line": f"{WORDS}\n" + TABS.replace("\n", " \n"),
    "empty column at the end": f"{WORDS}\n" + TABS.replace("\n", "\t\n") + "\t",
    "commas": f"{WORDS}\n{COMMAS}",
    "commas whose ends were trimmed": f"{WORDS}\n" + _lines(",", trimmed=True),
    "full-width commas": f"{WORDS}\n" + _lines("，"),
    "commas of both widths": f"{WORDS}\n" + COMMAS.replace("90,", "90，").replace("3,", "3，"),
    "quoted cells": f"{WORDS}\n" + COMMAS.replace("李四", '"李四"').replace("五保", '"五保"'),
    "commas with a title above": f"{WORDS}。\n低保名单\n{COMMAS}",
    "commas and empty rows": f"{WORDS}\n" + COMMAS.replace("\n", "\n\n"),
    "blanks": f"{WORDS}\n{BLANKS}",
    "wide blanks": f"{WORDS}\n" + BLANKS.replace(" ", "    "),
    "full-width blanks": f"{WORDS}\n" + BLANKS.replace(" ", "\u3000"),
    "names with a blank": f"{WORDS}\n" + BLANKS.replace("张三", "张 三").replace("李四", "李 四"),
    "headings with blanks": f"{WORDS}\n" + SPACED,
    "bars": f"{WORDS}\n" + _lines("|"),
    "Markdown": f"{WORDS}\n" + MARKDOWN,
    "full-width bars": f"{WORDS}\n" + _lines("｜"),
    "entities in a typed text": f"{WORDS}&nbsp;\n{TABS}",
    "rules of a style sheet above": f"{RULES}\n{WORDS}\n{TABS}",
    "a bold name": f"{WORDS}\n" + TABS.replace("李四", "<b>李四</b>"),
    # HTML
    "a condition first": f"<![if !vml]>{PARAGRAPH}<![endif]>{TABLE}",
    "a style first": f"<style>p{{margin:0}}</style>{PARAGRAPH}{TABLE}",
    "a comment first": f"<!-- 正文开始 -->{PARAGRAPH}{TABLE}<!-- 正文结束 -->",
    "a meta element first": f"<meta name=ContentStart>{PARAGRAPH}{TABLE}<meta name=ContentEnd>",
    "a font first": f"<font face=仿宋 size=4>{WORDS}</font><br>{TABLE}",
    "centred": f"<center><b>{WORDS}</b></center>{TABLE}",
    "a picture first": f"<img src='./W020.jpg' alt=''>{PARAGRAPH}{TABLE}",
    "a link first": f"<a href='#bottom'></a>{PARAGRAPH}{TABLE}",
    "text first": f"{WORDS}{TABLE}",
    "a whole page": f"<!DOCTYPE html><head><title>页</title></head><body>{PARAGRAPH}{TABLE}</body>",
    "Excel": f"<html xmlns:x='urn:x'>{MSO}{ISLAND}<body>{PARAGRAPH}{EXCEL}</body></html>",
    "Word": f"{WORD}<p class=MsoNormal style='mso-pagination:none'>{WORDS}<o:p></o:p></p>{TABLE}",
    "WPS": f"<p class=p0><span style='mso-x:y'>{WORDS}</span></p><div align=center>{TABLE}</div>",
    "an editor of sites": f"<div class=TRS_Editor>{TRS}{PARAGRAPH}<p>&nbsp;</p>{TABLE}</div>",
    "code shown as text": f"{PARAGRAPH}{TABLE}".replace("<", "&lt;").replace(">", "&gt;"),
    "rows without a table": f"{PARAGRAPH}{_rows()}",
    "a table for layout around it": f"<table><tr><td>{PARAGRAPH}{TABLE}</td></tr></table>",
    "a title across the table": f"{PARAGRAPH}<table>{TITLE_ROW}{_rows()}</table>",
    "paragraphs of blanks": f"{PARAGRAPH}{LINES}",
    "preformatted": f"{PARAGRAPH}<pre>{TABS}</pre>",
    "headings that say so": f"{PARAGRAPH}<table>{_rows(head='th')}</table>",
}  # fmt: skip
