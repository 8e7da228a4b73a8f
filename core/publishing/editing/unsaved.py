"""Keep what is typed into the form of a publication until it is saved: on the server, for 30 days.

There is one row for a person and a form. A device that did not write the newest version of it is
refused (`Overtaken`), so that two windows of one person do not overwrite each other unnoticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Overtaken
from core.permissions import Actor
from core.publishing.editing.models import UnsavedWork
from core.publishing.models import Publication

# Whoever has typed within this time is editing now.
EDITING = timedelta(minutes=15)
MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class TypedWork:
    """What one device sends: its form, what was typed, and the version it last knew."""

    form_key: str
    fields: Mapping[str, Any]
    device: str = ""
    device_name: str = ""
    based_on: int = 0
    seen: int = 0


def build_form_key(publication: Publication | None) -> str:
    """Return the key under which the work at a form is kept."""
    return f"edit:{publication.id}" if publication else f"new:{uuid4().hex}"


def keep_work(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    publication: Publication | None,
    typed: TypedWork,
) -> UnsavedWork:
    """Keep what was typed; raises `Overtaken` where another device has written since."""
    work = find_work(session, actor, typed.form_key)
    if work is None:
        work = UnsavedWork(
            tenant_id=tenant.id,
            user_id=actor.user_id,
            user_name=actor.name,
            publication_id=publication.id if publication else None,
            form_key=typed.form_key,
            version=0,
        )
        session.add(work)
    elif work.version != typed.seen and work.device != typed.device:
        raise Overtaken(_("There is a newer unsaved version, from another device."))
    work.fields, work.based_on = dict(typed.fields), typed.based_on
    work.device, work.device_name = typed.device, typed.device_name
    work.version, work.saved_at = work.version + 1, utc_now()
    session.flush()
    return work


def find_work(session: Session, actor: Actor, form_key: str) -> UnsavedWork | None:
    """Find a person's unsaved work at a form."""
    query = select(UnsavedWork).where(
        UnsavedWork.user_id == actor.user_id, UnsavedWork.form_key == form_key
    )
    return session.scalar(query)


def list_own_work(
    session: Session, actor: Actor, publication: Publication | None
) -> list[UnsavedWork]:
    """List a person's unsaved work at a publication, or at new ones here, the newest first."""
    query = select(UnsavedWork).where(UnsavedWork.user_id == actor.user_id)
    if publication is None:
        query = query.where(UnsavedWork.publication_id.is_(None))
    else:
        query = query.where(
            UnsavedWork.publication_id == publication.id,
            UnsavedWork.saved_at > publication.updated_at,
        )
    return list(session.scalars(query.order_by(UnsavedWork.saved_at.desc()).limit(MOST_OFFERS)))


def list_others(session: Session, actor: Actor, publication: Publication) -> list[UnsavedWork]:
    """List the work of others who are editing the publication now."""
    query = select(UnsavedWork).where(
        UnsavedWork.publication_id == publication.id,
        UnsavedWork.user_id != actor.user_id,
        UnsavedWork.saved_at > max(utc_now() - EDITING, publication.updated_at),
    )
    return list(session.scalars(query.order_by(UnsavedWork.begun_at)))


def drop_work(session: Session, actor: Actor, *form_keys: str) -> None:
    """Forget a person's unsaved work at forms: it was saved, or is not wanted."""
    session.execute(
        delete(UnsavedWork).where(
            UnsavedWork.user_id == actor.user_id, UnsavedWork.form_key.in_(form_keys)
        )
    )
