"""What the preview of an upload shows: totals first, then what becomes of each row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.catalog.controls import Option
from core.catalog.importing import NEW_ITEM
from core.catalog.inheritance import EffectiveCatalog
from core.catalog.labels import FIELD_LABELS, item_title, shown
from core.catalog.marks import marked
from core.catalog.matching import Difference, Outcome
from core.catalog.mending import RowKey
from core.catalog.revision_page import StatementLine
from core.catalog.uploads import Preview, PreviewRow
from core.catalog.wording import item_names

OUTCOME_LABELS: Mapping[Outcome, LazyString] = {
    Outcome.PROPOSED: _l("To be decided by you"),
    Outcome.DEFINED: _l("New items"),
    Outcome.REFINED: _l("Refined items"),
    Outcome.UNCHANGED: _l("Unchanged"),
    Outcome.WITHDRAWN: _l("Not stored: withdrawn here"),
    Outcome.REPEATED: _l("Not stored: stands twice"),
    Outcome.NAMELESS: _l("Not stored: without a name"),
}
ROW_LABELS: Mapping[Outcome, LazyString] = {
    **OUTCOME_LABELS,
    Outcome.PROPOSED: _l("Please decide"),
    Outcome.DEFINED: _l("New item"),
    Outcome.REFINED: _l("Refined"),
}
# What the page lists by default; what stays as it is only counts.
LISTED = (Outcome.PROPOSED, Outcome.REFINED, Outcome.DEFINED, Outcome.WITHDRAWN, Outcome.NAMELESS)


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows have an outcome."""

    outcome: Outcome
    label: LazyString
    count: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A row of the file and what becomes of it.

    `lines` are the fields that change, `blocked` those that a layer above has locked; `choices`
    are the answers to a proposal, `answer` the one given.
    """

    key: RowKey
    title: str
    outcome: Outcome
    label: LazyString
    lines: Sequence[StatementLine]
    blocked: Sequence[StatementLine]
    choices: Sequence[Option]
    answer: str


def totals_of(planned: Preview) -> list[Total]:
    """The outcomes that occur, what the person must decide first."""
    counts = Counter(row.match.outcome for row in planned.rows)
    return [
        Total(outcome, label, counts[outcome])
        for outcome, label in OUTCOME_LABELS.items()
        if counts[outcome]
    ]


def preview_rows(
    planned: Preview, catalog: EffectiveCatalog, answers: Mapping[RowKey, str], only: str
) -> list[PlannedLine]:
    """The rows of one outcome, or those that change or want a decision, proposals first.

    Rows whose proposal was answered stay listed, so that the answer can be changed.
    """
    wanted = [only] if only in set(Outcome) else LISTED
    rows = [row for outcome in wanted for row in planned.rows if row.match.outcome == outcome]
    answered = [row for row in planned.rows if row.key in answers and row not in rows]
    return [_line(row, catalog, answers) for row in (*rows, *(answered if not only else ()))]


def _line(row: PreviewRow, catalog: EffectiveCatalog, answers: Mapping[RowKey, str]) -> PlannedLine:
    match, answer = row.match, answers.get(row.key, "")
    return PlannedLine(
        row.key,
        " / ".join(item_names(row.row)),
        match.outcome,
        ROW_LABELS[match.outcome],
        [_difference(difference) for difference in match.differences],
        [_difference(difference) for difference in match.blocked],
        _choices([answer] if answer else match.candidates, catalog),
        answer,
    )


def _difference(difference: Difference) -> StatementLine:
    name = difference.field
    value = marked(shown(name, difference.base), shown(name, difference.value))
    return StatementLine(FIELD_LABELS[name], value)


def _choices(candidates: Sequence[str], catalog: EffectiveCatalog) -> list[Option]:
    """Which items a row may be; an answer that was given can be taken back."""
    if not candidates:
        return []
    known = [catalog.items[item_id] for item_id in candidates if item_id in catalog.items]
    same = [
        Option(item.item_id, _("The same item as: %(item)s", item=item_title(item)))
        for item in known
    ]
    return [*same, Option(NEW_ITEM, _("A new item")), Option("", _("Not decided yet"))]
