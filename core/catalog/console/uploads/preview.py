"""What the preview of an upload shows: totals first, then what becomes of each row.

Staff pages of one upload: see what it would define and refine, decide proposals, hand it in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action
from core.catalog.console.fields import Option
from core.catalog.console.revision_page import StatementLine
from core.catalog.console.text_diff import marked
from core.catalog.console.uploads.session import Desk, to_outcome
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.matching import Difference, Outcome
from core.catalog.domain.naming import item_names
from core.catalog.labels import FIELD_LABELS, item_title, shown
from core.catalog.uploads.corrections import RowKey, open_findings
from core.catalog.uploads.planning import NEW_ITEM
from core.catalog.uploads.service import Preview, PreviewRow, hand_in, preview, save_mended
from core.errors import Conflict, Invalid
from core.web.paging import page_of
from core.web.request import current_tenant, session
from core.web.urls import tenant_url

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


blueprint = Blueprint("catalog_preview", "core.catalog", template_folder="templates")


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG)
def look(upload_id: int) -> Any:
    """What would be defined, refined and left alone; what only a person can decide."""
    desk = Desk(upload_id)
    if not desk.upload.is_open:
        return to_outcome(desk.upload)
    return _preview_page(desk, {})


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG)
def decide(upload_id: int) -> Any:
    """Keep the answers to proposals; hand in where that was asked for."""
    desk = Desk(upload_id, lock=True)
    _take_answers(desk)
    save_mended(desk.upload, desk.mended)
    if "hand_in" not in request.form:
        return redirect(tenant_url("catalog_preview.look", upload_id=upload_id))
    try:
        revision = hand_in(
            session(),
            current_actor(),
            current_tenant(),
            desk.upload,
            reason=request.form.get("reason", ""),
        )
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return _preview_page(desk, fields or {"reason": error.message}), error.status
    flash(_("Handed in. Nothing changes before it is approved."), "success")
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


def _preview_page(desk: Desk, errors: dict[str, str]) -> str:
    """The preview; where a table's domain is unknown, only that is said."""
    only, answers = request.args.get("only", ""), desk.mended.answers()
    try:
        planned = preview(session(), current_tenant(), desk.understood, desk.mended)
    except Invalid as error:
        return render_template(
            "catalog/console/preview.html", upload=desk.upload, obstacle=error.message
        )
    return render_template(
        "catalog/console/preview.html",
        upload=desk.upload,
        totals=totals_of(planned),
        only=only,
        page=page_of(preview_rows(planned, desk.catalog, answers, only), request.args, 50),
        changes=len(planned.changes),
        closing=[name for name, _reason in desk.understood.not_applicable],
        open_rows=len(open_findings(desk.understood, desk.mended)),
        reason=request.form.get("reason", ""),
        errors=errors,
    )


def _take_answers(desk: Desk) -> None:
    """Answers are named answer-TABLE-ROW; an empty one leaves the row undecided."""
    for name, item_id in request.form.items():
        parts = name.split("-")
        if parts[0] == "answer" and len(parts) == 3 and parts[1].isdecimal():
            desk.mended.answer(desk.key(int(parts[1]), int(parts[2])), item_id)
