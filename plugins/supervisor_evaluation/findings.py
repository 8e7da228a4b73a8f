"""Findings, and the tips of supervisors outside campaigns that lead to some.

A tip is a kind of messages. Its form belongs to supervisors: its key bears a seal that only a desk
can make. The key names the subject, never the supervisor.
"""

from secrets import compare_digest

from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context, MessageSubject, Tenant, keyed_digest, tenant_url

from .i18n import _, _l
from .manifest import ANSWER, MANAGE, NAME
from .models.findings import EvaluationFinding, FindingFile
from .subjects import SubjectOption, get_subject, list_subjects

TIP = f"{NAME}.tip"
_SEAL = 24


def _get_owner(ctx: Context, key: str) -> sdk.MendingOwner:
    """Return who mends: an office, or a township whose own people then have it."""
    subject = get_subject(ctx.session, ctx.tenant, key)
    if subject.kind == "organ":
        return sdk.MendingOwner(subject.name, ctx.tenant.id, subject.id)
    return sdk.MendingOwner(subject.name, subject.id)


FINDINGS = sdk.MendingRegister(
    NAME, EvaluationFinding, FindingFile, manage=MANAGE, answer=ANSWER, get_owner=_get_owner
)


def build_tip_url(session: Session, tenant: Tenant, subject: SubjectOption) -> str:
    """Build the address of the form for a tip; of a township at its own place."""
    if subject.kind == "township":
        place = session.get_one(Tenant, subject.id)
        return tenant_url("messages.form", place, kind=TIP, key=_seal(place, "place"))
    return tenant_url("messages.form", tenant, kind=TIP, key=_seal(tenant, subject.key))


def _seal(tenant: Tenant, about: str) -> str:
    return f"{about}.{keyed_digest(TIP, f'{tenant.id}:{about}')[:_SEAL]}"


def _find_subject(session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
    """Find whom a tip is about; `None` for a key that no desk has made."""
    about, _dot, _rest = key.partition(".")
    if not compare_digest(_seal(tenant, about).encode(), key.encode()):
        return None
    url = tenant_url(f"plugin_{NAME}_transparency.show", tenant)
    if about == "place":
        return MessageSubject(_("Tip of a supervisor: %(name)s", name=tenant.name), url)
    found = next((each for each in list_subjects(session, tenant) if each.key == about), None)
    if found is None or found.kind != "organ":
        return None
    title = _("Tip of a supervisor: %(name)s", name=found.name)
    return MessageSubject(title, url, organ_id=found.id)


def load_tip_figures(session: Session, tenant: Tenant) -> sdk.MessageFigures:
    """Count the tips of this year at a place and its townships: all, answered, late."""
    places = [tenant, *sdk.list_children(session, tenant)]
    return sdk.load_message_figures(session, places, TIP)


sdk.add_message_kind(
    sdk.MessageKind(
        TIP,
        _l("Tip of a supervisor"),
        _l("What did you see, and where?"),
        _find_subject,
        hint=_l("You need not say who you are; with a telephone number you are told the reply."),
        aspects=(
            _l("Something that must be public is missing"),
            _l("It is out of date"),
            _l("It is wrong or cannot be understood"),
            _l("Personal data are published that should not be"),
            _l("Something was done well"),
        ),
    )
)
