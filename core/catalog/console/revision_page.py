"""Contents of a revision's page: its statements in words, grouped by item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.catalog.comparison import preview_impact
from core.catalog.console.text_diff import TextDiff, diff
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.naming import item_names
from core.catalog.editing.in_review import Subject, load_subjects
from core.catalog.editing.review import describe_conflict
from core.catalog.labels import (
    FIELD_LABELS,
    ITEM_FIELDS,
    KIND_LABELS,
    domain_name,
    format_value,
    item_title,
)
from core.catalog.models import CatalogChange, CatalogRevision
from core.catalog.records import to_change
from core.permissions import OPERATOR

OP_LABELS: Mapping[str, LazyString] = {
    "define_domain": _l("New domain"),
    "define": _l("New item"),
    "refine": _l("Refined"),
    "reset": _l("Back to the value from above"),
    "withdraw": _l("Withdrawn"),
    "withdraw_domain": _l("Domain not applicable"),
    "lock": _l("Locked"),
    "undo": _l("Earlier change undone"),
}
STATE_LABELS: Mapping[str, LazyString] = {
    "in_review": _l("In review"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A field named by a statement, with the diff of its value."""

    label: str | LazyString
    value: TextDiff


@dataclass(frozen=True, slots=True)
class Statement:
    """The statements of a revision about one item or domain: their kinds and lines."""

    title: str
    item_id: str | None
    ops: tuple[str, ...]
    lines: tuple[StatementLine, ...]
    reasons: tuple[str, ...]
    kinds: tuple[str | LazyString, ...]


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision in a list: subject, summary, author and reason."""

    revision: CatalogRevision
    subject: str
    summary: str
    author: str


def build_revision_rows(
    session: Session, revisions: Sequence[CatalogRevision], catalog: EffectiveCatalog
) -> list[RevisionRow]:
    """Build the rows of a list of revisions."""
    subjects = load_subjects(session, revisions)
    return [
        RevisionRow(
            revision,
            _subject_words(subjects.get(revision.id), catalog),
            summary_text(revision.summary),
            person_name(revision.author_id, revision.author_name),
        )
        for revision in revisions
    ]


def _subject_words(subject: Subject | None, catalog: EffectiveCatalog) -> str:
    """Name one item (or domain) of a revision, and how many more there are."""
    if subject is None:
        return ""
    if subject.item_id is None:
        return domain_name(catalog, subject.domain) if subject.domain else ""
    item = _item(catalog, subject.item_id)
    name = item_title(item) if item else subject.item_id
    if subject.count == 1:
        return name
    return str(_("%(item)s and others, %(n)s items", item=name, n=subject.count))


@dataclass(frozen=True, slots=True)
class RevisionReach:
    """The effect of approving on those below: affected tenants, and decisions they must make."""

    places: int
    deciding: int
    conflicts: tuple[str, ...]


def preview_reach(session: Session, revision: CatalogRevision) -> RevisionReach:
    """Preview a revision in review on its tenant and all below; needs a subtree scope."""
    changes = [to_change(row, 0, revision.reason) for row in revision.changes]
    found = preview_impact(session, revision.tenant, changes)
    complaints = (describe_conflict(c) for shared in found for c in shared.impact.conflicts)
    return RevisionReach(
        sum(len(shared.tenants) for shared in found if shared.impact.effects),
        sum(len(shared.tenants) for shared in found if shared.impact.to_decide),
        tuple(dict.fromkeys(complaints)),
    )


def list_statements(revision: CatalogRevision, catalog: EffectiveCatalog) -> list[Statement]:
    """List the statements of a revision grouped by item, in the order they were made."""
    grouped = groupby(revision.changes, key=lambda change: (change.item_id, change.domain))
    return [_statement(list(changes), revision, catalog) for _key, changes in grouped]


def summary_text(summary: Mapping[str, int]) -> str:
    """Describe how many statements of each kind there are: 新增事项 3,细化 2."""
    counted = (
        _("%(kind)s: %(n)s", kind=OP_LABELS.get(op, op), n=count) for op, count in summary.items()
    )
    return str(_("; ")).join(counted)


def person_name(user_id: int | None, name: str | None) -> str:
    """Return who did something to a revision; the operator's command line has no account."""
    if user_id is None and name == OPERATOR.name:
        return str(_("Operator (command line)"))
    return name or ""


def _statement(
    changes: list[CatalogChange], revision: CatalogRevision, catalog: EffectiveCatalog
) -> Statement:
    first = changes[0]
    item = _item(catalog, first.item_id)
    in_review = revision.state == "in_review"
    return Statement(
        _title(first, item, catalog),
        first.item_id,
        tuple(dict.fromkeys(change.op for change in changes)),
        tuple(line for change in changes for line in _lines(change, item, in_review=in_review)),
        tuple(dict.fromkeys(c.reason for c in changes if c.reason not in {None, revision.reason})),
        tuple(KIND_LABELS.get(kind, kind) for kind in first.kinds or ()),
    )


def _item(catalog: EffectiveCatalog, item_id: str | None) -> EffectiveItem | None:
    found = catalog.items.get(item_id or "")
    withdrawal = catalog.withdrawn.get(item_id or "")
    return found or (withdrawal.item if withdrawal else None)


def _title(change: CatalogChange, item: EffectiveItem | None, catalog: EffectiveCatalog) -> str:
    if change.op == "define_domain":
        return str(change.value["name"])
    if change.op == "withdraw_domain":
        return domain_name(catalog, change.domain or "")
    if change.op == "undo":
        return str(_("Revision %(n)s", n=change.value))
    fields = change.value if change.op == "define" else item.fields if item else {}
    names = " / ".join(item_names(fields)) or str(change.item_id)
    domain = domain_name(catalog, str(fields.get("domain") or ""))
    return str(_("%(domain)s: %(item)s", domain=domain, item=names)) if domain else names


def _lines(
    change: CatalogChange, item: EffectiveItem | None, *, in_review: bool
) -> Iterable[StatementLine]:
    """Give the fields with diffs: in review against the current value, decided against the base."""
    field = change.field or ""
    if change.op == "refine":
        before: Any = item.fields.get(field) if in_review and item else change.base
        after = change.value
    elif change.op == "reset" and item:
        before, after = item.fields.get(field), item.upstream(field)
    elif change.op == "lock" and item:
        before = after = item.fields.get(field)
    elif change.op == "define":
        return _defined(change.value)
    else:
        return ()
    return [
        StatementLine(
            FIELD_LABELS[field], diff(format_value(field, before), format_value(field, after))
        )
    ]


def _defined(fields: Mapping[str, Any]) -> list[StatementLine]:
    return [
        StatementLine(FIELD_LABELS[name], diff(value, value))
        for name in ITEM_FIELDS
        if (value := format_value(name, fields.get(name))) is not None
    ]
