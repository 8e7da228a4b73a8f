"""Messages of findings about a list of any feature, by code: Chinese, English."""

from collections.abc import Mapping

LIST_MESSAGES: Mapping[str, tuple[str, str]] = {
    # Findings about a list of any feature
    "no-header": (
        "没有找到表头；表格应有这些列：{columns}",
        "No row of headings was found; the list needs the columns {columns}",
    ),
    "column-not-found": ("表中没有这一列", "The list has no such column"),
    "cell-missing": ("此单元格为空", "The cell is empty"),
    "cell-too-long": ("超过{most}个字", "longer than {most} characters"),
    "not-a-number": ("不是数字", "not a number"),
    "not-a-day": ("不是日期，请写作2026-09-01", "not a day; write it as 2026-09-01"),
    "digits-lost": (
        "号码被电子表格当作数字，末尾几位已丢失；请把该列设为文本后重新填写",
        "a spreadsheet took this for a number and lost its last digits; make the column text",
    ),
    "list-too-long": ("超过{most}行，此行起未读取", "more than {most} rows; the rest was not read"),
    "rows-hidden": (
        "有{count}行是隐藏的，未读取",
        "{count} rows are hidden and were not read",
    ),
    "table-not-read": (
        "此处还有一个{count}行的表格，未读取",
        "there is another table of {count} rows here; it was not read",
    ),
    "row-above-header": ("表头上方的文字，未读取", "text above the headings; not read"),
    "row-is-note": ("整行合并的文字，未读取", "a note across the whole row; not read"),
    "row-without-columns": (
        "此行在所需各列中没有内容，未读取",
        "nothing in the columns that are needed; not read",
    ),
    # Findings about pasted text
    "table-unclear": (
        "这几行像是表格，但分不清各列，按普通文字保留；请从电子表格中复制整张表",
        "these lines look like a table, but its columns cannot be told apart; they stay lines",
    ),
    "row-unclear": (
        "此行的单元格比表头少或多，分不清缺哪一格，整行原样保留",
        "it is unclear which cell of this row is missing or too much; it is kept as it is",
    ),
    "heads-missing": (
        "这个表格没有表头，各行原样保留；请在第一行写上各列名称",
        "this table has no headings; write the names of the columns in its first row",
    ),
    "not-json": (
        "不是GeoJSON文件：无法按JSON读取",
        "this is no GeoJSON: it cannot be read as JSON",
    ),
    "not-features": (
        "不是FeatureCollection，或超过{most}个要素",
        "this is no FeatureCollection of at most {most} features",
    ),
    "no-table": ("文件中没有表格", "There is no table in this file"),
}
