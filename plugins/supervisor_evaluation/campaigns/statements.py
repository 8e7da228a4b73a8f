"""What a subject's people say: self-assessment, errors of fact, reply; each in its phase."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from core import sdk
from core.sdk import Conflict, Context, Form, Indicator, Invalid, fields, savepoint, today, utc_now

from ..domain.phases import REPLY_TRANSITIONS, CampaignState, ReplyState, ReplyTransition
from ..i18n import _, _l
from ..indicators import list_scored
from ..manifest import ANSWER, NAME
from ..models.campaign import EvaluationEvidence, EvaluationSubject, FactNote, SubjectStatement
from .queries import find_statement, list_files
from .scoring import LinksField

REPLIES = sdk.Workflow(REPLY_TRANSITIONS)
MOST_FILES = 20


class FactsForm(Form):
    """Errors of fact by the number of the reason, and that all of them were looked through."""

    note = fields.KeyedField(1_000)
    confirmed = fields.TickField()


class StatementForm(Form):
    """The reply of a subject, and what it has mended."""

    reply = fields.TextField(4_000)
    mended = fields.TextField(4_000)


class FileForm(Form):
    """A document or photograph for an indicator of the self-assessment."""

    indicator = fields.ChoiceField(required=_l("Choose an indicator."))
    file = fields.FileField(required=_l("Choose a file."))


def build_self_form(indicators: list[Indicator]) -> type[Form]:
    """Return the form of the self-assessment: words and addresses by indicator."""
    extra: dict[str, Any] = {"submit": fields.ButtonField()}
    for each in indicators:
        extra[f"text-{each.key}"] = fields.TextField(2_000)
        extra[f"links-{each.key}"] = LinksField()
    return Form.extend(extra)


def show_statement(statement: SubjectStatement | None) -> dict[str, Any]:
    """Return what the forms show of what is stored."""
    if statement is None:
        return {}
    shown: dict[str, Any] = {
        f"{part}-{key}": value if part == "text" else "\n".join(value)
        for key, answer in statement.self_assessment.items()
        for part, value in answer.items()
    }
    notes = {str(note.item): note.note for note in statement.notes}
    return shown | {"reply": statement.reply, "mended": statement.mended, "note": notes}


def ensure_statement(ctx: Context, subject: EvaluationSubject) -> SubjectStatement:
    """Return the statement of a subject, a new one where its people begin; checks that they may."""
    ctx.require(ANSWER, organ=subject.organ_id)
    statement = find_statement(ctx.session, subject)
    if statement is not None:
        return statement
    statement = SubjectStatement(tenant_id=ctx.tenant.id, subject=subject, reply_state="none")
    try:
        with savepoint(ctx.session):
            ctx.session.add(statement)
    except IntegrityError as error:
        raise Conflict(_("A colleague has just begun: load the page again.")) from error
    return statement


def save_self_assessment(
    ctx: Context, subject: EvaluationSubject, values: Mapping[str, Any], *, submit: bool
) -> None:
    """Keep the self-assessment, and hand it in; it can be improved until the phase ends.

    Raises `Conflict` outside its phase, `Invalid` where it is handed in with an indicator empty.
    """
    _require_phase(subject, CampaignState.SELF_ASSESSMENT)
    statement = ensure_statement(ctx, subject)
    answers: dict[str, Any] = {}
    for indicator in list_scored(subject.campaign, subject.group):
        text, links = values[f"text-{indicator.key}"], values[f"links-{indicator.key}"]
        answers[indicator.key] = {"text": text, "links": links}
    empty = {f"text-{key}": _("Say how things stand.")
             for key, answer in answers.items() if not answer["text"]}  # fmt: skip
    if submit and empty:
        raise Invalid(empty)
    statement.self_assessment = answers
    statement.self_submitted_at = utc_now() if submit else statement.self_submitted_at
    ctx.session.flush()
    ctx.audit(f"{NAME}.self_assessment", str(subject.id), submitted=submit)


def add_file(ctx: Context, subject: EvaluationSubject, values: Mapping[str, Any]) -> None:
    """Store a file of the self-assessment; raises `Invalid`, and `Conflict` where it is late."""
    _require_phase(subject, CampaignState.SELF_ASSESSMENT)
    statement = ensure_statement(ctx, subject)
    if len(list_files(ctx.session, statement)) >= MOST_FILES:
        raise Conflict(_("There are %(n)s already, which is the most.", n=MOST_FILES))
    sent = values["file"]
    most = sdk.current_settings().max_upload_bytes
    checked = sdk.check_file(sent.filename or "", sent.read(), most_bytes=most)
    ctx.session.add(
        EvaluationEvidence(
            tenant_id=statement.tenant_id, statement_id=statement.id, name=checked.filename,
            indicator=values["indicator"], digest=sdk.file_store().put(checked.data),
            media_type=checked.media_type, size=len(checked.data),
        )
    )  # fmt: skip
    ctx.session.flush()


def note_facts(
    ctx: Context, subject: EvaluationSubject, notes: Mapping[str, str], *, confirmed: bool
) -> None:
    """Keep what is wrong in the reasons, by their numbers; those decided upon stay as they are.

    Raises `Conflict` outside the three working days, `Invalid` for a reason that is not there.
    """
    _require_phase(subject, CampaignState.VERIFICATION)
    statement = ensure_statement(ctx, subject)
    present = {note.item: note for note in statement.notes}
    for number, text in notes.items():
        if not number.isdecimal() or not 0 < int(number[:6]) <= len(subject.disclosed):
            raise Invalid({f"note-{number}": _("There is no such reason.")})
        _keep_note(statement, present.get(int(number)), int(number), text.strip())
    statement.facts_confirmed_at = utc_now() if confirmed else None
    ctx.session.flush()
    ctx.audit(f"{NAME}.facts_noted", str(subject.id), notes=len(statement.notes))


def _keep_note(statement: SubjectStatement, note: FactNote | None, item: int, text: str) -> None:
    if note is not None and note.state == "open":
        if text:
            note.note = text
        else:
            statement.notes.remove(note)
    elif note is None and text:
        statement.notes.append(
            FactNote(tenant_id=statement.tenant_id, item=item, note=text, state="open")
        )


def submit_reply(ctx: Context, subject: EvaluationSubject, values: Mapping[str, Any]) -> None:
    """Hand in the reply for review; raises `Conflict` outside its phase or once accepted."""
    _require_phase(subject, CampaignState.REPLY)
    statement = ensure_statement(ctx, subject)
    if not values["reply"] and not values["mended"]:
        raise Invalid({"reply": _("Enter a reply, or what was mended.")})
    state = ReplyState(statement.reply_state)
    if not REPLIES.can(state, ReplyTransition.SUBMIT):
        raise Conflict(_("The reply has been accepted already."))
    statement.reply_state = REPLIES.next_state(state, ReplyTransition.SUBMIT)
    statement.reply, statement.mended, statement.reply_note = values["reply"], values["mended"], ""
    ctx.session.flush()
    ctx.audit(f"{NAME}.reply_submitted", str(subject.id))


#: Of each phase in which a subject's people say something, its last day.
OPEN_UNTIL = {
    CampaignState.SELF_ASSESSMENT: "self_until",
    CampaignState.VERIFICATION: "verify_until",
    CampaignState.REPLY: "reply_until",
}


def is_open(subject: EvaluationSubject, state: CampaignState) -> bool:
    """Tell whether a subject's people can say something of this phase today."""
    campaign = subject.campaign
    last_day: date = getattr(campaign, OPEN_UNTIL[state])
    return campaign.state == state and today() <= last_day


def _require_phase(subject: EvaluationSubject, state: CampaignState) -> None:
    if not is_open(subject, state):
        raise Conflict(_("This is not the phase for it: it is over, or has not begun."))
