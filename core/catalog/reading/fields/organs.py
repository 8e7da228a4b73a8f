"""公开主体: the organs named in a cell."""

import re

from core.catalog.reading.blanks import fold, lines_of
from core.catalog.reading.brackets import open_brackets, split_outside
from core.catalog.reading.fields.enumeration import clean_entry, split_marked
from core.catalog.reading.fields.parsed import Parsed
from core.catalog.reading.model import Note

_SEPARATORS = "、,;"
_LONGEST_ORGAN = 200
_ENDINGS = (
    "部门|政府|机关|机构|单位|委员会|委|局|办|办公室|中心|院|站|所|处|室|科|股|组|队|会|厅|部|校|公司|村"
    "|社区|街道|乡|镇|企业|大厅|支行|银行|农场|园区|管委会|政法委"
)
_ORGAN = re.compile(rf"(?:{_ENDINGS})(?:\([^()]*\))?$")
_DEPARTMENT = re.compile(r"(?:部门|局|办公室|委|机构|单位)(?:\([^()]*\))?$")
_OWN_START = re.compile(
    r"^(?:国家|中央|省|市|县|区|旗|乡|镇|街道|村|居|社区|行政村|各|本|地方|基层|[\u4e00-\u9fff]{1,6}[省市县区旗乡镇])"
)


def looks_like_organ(text: str) -> bool:
    """Say whether the text ends as the names of organs do."""
    return bool(_ORGAN.search(fold(text)))


def read_organs(text: str) -> Parsed[tuple[str, ...]]:
    """Split a cell at 、,; and at lines that name an organ each, never inside brackets."""
    marked = split_marked(text)
    if marked is not None:
        return Parsed(tuple(marked) or None)
    lines = lines_of(text)
    joined = _put_together(lines)
    parts = [clean_entry(part) for line in joined for part in split_outside(line, _SEPARATORS)]
    organs = tuple(part for part in parts if part)
    notes = (Note("organ-lines"),) if len(joined) > 1 else ()
    return Parsed(organs or None, notes)


def _put_together(lines: list[str]) -> list[str]:
    joined: list[str] = []
    depth = 0
    for line in lines:
        if joined and _wraps(joined[-1], line, is_open=depth > 0):
            joined[-1] += line
            depth = open_brackets(line, depth)
        else:
            joined.append(line)
            depth = open_brackets(line)
    return joined


def _wraps(before: str, after: str, *, is_open: bool) -> bool:
    """Say whether the second line goes on with the organ that the first began."""
    if len(before) > _LONGEST_ORGAN:
        return False
    last = fold(before[-1])
    if is_open or last in "、," or fold(after)[0] in "、,;()":
        return True
    if last == ";":
        return False
    if not looks_like_organ(before) or not looks_like_organ(after):
        return True
    # 县级人民政府 / 民政部门 is one name; 乡镇人民政府 / 行政村村民委员会 are two.
    return (
        before.endswith("政府")
        and bool(_DEPARTMENT.search(fold(after)))
        and not _OWN_START.match(after)
    )
