"""Staff pages that preview an upload: totals, the effect on each row, proposals, submitting."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.catalog.console.fields import ControlOption
from core.catalog.console.revision_page import StatementLine
from core.catalog.console.text_diff import diff
from core.catalog.console.uploads.editor import UploadEditor, load_editor, to_outcome
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.matching import Difference, RowOutcome
from core.catalog.domain.naming import item_names
from core.catalog.labels import FIELD_LABELS, format_value, item_title
from core.catalog.uploads.corrections import RowKey, group_open_findings
from core.catalog.uploads.planning import NEW_ITEM
from core.catalog.uploads.service import (
    Preview,
    PreviewRow,
    preview_upload,
    save_corrections,
    submit_upload,
)
from core.errors import Conflict, Invalid
from core.permissions import Action
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ButtonField, KeyedField, TextField, TickedField
from core.web.forms.form import Form
from core.web.forms.kept import require_version
from core.web.paging import paginate_rows
from core.web.urls import tenant_url

OUTCOME_LABELS: Mapping[RowOutcome, LazyString] = {
    RowOutcome.PROPOSED: _l("To be decided by you"),
    RowOutcome.DEFINED: _l("New items"),
    RowOutcome.REFINED: _l("Refined items"),
    RowOutcome.UNCHANGED: _l("Unchanged"),
    RowOutcome.WITHDRAWN: _l("Not stored: withdrawn here"),
    RowOutcome.REPEATED: _l("Not stored: stands twice"),
    RowOutcome.NAMELESS: _l("Not stored: without a name"),
}
ROW_LABELS: Mapping[RowOutcome, LazyString] = {
    **OUTCOME_LABELS,
    RowOutcome.PROPOSED: _l("Please decide"),
    RowOutcome.DEFINED: _l("New item"),
    RowOutcome.REFINED: _l("Refined"),
}
# What the page lists by default; what stays as it is only counts.
LISTED = (
    RowOutcome.PROPOSED,
    RowOutcome.REFINED,
    RowOutcome.DEFINED,
    RowOutcome.WITHDRAWN,
    RowOutcome.NAMELESS,
)


@dataclass(frozen=True, slots=True)
class Total:
    """The number of rows with an outcome."""

    outcome: RowOutcome
    label: LazyString
    count: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A row of the file and its planned outcome.

    `lines` are the fields that change, `blocked` those that a layer above has locked; `choices`
    are the answers to a proposal, `answer` the one given.
    """

    key: RowKey
    title: str
    outcome: RowOutcome
    label: LazyString
    lines: Sequence[StatementLine]
    blocked: Sequence[StatementLine]
    choices: Sequence[ControlOption]
    answer: str


def count_outcomes(planned: Preview) -> list[Total]:
    """Count the rows by outcome, those that need a decision first."""
    counts = Counter(row.match.outcome for row in planned.rows)
    return [
        Total(outcome, label, counts[outcome])
        for outcome, label in OUTCOME_LABELS.items()
        if counts[outcome]
    ]


def preview_rows(
    planned: Preview, catalog: EffectiveCatalog, answers: Mapping[RowKey, str], only: str
) -> list[PlannedLine]:
    """List the rows of one outcome, or all that change or need a decision, proposals first.

    Rows whose proposal was answered stay listed, so that the answer can be changed.
    """
    outcomes = [only] if only in set(RowOutcome) else LISTED
    rows = [row for outcome in outcomes for row in planned.rows if row.match.outcome == outcome]
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
    value = diff(format_value(name, difference.base), format_value(name, difference.value))
    return StatementLine(FIELD_LABELS[name], value)


def _choices(candidates: Sequence[str], catalog: EffectiveCatalog) -> list[ControlOption]:
    """List the items that a row may match; a given answer can be taken back."""
    if not candidates:
        return []
    known = [catalog.items[item_id] for item_id in candidates if item_id in catalog.items]
    same = [
        ControlOption(item.item_id, _("The same item as: %(item)s", item=item_title(item)))
        for item in known
    ]
    return [
        *same,
        ControlOption(NEW_ITEM, _("A new item")),
        ControlOption("", _("Not decided yet")),
    ]


class PreviewForm(Form):
    """The answers to proposals; why, and whether the upload is handed in."""

    answer = KeyedField()
    shown = TickedField()
    left_out = KeyedField(name="left-out")
    reason = TextField(5_000)
    hand_in = ButtonField()


_ROW_KEY = re.compile("([0-9]{1,6})-([0-9]{1,6})")

blueprint = Blueprint("catalog_preview", "core.catalog", template_folder="templates")


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def look(ctx: Context, editor: UploadEditor) -> Any:
    """Show what the upload would define, refine and leave alone, and what must be decided."""
    if not editor.upload.is_open:
        return to_outcome(editor.upload)
    return _preview_page(ctx, editor, {})


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/preview/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def decide(ctx: Context, editor: UploadEditor) -> Any:
    """Save the answers to proposals; submit the upload if that was asked for."""
    require_version(editor.version, optional=True)
    form = PreviewForm.read()
    _take_answers(editor, form.values["answer"])
    _leave_out(editor, form.values["shown"], form.values["left_out"])
    save_corrections(editor.upload, editor.corrections)
    if not form.values["hand_in"]:
        return redirect(tenant_url("catalog_preview.look", upload_id=editor.upload.id))
    try:
        revision = submit_upload(
            ctx.session,
            ctx.actor,
            ctx.tenant,
            editor.upload,
            reason=form.require()["reason"],
        )
    except (Invalid, Conflict) as error:
        errors = (error.fields if isinstance(error, Invalid) else {}) or {"reason": error.message}
        return _preview_page(ctx, editor, errors, form.typed["reason"]), error.status
    flash(_("Handed in. Nothing changes before it is approved."), "success")
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


def _preview_page(
    ctx: Context, editor: UploadEditor, errors: dict[str, str], reason: str = ""
) -> str:
    """Render the preview; if a table's domain is unknown, only that error."""
    only, answers = params.word("only", set(RowOutcome)), editor.corrections.answers()
    try:
        planned = preview_upload(ctx.session, ctx.tenant, editor.parsed, editor.corrections)
    except Invalid as error:
        return render_template(
            "catalog/console/uploads/preview.html", upload=editor.upload, obstacle=error.message
        )
    rows = preview_rows(planned, editor.catalog, answers, only)
    return render_template(
        "catalog/console/uploads/preview.html",
        upload=editor.upload,
        version=editor.version,
        totals=count_outcomes(planned),
        only=only,
        left_out=[(key, " / ".join(item_names(row))) for key, row in planned.left_out],
        page=paginate_rows(rows, params.page_number(), 50),
        changes=len(planned.changes),
        closing=[name for name, _reason in editor.parsed.not_applicable],
        open_rows=len(group_open_findings(editor.parsed, editor.corrections)),
        reason=reason,
        errors=errors,
    )


def _leave_out(editor: UploadEditor, shown: Sequence[str], left_out: Mapping[str, str]) -> None:
    """Leave out the rows of the page (named TABLE-ROW) that are ticked, take in the others."""
    for name in shown:
        if parts := _ROW_KEY.fullmatch(name):
            key = editor.key(int(parts[1]), int(parts[2]))
            editor.corrections.leave_out(key, left_out=name in left_out)


def _take_answers(editor: UploadEditor, answers: Mapping[str, str]) -> None:
    """Keep the answers by TABLE-ROW; an empty one leaves the row undecided."""
    for key, item_id in answers.items():
        if parts := _ROW_KEY.fullmatch(key):
            editor.corrections.answer(editor.key(int(parts[1]), int(parts[2])), item_id)
