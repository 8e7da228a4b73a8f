"""Which organ a catalog item is the matter of: its 公开主体, by name or by the field's usual words.

County catalogs name an organ (禾川县民政局), the nation's name its branch (县级政府民政部门).
"""

import re
from collections.abc import Collection, Iterable

from core.catalog.domain.changes import JsonValue

# 禾川县民政局 → 民政: what stands between the place and the kind of office.
_BRANCH = re.compile(
    r"(?:.*?[省市县区旗州盟镇乡])?(.{2,}?)(?:总局|局|委员会|办公室|厅|委|办|站|所)"
)
_OFFICE_WORDS = ("部门", "行政主管部门", "主管部门")
_BETWEEN = re.compile(r"[、,,;;/|\s]+")


def list_branches(names: Iterable[str]) -> frozenset[str]:
    """Return the branches (民政, 生态环境) that names of an organ stand for."""
    found = (_BRANCH.match(name) for name in names)
    return frozenset(match.group(1) for match in found if match)


def is_matter_for(responsible: JsonValue, names: Collection[str]) -> bool:
    """Return whether the organ with these names is among the responsible organs of an item.

    Words for a whole class (各部门各单位) name nobody in particular.
    """
    values = responsible if isinstance(responsible, list | tuple) else [responsible]
    texts = [text for value in values if value for text in _BETWEEN.split(str(value))]
    offices = [f"{branch}{word}" for branch in list_branches(names) for word in _OFFICE_WORDS]
    return any(text in names or any(office in text for office in offices) for text in texts)
