"""Column labels of standard catalogs, in all the variants seen on real sites."""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.tables.fields.audience import EVERYONE, GROUP
from core.tables.fields.channels import canonical
from core.tables.fields.levels import is_town_name, read_level_words
from core.tables.fields.mode import find_mode
from core.tables.text import fold, squeeze, without_brackets

#: Fields of a row that take part of an item's name.
NAME_FIELDS = ("level1", "level2", "level3")
#: Pseudo-fields: an item's name without a level; its class; a value that no field takes.
ITEM, CLASS, EXTRA = "item", "class", "extra"

# For each field its labels; of two columns for one field the label that stands first here wins.
_LABELS: dict[str, tuple[str, ...]] = {
    "seq": ("序号", "编号", "序", "项目序号", "事项序号"),
    ITEM: (
        "公开事项",
        "公开事项名称",
        "事项",
        "事项名称",
        "公开项目",
        "项目名称",
        "公开事项目录",
        "项目",
    ),
    CLASS: ("公开类别", "类别", "事项类别", "事项分类", "公开事项类别", "分类", "信息类别"),
    "level1": ("一级事项", "一级公开事项", "公开事项一级", "一级目录", "一级分类", "一级"),
    "level2": ("二级事项", "二级公开事项", "公开事项二级", "二级目录", "二级分类", "二级"),
    "level3": ("三级事项", "三级公开事项", "公开事项三级", "三级目录", "三级分类", "三级"),
    "content_elements": (
        "公开内容",
        "公开内容要素",
        "公开内容和要素",
        "公开内容及要素",
        "公开要素",
        "内容要素",
        "内容",
        "要素",
        "具体内容",
        "公开具体内容",
        "主要内容",
    ),
    "legal_basis": (
        "公开依据",
        "法律依据",
        "法定依据",
        "政策依据",
        "依据",
        "公开的依据",
        "公开法律依据",
    ),
    "time_limit": (
        "公开时限",
        "时限",
        "公开期限",
        "公开时限要求",
        "时限要求",
        "公开时间",
        "公开频次",
        "公开频率",
    ),
    "responsible_organ": (
        "公开主体",
        "公开责任主体",
        "责任主体",
        "主体",
        "信息公开主体",
        "公开单位",
        "公开部门",
        "公开机构",
        "责任单位",
        "责任部门",
        "公开责任单位",
        "公开责任部门",
    ),
    "channels": (
        "公开渠道和载体",
        "公开渠道及载体",
        "公开渠道与载体",
        "公开渠道载体",
        "公开渠道",
        "公开载体",
        "公开载体和渠道",
        "渠道和载体",
        "渠道",
        "载体",
        "公开形式",
        "公开平台",
    ),
    "audience": ("公开对象", "对象", "公开范围", "公开群体"),
    "mode": ("公开方式", "方式", "公开属性", "公开类型"),
    "levels": ("公开层级", "层级", "公开级别", "公开层次", "适用层级"),
}
#: Names of the columns of the tidy CSV; `title` and `domain` tell its catalogs apart.
TIDY_LABELS = {
    "title": "title",
    "domain": "domain",
    "seq": "seq",
    "level1": "level1",
    "level2": "level2",
    "level3": "level3",
    "content_elements": "content_elements",
    "basis": "legal_basis",
    "legal_basis": "legal_basis",
    "time_limit": "time_limit",
    "subject": "responsible_organ",
    "responsible_organ": "responsible_organ",
    "channels": "channels",
    "audience": "audience",
    "method": "mode",
    "mode": "mode",
    "levels": "levels",
}
_RANKS = {
    label: (field, rank) for field, labels in _LABELS.items() for rank, label in enumerate(labels)
}
_EVERYONE = re.compile(r"^(?:面向)?(?:全社会|全体社会|社会公众|全社会公众)$")
_GROUP = re.compile(r"^(?:面向)?特定(?:群体|群众|对象|人群|公众)?$")
#: A text longer than this, brackets apart, heads no column.
LONGEST_LABEL = 40
_LONGEST_PRINTED = 4 * LONGEST_LABEL


@dataclass(frozen=True, slots=True)
class Column:
    """The meaning of a column: a field of a row; `choice` if a tick in it selects one value."""

    field: str
    label: str
    choice: str | None = None


def bare_label(label: str) -> str:
    """Return a label without blanks and without its remarks in brackets."""
    return without_brackets(squeeze(label))


def _forms(label: str) -> tuple[str, ...]:
    word = re.sub(r"[^\w()]", "", fold(squeeze(label)))
    return word, word.replace("(", "").replace(")", ""), without_brackets(word)


def find_field(label: str) -> str | None:
    """Return the field that a column's label names, `None` for any other text."""
    ranked = _ranked(label)
    return ranked[0] if ranked else None


def label_rank(label: str) -> int:
    """Return how good a label is for its field: 0 is the official one."""
    ranked = _ranked(label)
    return ranked[1] if ranked else len(_RANKS)


@lru_cache(maxsize=8192)
def tidy_field(label: str) -> str | None:
    """Return the field that a label of the tidy CSV names, `None` for any other text."""
    return None if len(label) > _LONGEST_PRINTED else TIDY_LABELS.get(squeeze(label).lower())


@lru_cache(maxsize=8192)
def _ranked(label: str) -> tuple[str, int] | None:
    if len(label) > _LONGEST_PRINTED:
        return None
    if len(bare_label(label)) > LONGEST_LABEL:
        return None
    return next((_RANKS[form] for form in _forms(label) if form in _RANKS), None)


@lru_cache(maxsize=8192)
def find_tick_column(label: str) -> Column | None:
    """Return the tick column, or the level of an item, that a label of the second row names."""
    if len(label) > _LONGEST_PRINTED:
        return None
    word = squeeze(label)
    bare = bare_label(fold(word))
    if len(bare) > LONGEST_LABEL:
        return None
    field = find_field(word)
    if field in NAME_FIELDS:
        return Column(field, word)
    if _EVERYONE.match(bare) or _GROUP.match(bare):
        return Column("audience", word, EVERYONE if _EVERYONE.match(bare) else GROUP)
    if find_mode(bare):
        return Column("mode", word, bare)
    field = "levels" if read_level_words(label) else "channels" if canonical(word) else None
    return None if field is None else Column(field, word, word)


def column_under(group: str, label: str) -> Column:
    """Return the column of a label that stands under a group's label."""
    option = find_tick_column(label)
    field = find_field(group)
    word = squeeze(label)
    if option is not None and (option.field != "channels" or field in {"channels", None}):
        return option
    if field == "levels" and is_town_name(word):
        return Column("levels", word, word)
    if field == ITEM:
        return Column(ITEM, word)
    if field in {"channels", "responsible_organ"}:
        return Column(field, word, word)
    named = find_field(label)
    if named is not None and field is None:
        return Column(named, word)
    return Column(EXTRA, f"{squeeze(group)}/{word}")


def find_column(label: str) -> Column:
    """Return the column of a label that stands alone."""
    field = find_field(label)
    if field is not None:
        return Column(field, squeeze(label))
    option = find_tick_column(label)
    return option if option is not None else Column(EXTRA, squeeze(label))
