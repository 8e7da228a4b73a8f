"""What becomes of findings: entered, reported, looked at again; escalated once they are overdue."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core import sdk
from core.sdk import Conflict, Context, Tenant, TransitionError, Workflow

from ..domain.findings import FINDING_TRANSITIONS, TO_MEND, FindingState, FindingTransition
from ..i18n import _
from ..manifest import ANSWER, MANAGE, NAME
from ..models.findings import EvaluationFinding, FindingFile
from ..register.subjects import get_subject
from .links import read_page_url

LIFE = Workflow(FINDING_TRANSITIONS)


def add_finding(ctx: Context, values: Mapping[str, Any]) -> EvaluationFinding:
    """Enter a finding of an office, or of a township, whose own people then have it.

    Raises `Invalid` for a subject or a page that is not of this place.
    """
    ctx.require(MANAGE)
    subject = get_subject(ctx.session, ctx.tenant, values["subject"])
    is_organ = subject.kind == "organ"
    finding = EvaluationFinding(
        tenant_id=ctx.tenant.id if is_organ else subject.id,
        organ_id=subject.id if is_organ else None,
        origin_id=ctx.tenant.id,
        subject=subject.name,
        text=values["text"],
        page_url=read_page_url(ctx.session, ctx.tenant, values["page_url"]),
        source=values["source"],
        reference=values["reference"],
        due_on=values["due_on"],
    )
    ctx.session.add(finding)
    ctx.session.flush()
    ctx.audit(f"{NAME}.finding", str(finding.id))
    return finding


def report_mended(
    ctx: Context, finding: EvaluationFinding, report: str, files: Sequence[FileStorage]
) -> None:
    """Report what was mended; raises `Invalid` for a file, `Conflict` where it is too late."""
    ctx.require(ANSWER, organ=finding.organ_id)
    if finding.tenant_id != ctx.tenant.id:
        raise Conflict(_("The place that mends it reports it."))
    for file in files:
        finding.files.append(_store(finding, file))
    _move(finding, FindingTransition.REPORT)
    finding.report, finding.reported_at = report, sdk.utc_now()
    finding.reported_by_name = ctx.actor.name
    ctx.audit(f"{NAME}.finding_reported", str(finding.id))


def _store(finding: EvaluationFinding, file: FileStorage) -> FindingFile:
    most = sdk.current_settings().max_upload_bytes
    try:
        checked = sdk.check_file(file.filename or "", file.read(), most_bytes=most)
    except sdk.Invalid as error:
        raise sdk.Invalid({"files": error.fields.get("file", error.message)}) from error
    return FindingFile(
        tenant_id=finding.tenant_id,
        name="" if checked.is_photograph else checked.filename,
        digest=sdk.file_store().put(checked.data),
        media_type=checked.media_type,
        is_picture=checked.is_photograph,
    )


def recheck(ctx: Context, finding: EvaluationFinding, values: Mapping[str, Any]) -> None:
    """Close what was mended, or open it again until another day; by the place that found it."""
    ctx.require(MANAGE)
    if finding.origin_id != ctx.tenant.id:
        raise Conflict(_("The place that found it looks at it again."))
    act = FindingTransition(values["act"])
    _move(finding, act)
    finding.recheck_note = values["recheck_note"]
    finding.closed_on = sdk.today() if act is FindingTransition.CLOSE else None
    if act is FindingTransition.REOPEN:
        finding.due_on, finding.escalated_at = values["due_on"], None
    ctx.audit(f"{NAME}.finding_{act}", str(finding.id))


def _move(finding: EvaluationFinding, act: FindingTransition) -> None:
    try:
        finding.state = LIFE.next_state(FindingState(finding.state), act)
    except TransitionError as error:
        raise Conflict(_("That is no longer possible: the state has changed.")) from error


def escalate_overdue(session: Session, tenant: Tenant) -> None:
    """Mark what this place should have mended by now, so that the place that found it sees it."""
    session.execute(
        update(EvaluationFinding)
        .where(
            EvaluationFinding.tenant_id == tenant.id,
            EvaluationFinding.state.in_(TO_MEND),
            EvaluationFinding.due_on < sdk.today(),
            EvaluationFinding.escalated_at.is_(None),
        )
        .values(escalated_at=sdk.utc_now(), version=EvaluationFinding.version + 1)
    )
