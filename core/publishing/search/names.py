"""Protection of personal names in search: which text of lists about persons is indexed.

The page shows the names while the publicity period lasts. They are not searchable, unless the
catalog item permits it: with 是 in its extra column 姓名可检索, and open to everybody.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from core.catalog.domain.changes import Fields
from core.publishing.body.convert import LONGEST_SUMMARY, build_summary, to_text
from core.publishing.lists.domain.model import ListData
from core.publishing.lists.search_text import PERSON_HEADING, to_heads_text, to_search_text
from core.publishing.models import Publication
from core.publishing.vocabulary import PUBLICITY
from core.search.document import AttachedText
from core.validity.lru_cache import LruCache

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FINDABLE = "姓名可检索"
_YES = {"是", "可", "yes"}
_HEADS = 2
# What is held in memory: characters of texts, and titles.
MOST_CHARACTERS, MOST_TITLES = 1_000_000, 2_000
_texts: LruCache[tuple[str, str]] = LruCache(MOST_CHARACTERS, lambda found: sum(map(len, found)))
# What lists persons by its title, whatever genre was chosen for it.
_TITLE = re.compile(
    r"公示|名单|花名册|名册|清册|名录|(?:发放|补贴|补助|救助|低保|特困|慰问|资助|奖励|奖补|配租|摇号|分配|摸底)"
    r".{0,6}(?:明细|表(?![彰达示扬])|台账|结果|情况|对象)"
)


def may_name_persons(publication: Publication) -> bool:
    """Return whether a publication lists persons, or is one that people may object to (公示)."""
    is_list = _TITLE.search(publication.title or "") is not None
    return publication.genre == PUBLICITY or _has_a_period(publication) or is_list


def _has_a_period(publication: Publication) -> bool:
    return publication.publicity_until is not None or publication.publicity_days is not None


def findable_text(publication: Publication, *, names: bool) -> tuple[str, str]:
    """Return the searchable summary and text, with or without names of persons.

    Each search page shows pieces of a dozen: what was made of the same text is held.
    """
    surely = _has_a_period(publication)
    key = (publication.body_html, publication.summary, publication.list_data, names, surely)
    found = _texts.get(key)
    if found is None:
        found = _build_text(*key[:3], names=names, surely=surely)
        _texts.put(key, found)
    return found


def _build_text(
    markup: str, summary: str, rows: ListData | None, *, names: bool, surely: bool
) -> tuple[str, str]:
    heads = to_heads_text(rows) if rows else ""
    cells = to_search_text(rows, names=names, surely=surely) if rows else ""
    if names:
        return summary, _join(to_text(markup), heads, cells)
    from core.search.text.personal_names import without_names  # its patterns are large

    text = without_names(to_text(without_persons(markup, surely=surely)))
    text = _join(text, _hide_in_title(heads), without_names(cells))
    if summary == build_summary(markup):
        return " ".join(text.split())[:LONGEST_SUMMARY], text
    return without_names(summary), text


def _join(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def findable_title(publication: Publication) -> str:
    """Return the searchable title without names of persons; its genre where nothing is left."""
    return _hide_in_title(publication.title) or publication.genre


@lru_cache(maxsize=MOST_TITLES)
def _hide_in_title(title: str) -> str:
    """Return a title without names; empty where nothing is left."""
    from core.search.query.person_names import HIDDEN, hide_names  # its patterns are large

    hidden = hide_names(title)
    return hidden if hidden.strip(HIDDEN + " 、,，;；") else ""


def findable_file(file: AttachedText, page: str) -> AttachedText:
    """Return a file of a list of persons without its text and the names in its name.

    A name that is hidden is part of the file's address too: the `page` that has it stands there.
    """
    from core.search.query.person_names import hide_names_in_file_name  # its patterns are large

    name = hide_names_in_file_name(file.name)
    return AttachedText(name, "", file.path if name == file.name else page)


def lets_names_be_found(item: Fields | None) -> bool:
    """Return whether a catalog item permits finding persons in its lists by name.

    It must say so, and be for everybody: not for a group (公开对象), nor on request only.
    """
    fields = item or {}
    extra, audience = fields.get("extra"), fields.get("audience")
    said = extra.get(FINDABLE) if isinstance(extra, Mapping) else None
    limited = isinstance(audience, Mapping) and audience.get("kind") == "group"
    return (
        str(said or "").strip().lower() in _YES
        and not limited
        and fields.get("mode") != "on_request"
    )


def without_persons(markup: str, *, surely: bool) -> str:
    """Remove the columns that identify persons from the tables of sanitised HTML.

    Where none is seen and the list is `surely` about persons, only the headings are left.
    """
    if "<table" not in markup:
        return markup
    from lxml import html  # few pages parse HTML

    tree = html.fragment_fromstring(markup, create_parent="div")
    for table in tree.iter("table"):
        _leave_out_persons(list(table.iter("tr")), surely=surely)
    return str(html.tostring(tree, encoding="unicode"))


def _leave_out_persons(rows: Sequence["HtmlElement"], *, surely: bool) -> None:
    cells = [list(row.iter("td", "th")) for row in rows]
    headings = [["".join(cell.text_content().split()) for cell in row] for row in cells[:_HEADS]]
    about = {
        place for row in headings for place, text in enumerate(row) if PERSON_HEADING.search(text)
    }
    joined = any(cell.get("colspan") or cell.get("rowspan") for row in cells for cell in row)
    if about and not joined:
        for row in cells[1:]:
            for place in about & set(range(len(row))):
                row[place].drop_tree()
    elif about or surely:
        for line in rows[1:]:
            line.drop_tree()
