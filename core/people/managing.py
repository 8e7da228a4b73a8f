"""Which accounts and roles an office manages: its own people's and those of the places below.

Somebody who works elsewhere too keeps that: an office takes away what it could give, and closes
an account only where nobody else relies on it.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from core.accounts.models import Membership, User
from core.clock import today
from core.db.tree import Tenant, below
from core.errors import Conflict, Forbidden, NotFound
from core.permissions import Action, Actor, Role, allowed

MANAGE = Action.MANAGE_PEOPLE


def is_of(place: Tenant) -> ColumnElement[bool]:
    """Build the condition on `User`: the account is kept, or has a role, at a place or below it."""
    places = select(Tenant.id).where(below(place.path))
    working = select(Membership.user_id).where(Membership.tenant_id.in_(places))
    return or_(User.office_id.in_(places), User.id.in_(working))


def load_person_at(session: Session, place: Tenant, user_id: int) -> User:
    """Load an account of a place or of one below it, with its roles; raises `NotFound`."""
    query = select(User).where(User.id == user_id, is_of(place))
    person = session.scalar(query.options(with_roles()))
    if person is None:
        raise NotFound
    return person


def with_roles() -> ExecutableOption:
    """Return the loading of roles and their places, in constant statements."""
    return selectinload(User.memberships).selectinload(Membership.tenant)


def may_manage_role(actor: Actor, held: Membership) -> bool:
    """Say whether somebody may take a role away."""
    return allowed(actor, MANAGE, held.tenant)


def may_manage_account(session: Session, actor: Actor, person: User) -> bool:
    """Say whether somebody may close, open or reset an account: every place of it is theirs."""
    if actor.operator:
        return True
    if actor.user_id == person.id:
        return False
    places = [held.tenant for held in person.memberships]
    if person.office_id is not None:
        places.append(session.get_one(Tenant, person.office_id))
    return bool(places) and all(allowed(actor, MANAGE, place) for place in places)


def require_account(session: Session, actor: Actor, person: User) -> None:
    """Raise `Forbidden` with the reason where the account is not the actor's to manage."""
    if may_manage_account(session, actor, person):
        return
    if actor.user_id == person.id:
        raise Forbidden(_("Your own account is managed by somebody else."))
    raise Forbidden(_("This person works elsewhere too: only an office above both may do this."))


def require_officer_left(session: Session, person: User, leaving: Sequence[Membership]) -> None:
    """Raise `Conflict` where a county would be left without anybody of its open-affairs office."""
    for held in leaving:
        if held.role != Role.OFFICER or held.organ_id is not None or held.tenant.level != "county":
            continue
        others = select(Membership.id).join(User).where(
            Membership.tenant_id == held.tenant_id,
            Membership.role == Role.OFFICER,
            Membership.organ_id.is_(None),
            Membership.user_id != person.id,
            Membership.is_held_on(today()),
            User.active,
        )  # fmt: skip
        if session.scalar(others.limit(1)) is None:
            raise Conflict(
                _("%(place)s would be left without its office: give the role to somebody first.",
                  place=held.tenant.name),
                where=person.username,
            )  # fmt: skip
