"""Erase what all features keep of one person, at the person's request (个人信息保护法第四十七条).

A person is found by an identifier (a phone as `parse_phone` gives it) through the keyed digests
that features store; the record names the person by a digest of its own purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.base import TenantScoped, utc_now
from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import Actor
from core.redaction import keyed_digest
from core.retention.fields import PersonalField, list_personal_fields
from core.retention.service import erase_rows

PURPOSE = "retention.person"


@dataclass(frozen=True, slots=True)
class PersonRows:
    """Rows of one person in one table, and the fields that are erased there."""

    feature: str
    fields: tuple[PersonalField, ...]
    rows: Sequence[Any]

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.fields[0].table


def find_person(session: Session, identifier: str) -> list[PersonRows]:
    """Find what the session's scope holds of a person and may be erased (the dry run)."""
    found = []
    for (feature, model), fields in _fields_by_model().items():
        people = {field.person for field in fields if field.person is not None}
        query = select(model).where(
            or_(false(), *(person.matches(identifier) for person in people)),
            or_(*(field.has_value() for field in fields)),
        )
        if rows := session.scalars(query).all():
            found.append(PersonRows(feature, tuple(fields), rows))
    return found


def _fields_by_model() -> dict[tuple[str, type[TenantScoped]], list[PersonalField]]:
    """Return the fields that may be erased on request."""
    found: dict[tuple[str, type[TenantScoped]], list[PersonalField]] = {}
    for feature, field in list_personal_fields():
        if field.on_request:
            found.setdefault((feature, field.model), []).append(field)
    return found


def erase_person(
    session: Session, tenant: Tenant, actor: Actor, identifier: str, *, reason: str
) -> list[PersonRows]:
    """Erase a person's data in the session's scope and record it at `tenant`.

    Everything is found before anything is erased, since tables are linked by what goes. Raises
    `Invalid` without a reason. The caller has checked the permission and the identity.
    """
    if not reason.strip():
        raise Invalid({"reason": _("Say why; it is kept on record.")})
    found = find_person(session, identifier)
    now = utc_now()
    for person_rows in found:
        erase_rows(session, person_rows.fields, person_rows.rows, now)
    record(
        session, actor, tenant, "retention.erase_person", keyed_digest(PURPOSE, identifier),
        reason=reason.strip(), rows={each.table: len(each.rows) for each in found},
    )  # fmt: skip
    return found
