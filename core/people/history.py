"""What was done to an account, in words, from the record of administrative acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.labels import ROLE_LABELS
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.permissions import Role

MOST_ACTS = 50
ACT_LABELS = {
    "people.invite": _l("Account made"),
    "people.role.give": _l("Role given"),
    "people.role.revoke": _l("Role taken away"),
    "people.role.end": _l("Role ends"),
    "people.close": _l("Account closed"),
    "people.open": _l("Account opened again"),
    "people.reset": _l("Password reset"),
}


@dataclass(frozen=True, slots=True)
class PersonAct:
    """One act on record: when, what, which role, by whom."""

    at: datetime
    label: str
    detail: str
    by: str


def list_acts(session: Session, person: User) -> list[PersonAct]:
    """List what was done to an account at the places that the session reads, the last first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject == person.username, AuditEntry.action.in_(ACT_LABELS))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST_ACTS)
    )
    entries = session.scalars(query).all()
    names = _name_people(session, {entry.user_id for entry in entries if entry.user_id})
    return [
        PersonAct(
            entry.at,
            str(ACT_LABELS[entry.action]),
            _describe(entry.detail),
            names.get(entry.user_id or 0) or _("Operator (command line)"),
        )
        for entry in entries
    ]


def _describe(detail: dict[str, Any]) -> str:
    role = detail.get("role")
    days = (detail.get("since"), detail.get("until"))
    parts = [str(ROLE_LABELS[Role(role)]) if role in set(Role) else ""]
    if any(days):
        parts.append(f"{days[0] or ''} – {days[1] or ''}")
    return " ".join(part for part in parts if part)


def _name_people(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(User).where(User.id.in_(ids))
    return {person.id: person.name for person in session.scalars(query)}
