"""Lists that may not exist at all: masking is not enough, whatever the channel.

Orphans and children without care, other minors, kinds of disability, illness, bank cards (条例 15,
N30). Known by the headings of a list, or by its title where it names persons; a county adds words
of its own (`forbidden_list_words`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import html
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.publishing.body.convert import to_html
from core.publishing.content import Content
from core.publishing.lists.search_text import PERSON_HEADING, is_personal
from core.tenancy.service import load_chain

SETTING = "forbidden_list_words"


@dataclass(frozen=True, slots=True)
class ForbiddenList:
    """A kind of list, and the headings and titles (of lists of persons) that tell it."""

    label: LazyString
    headings: re.Pattern[str] | None = None
    titles: re.Pattern[str] | None = None
    masked_in_imports: bool = False


FORBIDDEN = (
    ForbiddenList(
        _l("orphans and children without care"),
        headings=re.compile(r"孤儿|困境儿童|留守儿童|无人抚养"),
        titles=re.compile(r"孤儿|困境儿童|留守儿童|流浪儿童|无人抚养"),
    ),
    ForbiddenList(
        _l("minors"),
        headings=re.compile(r"(?:学生|儿童|幼儿|婴儿|未成年人?|受助生|小孩|子女)(?:的)?姓名"),
        titles=re.compile(r"未成年|儿童|婴幼儿|(?:困难|贫困|受助|资助)学生|学生(?:资助|补助)"),
    ),
    ForbiddenList(
        _l("kinds of disability"),
        headings=re.compile(r"残疾(?:人)?(?:类[别型]|种类|情况|原因|部位)|残别|致残"),
    ),
    ForbiddenList(
        _l("illness"),
        headings=re.compile(r"病种|病情|病名|病史|患病|疾病(?!预防|控制)|诊断|确诊|所患|症状"),
    ),
    ForbiddenList(
        _l("bank cards"),
        headings=re.compile(
            r"(?:银行|信用|一卡通|社保|惠农)[^,;]{0,4}(?:卡号|账号|帐号|账户)|卡号|存折"
        ),
        masked_in_imports=True,
    ),
)


@dataclass(frozen=True, slots=True)
class ListOutline:
    """What is known of a list by sight: its name, its headings, whether it names persons."""

    title: str
    headings: tuple[str, ...]
    names_persons: bool
    row_count: int


def list_outlines(content: Content) -> Iterator[ListOutline]:
    """Yield the list of a content, and the tables of its text."""
    data = content.list_data
    if data is not None:
        named = any(map(is_personal, data.columns))
        title = f"{content.title} {data.caption}"
        yield ListOutline(title, tuple(map(_squeeze, data.labels)), named, len(data.rows))
    if "<" not in (text := to_html(content.body_source)):
        return
    for table in html.fragment_fromstring(text, create_parent="div").iter("table"):
        rows = [tuple(_squeeze(cell.text_content()) for cell in row) for row in table.iter("tr")]
        if not rows:
            continue
        heads = tuple(_squeeze(cell.text_content()) for cell in table.iter("th")) or rows[0]
        named = any(PERSON_HEADING.search(head) for head in heads)
        yield ListOutline(content.title, heads, named, max(len(rows) - 1, 0))


def find_forbidden_list(
    session: Session, tenant: Tenant, content: Content, *, imported: bool = False
) -> dict[str, str]:
    """Return a message at the field with a list that may not exist; empty where there is none.

    What an import masks by itself (bank cards in an archive) is left to it.
    """
    outlines = list(list_outlines(content))
    words = _list_own_words(session, tenant) if outlines else ()
    kinds = [kind for kind in FORBIDDEN if not (imported and kind.masked_in_imports)]
    for outline in outlines:
        for reason in _list_reasons(outline, kinds, words):
            return {"list_data" if content.list_data else "body": reason}
    return {}


def _list_reasons(
    outline: ListOutline, kinds: Iterable[ForbiddenList], words: Iterable[str]
) -> Iterator[str]:
    for kind in kinds:
        for place, heading in enumerate(outline.headings, start=1):
            if kind.headings and kind.headings.search(heading):
                yield _(
                    "Column %(n)s “%(heading)s” is about %(what)s, which may not be published in a "
                    "list, masked or not. Remove the column, or give totals only.",
                    n=place, heading=heading, what=kind.label,
                )  # fmt: skip
        if outline.names_persons and kind.titles and kind.titles.search(outline.title):
            yield _(
                "A list that names %(what)s may not be published, masked or not. Give totals only.",
                what=kind.label,
            )
    for word in words:
        if any(word in heading for heading in outline.headings) or (
            outline.names_persons and word in outline.title
        ):
            yield _(
                "This county does not allow lists with “%(word)s”. Give totals only.", word=word
            )


def _list_own_words(session: Session, tenant: Tenant) -> list[str]:
    """List the words of the places of the chain."""
    told = (node.profile.get(SETTING) or () for node in load_chain(session, tenant))
    return [word for words in told for word in words if isinstance(word, str) and word]


def _squeeze(text: str) -> str:
    return "".join(text.split())
