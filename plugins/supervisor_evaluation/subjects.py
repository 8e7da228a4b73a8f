"""Who can be evaluated at a place (its organs and townships, never villages: N37), by whom not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.sdk import (
    Context,
    Form,
    Invalid,
    Tenant,
    fields,
    list_children,
    list_organs,
    short_name,
    today,
)

from .i18n import _, _l
from .labels import SUBJECT_GROUPS
from .manifest import MANAGE, NAME
from .models.register import ConflictOfInterest, EvaluationSupervisor

# Bodies of villagers are no subjects: they answer to the villagers' assembly.
_NO_SUBJECTS = frozenset({"committee", "supervision", "collective"})


@dataclass(frozen=True, slots=True)
class SubjectOption:
    """A subject that can be chosen: its key ("organ:12"), its name and its group."""

    kind: str
    id: int
    name: str
    group: str

    @property
    def key(self) -> str:
        """The value that forms send."""
        return f"{self.kind}:{self.id}"

    @property
    def columns(self) -> dict[str, int]:
        """The value of its column, for a row that is about it."""
        return {f"{self.kind}_id": self.id}


def list_subjects(session: Session, tenant: Tenant) -> list[SubjectOption]:
    """List who can be evaluated at a place, departments first."""
    found = [
        SubjectOption("organ", organ.id, organ.name, "department")
        for organ in list_organs(session, tenant)
        if organ.kind not in _NO_SUBJECTS
    ]
    townships = (each for each in list_children(session, tenant) if each.level == "township")
    return found + [
        SubjectOption("township", each.id, short_name(each.name), "township") for each in townships
    ]


def get_subject(session: Session, tenant: Tenant, key: str) -> SubjectOption:
    """Return the subject of a key; raises `Invalid` where it cannot be evaluated here."""
    found = next((one for one in list_subjects(session, tenant) if one.key == key), None)
    if found is None:
        raise Invalid({"subject": _("Choose an office or a township of this place.")})
    return found


def list_keys(ctx: Context) -> list[str]:
    """List the values by which forms choose a subject."""
    return [each.key for each in list_subjects(ctx.session, ctx.tenant)]


def list_subject_options(session: Session, tenant: Tenant) -> list[dict[str, Any]]:
    """List the subjects as a form offers them."""
    return [
        {"value": each.key, "label": each.name, "group": SUBJECT_GROUPS[each.group]}
        for each in list_subjects(session, tenant)
    ]


class ConflictForm(Form):
    """An office or township that somebody must not judge, and why."""

    subject = fields.ChoiceField((), required=_l("Choose the office or township."))
    why = fields.LineField(200, required=_l("Say why, in a few words."))


def declare_conflict(
    ctx: Context, supervisor: EvaluationSupervisor, key: str, reason: str, declared_by: str
) -> None:
    """Note that a supervisor must not judge a subject; what is noted already stays as it is.

    Raises `Invalid` for a subject that cannot be evaluated here. The audit names no subject: who
    judges whom is nobody's to read.
    """
    subject = get_subject(ctx.session, ctx.tenant, key)
    if any(each.subject_key == (subject.kind, subject.id) for each in supervisor.conflicts):
        return
    supervisor.conflicts.append(
        ConflictOfInterest(
            tenant_id=ctx.tenant.id,
            reason=reason,
            declared_by=declared_by,
            declared_on=today(),
            **subject.columns,
        )
    )
    ctx.audit(f"{NAME}.conflict", str(supervisor.id), by=declared_by)


def withdraw_conflict(ctx: Context, supervisor: EvaluationSupervisor, number: int) -> None:
    """Withdraw a conflict of interest that does not exist any more."""
    ctx.require(MANAGE)
    ctx.session.execute(
        delete(ConflictOfInterest).where(
            ConflictOfInterest.id == number, ConflictOfInterest.supervisor_id == supervisor.id
        )
    )
    ctx.session.expire(supervisor, ["conflicts"])
    ctx.audit(f"{NAME}.conflict_withdrawn", str(supervisor.id))


def list_named_conflicts(
    session: Session, tenant: Tenant, supervisor: EvaluationSupervisor
) -> list[tuple[ConflictOfInterest, str]]:
    """List somebody's conflicts of interest, each with the name of the subject."""
    names = {(each.kind, each.id): each.name for each in list_subjects(session, tenant)}
    query = select(ConflictOfInterest).where(ConflictOfInterest.supervisor_id == supervisor.id)
    rows = session.scalars(query.order_by(ConflictOfInterest.id))
    return [(row, names.get(row.subject_key, "—")) for row in rows]
