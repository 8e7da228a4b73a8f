"""What the search finds of a list: all of it, or nothing that tells who the persons in it are."""

import re
from collections.abc import Iterable

from core.publishing.lists.domain.model import ListData, TypedColumn

# Headings of columns that tell who somebody is; 农户数 and 补贴人数 count them only.
PERSON_HEADING = re.compile(
    r"(姓名|户主|农户|[人者员]|对象|学生|考生|成员|证件号码?|身份证号?码?|电话|号码|住址|银行卡号?|账号)"
    r"(名称|名单|情况)?([((].*[))])?$"
)


def is_personal(column: TypedColumn) -> bool:
    """Say whether the cells of a column tell who somebody is, by its type or its heading."""
    heading = "".join(column.name.split())
    return column.type.is_personal or PERSON_HEADING.search(heading) is not None


def to_search_text(data: ListData, *, names: bool, surely: bool) -> str:
    """Return the searchable text of the rows of a list, a line for each.

    Without `names` the columns that identify persons are left out; where none is seen and the list
    is `surely` about persons, there is none.
    """
    kept = [place for place, one in enumerate(data.columns) if names or not is_personal(one)]
    if not names and surely and len(kept) == len(data.columns):
        return ""
    return "\n".join(filter(None, (_line(row[place] for place in kept) for row in data.rows)))


def to_heads_text(data: ListData) -> str:
    """Return caption and headings of a list."""
    return "\n".join(filter(None, (data.caption, _line(data.labels))))


def _line(cells: Iterable[str]) -> str:
    return " ".join(" ".join(cells).split())
