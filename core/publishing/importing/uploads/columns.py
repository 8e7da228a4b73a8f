"""The columns of a list of publications: headings of a workbook, and the keys of a line."""

import re
from datetime import date

from flask_babel import gettext as _

from core.tables.lists.columns import ListColumn
from core.tables.lists.writing import CellValue, ListSheet, write_list_xlsx

#: Key of a line → heading; `item` is a title or an id of the catalog, `id` is for other systems.
COLUMNS = (
    ListColumn("title", "标题", ("名称", "信息名称", "信息标题"), required=True),
    ListColumn("body", "正文", ("内容", "信息内容")),
    ListColumn("item", "目录事项", ("公开事项", "事项", "事项名称")),
    ListColumn("publisher", "发布机构", ("公开主体", "发布单位", "责任单位")),
    ListColumn("genre", "体裁", ("体裁分类", "信息类型")),
    ListColumn("theme", "主题", ("主题分类",)),
    ListColumn("doc_no", "文号", ("发文字号",)),
    ListColumn("index_no", "索引号"),
    ListColumn("written_date", "成文日期", ("形成日期", "生成日期")),
    ListColumn("issued_date", "发文日期", ("印发日期",)),
    ListColumn("publicity_days", "公示天数", ("公示期",)),
    ListColumn("status", "有效性", ("效力状态",)),
    ListColumn("summary", "摘要", ("内容概述", "概述")),
    ListColumn("source", "来源", ("信息来源",)),
    ListColumn("id", "原系统编号", ("唯一编号",)),
)
_HEADINGS = {column.key: column.label for column in COLUMNS} | {
    "item_id": "目录事项",
    "body_html": "正文",
    "attachments": "附件",
    "publish_date": "发布日期",
    "tenant": "地方",
    "list": "清单",
    "interprets": "解读的文件",
}
_KEY = re.compile(rf"(^|; )({'|'.join(sorted(_HEADINGS, key=len, reverse=True))})\s*[:：]\s*")
_EXAMPLE: dict[str, CellValue] = {
    "title": "关于2026年第三季度农村低保对象的公示",
    "body": "现将本季度农村低保情况公示如下。\n享受低保共42户96人，发放资金11.5万元。",
    "publisher": "",
    "genre": "公示",
    "written_date": "2026-10-08",
    "publicity_days": 7,
}


def build_template(organ: str, item: str, written: date) -> bytes:
    """Return a workbook with the headings and one filled row, to be written over."""
    example = _EXAMPLE | {"publisher": organ, "item": item, "written_date": written.isoformat()}
    headings = [column.label for column in COLUMNS]
    row = [example.get(column.key, "") for column in COLUMNS]
    return write_list_xlsx([ListSheet(_("Publications"), headings, [row])])


def name_columns(message: str) -> str:
    """Return what is said of a line with the headings of its columns in place of their keys."""
    return _KEY.sub(lambda match: f"{match[1]}{_HEADINGS[match[2]]}：", message)
