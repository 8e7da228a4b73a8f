"""The records in the editor's form: one line each, filled with what the organ recorded last."""

from collections.abc import Mapping
from typing import Any

from core.clock import today
from core.errors import Invalid
from core.publishing.models import Publication
from core.publishing.records.labels import GROUND_LABELS, NATURE_LABELS, RESULT_LABELS
from core.publishing.records.rules import (
    LONGEST_NAME,
    LONGEST_NUMBER,
    Ground,
    Nature,
    RecordDemand,
    SecrecyResult,
)
from core.publishing.records.service import (
    DECISION_FIELDS,
    SECRECY_FIELDS,
    PublicationRecords,
    add_decision,
    add_secrecy_review,
    find_last_records,
    load_records,
)
from core.publishing.records.settings import load_demand
from core.web.context import Context
from core.web.forms.fields import ChoiceField, DayField, LineField
from core.web.forms.form import Form, FormData


class RecordsForm(Form):
    """Number, reviewer, day and result of the review; nature, ground, who decided and when."""

    secrecy_number = LineField(LONGEST_NUMBER)
    secrecy_reviewer = LineField(LONGEST_NAME)
    secrecy_on = DayField()
    secrecy_result = ChoiceField([result.value for result in SecrecyResult])
    nature = ChoiceField([nature.value for nature in Nature])
    nature_ground = ChoiceField([ground.value for ground in Ground])
    nature_by = LineField(LONGEST_NAME)
    nature_on = DayField()


# What a form is filled with says nothing by itself: a record begins with one of these.
_BEGINNINGS = (("secrecy_number", "secrecy_on", "secrecy_result"), ("nature", "nature_ground"))


def keep_records(ctx: Context, publication: Publication, *, is_submitted: bool) -> None:
    """Record what the form says; raises `Invalid` at fields that are wrong or missing.

    An unfinished record is asked for once somebody has begun it, or hands the text in.
    """
    form = RecordsForm.read()
    if not form.sent:
        return
    wrong = dict(form.errors)
    demand = load_demand(ctx.session, ctx.tenant) if is_submitted else RecordDemand.NONE
    kinds = (
        (SECRECY_FIELDS, add_secrecy_review, demand.of_secrecy),
        (DECISION_FIELDS, add_decision, demand.of_decision),
    )
    for (fields, add, demanded), beginning in zip(kinds, _BEGINNINGS, strict=True):
        begun = demanded or any(form.values[name] for name in beginning)
        if not begun or not fields.keys().isdisjoint(form.errors):
            continue
        try:
            values = {column: form.values[field] for field, column in fields.items()}
            add(ctx.session, ctx.actor, publication, values)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)


def prepare_records(
    ctx: Context, publication: Publication | None, organ_id: int | None, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the form shows of records: what is demanded, the fields, the words."""
    demand = load_demand(ctx.session, ctx.tenant)
    records = load_records(ctx.session, publication) if publication else PublicationRecords()
    is_asked = demand != RecordDemand.NONE or bool(records)
    posted = _read_posted()
    if posted is not None:
        shown = posted.typed
    else:
        last = find_last_records(ctx.session, ctx.tenant.id, organ_id) if is_asked else records
        shown = _fill(records, last)
    return {
        "demand": demand,
        "asks_records": is_asked,
        "record_fields": shown | {name: typed[name] for name in shown if name in typed},
        "result_options": _to_options(RESULT_LABELS),
        "nature_options": _to_options(NATURE_LABELS),
        "ground_options": _to_options(GROUND_LABELS),
    }


def _read_posted() -> FormData | None:
    """Read the fields as they were posted, if they were."""
    form = RecordsForm.read()
    return form if form.sent else None


def _fill(records: PublicationRecords, last: PublicationRecords) -> dict[str, Any]:
    """Return the fields of the records there are, else who reviewed and decided last.

    Numbers and results are read off the form in hand, and never guessed.
    """
    review, decision = records.secrecy, records.decision
    fields: dict[str, Any] = {
        "secrecy_reviewer": last.secrecy.reviewer_name if last.secrecy else "",
        "nature_by": last.decision.decided_by if last.decision else "",
        "nature_on": today(),
    }
    if review is not None:
        fields |= {field: getattr(review, column) for field, column in SECRECY_FIELDS.items()}
    if decision is not None:
        fields |= {field: getattr(decision, column) for field, column in DECISION_FIELDS.items()}
    return RecordsForm.show(fields)


def _to_options(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"value": str(value), "label": label} for value, label in labels.items()]
