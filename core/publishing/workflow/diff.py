"""Diff of a correction, and automatic findings, for the reviewer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from flask_babel import gettext as _

from core.publishing.body.convert import to_html, to_text
from core.publishing.content import Content, ContentFinding
from core.publishing.labels import DAY_LABELS, FIELD_LABELS, VALIDITY_LABELS
from core.publishing.lists.domain.model import ListData
from core.publishing.vocabulary import PUBLICITY

# 条例 article 26: within 20 working days of formation, which is at least so many days.
LAWFUL_DELAY = timedelta(days=28)
SHORT_TEXT = 20
_COMPARED = (
    "title",
    "summary",
    "document_number",
    "formed_on",
    "issued_on",
    "published_at",
    "genre",
    "theme",
    "validity",
    "source",
    "publicity_days",
    "publicity_day_kind",
    "item_id",
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after."""

    label: str
    before: str
    after: str


def list_changes(before: Content, after: Content) -> list[FieldChange]:
    """List the differing fields; of the text only the differing lines."""
    found = [
        FieldChange(str(FIELD_LABELS[name]), _value_text(before, name), _value_text(after, name))
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
    ]
    if before.body_source != after.body_source:
        found.append(_lines(before, after))
    if before.list_data != after.list_data:
        old, new = _rows(before.list_data), _rows(after.list_data)
        found.append(_differing(FIELD_LABELS["list_data"], old, new))
    if before.files != after.files:
        counts = str(len(before.files)), str(len(after.files))
        found.append(FieldChange(_("Files"), *counts))
    return found


def _value_text(content: Content, name: str) -> str:
    value = getattr(content, name)
    return str((DAY_LABELS | VALIDITY_LABELS).get(value, value)) if value is not None else ""


def _lines(before: Content, after: Content) -> FieldChange:
    return _differing(FIELD_LABELS["body"], *_text_lines(before, after))


def list_new_lines(before: Content, after: Content) -> list[str]:
    """List the lines of a text that were not in it before."""
    return _compare(*_text_lines(before, after))[1]


def _text_lines(before: Content, after: Content) -> tuple[list[str], list[str]]:
    old, new = (to_text(to_html(content.body_source)) for content in (before, after))
    return old.splitlines(), new.splitlines()


def _rows(rows: ListData | None) -> list[str]:
    if rows is None:
        return []
    lines = [rows.caption, *map(" | ".join, (rows.labels, *rows.rows, rows.totals))]
    return [line for line in lines if line]


def _differing(label: object, old: Sequence[str], new: Sequence[str]) -> FieldChange:
    gone, come = _compare(old, new)
    return FieldChange(str(label), "\n".join(gone), "\n".join(come))


def _compare(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that have come."""
    gone: list[str] = []
    come: list[str] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op != "equal":
            gone += old[a:b]
            come += new[c:d]
    return gone, come


def find_problems(content: Content, today: date) -> Iterator[ContentFinding]:
    """Yield automatic findings about a text, for the reviewer."""
    if content.item_id is None:
        yield ContentFinding(
            "warning", _("It serves no catalog item."), content.no_item_reason or ""
        )
    yield from _about_dates(content, today)
    if content.genre == PUBLICITY and not content.publicity_days:
        yield ContentFinding("warning", _("A list for publicity has no publicity period."))
    if len(content.body_source) < SHORT_TEXT and not (content.files or content.list_data):
        yield ContentFinding("warning", _("The text is very short."))
    if not content.summary:
        yield ContentFinding("info", _("Without a summary, lists show the beginning of the text."))


def _about_dates(content: Content, today: date) -> Iterator[ContentFinding]:
    formed = content.formed_on
    if formed is None:
        return
    if formed > today:
        yield ContentFinding("error", _("The date of formation is to come."), formed.isoformat())
    if content.published_at is None and today - formed > LAWFUL_DELAY:
        yield ContentFinding(
            "warning",
            _(
                "Formed %(n)s days ago; the law wants it published within 20 working days.",
                n=(today - formed).days,
            ),
        )
