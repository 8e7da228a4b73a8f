"""Accounts through their life: invited, given roles, handed over, closed, opened, reset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.models import Membership, User
from core.accounts.service import find_role, find_user, give_role
from core.accounts.sessions import end_sessions
from core.audit.service import record
from core.clock import today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.people.codes import make_code
from core.people.managing import MANAGE, require_account, require_officer_left
from core.permissions import Actor, Role, require


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role as it is given: where, for which organ (none: the place as a whole), which days."""

    tenant: Tenant
    role: Role
    organ_id: int | None = None
    since: date | None = None
    until: date | None = None


def invite(  # noqa: PLR0913 - who is invited by whom, each by name
    session: Session, actor: Actor, office: Tenant, *, username: str, name: str, grant: RoleGrant
) -> tuple[User, str]:
    """Make an account with a role; return it with the one-time code for its first sign-in."""
    require(actor, MANAGE, office)
    if find_user(session, username) is not None:
        message = _("The account %(name)s exists already.", name=username)
        raise Invalid({"username": message})
    person = User(username=username, name=name, password_hash="", office_id=office.id)
    session.add(person)
    session.flush()  # its id is part of the code's hash
    code = make_code(person)
    record(session, actor, office, "people.invite", username, name=name)
    grant_role(session, actor, person, grant)
    return person, code


def grant_role(session: Session, actor: Actor, person: User, grant: RoleGrant) -> bool:
    """Give a role, or change its days; `False` where it is held just so."""
    require(actor, MANAGE, grant.tenant)
    if actor.user_id == person.id:
        raise Conflict(_("Nobody gives a role to himself."), where=person.username)
    given = give_role(
        session,
        person,
        grant.tenant,
        grant.role,
        organ_id=grant.organ_id,
        since=grant.since,
        until=grant.until,
    )
    if given:
        record(
            session, actor, grant.tenant, "people.role.give", person.username,
            role=grant.role.value, organ=grant.organ_id,
            since=_to_text(grant.since), until=_to_text(grant.until),
        )  # fmt: skip
        session.flush()
        session.expire(person, ["memberships"])
    return given


def revoke(session: Session, actor: Actor, person: User, held: Membership) -> None:
    """Take a role away, at once and for every session of the person."""
    require(actor, MANAGE, held.tenant)
    if actor.user_id == person.id:
        raise Conflict(_("Nobody takes a role from himself."), where=person.username)
    require_officer_left(session, person, [held])
    record(
        session, actor, held.tenant, "people.role.revoke", person.username,
        role=held.role, organ=held.organ_id,
    )  # fmt: skip
    person.memberships.remove(held)
    session.flush()


def close(session: Session, actor: Actor, place: Tenant, person: User) -> None:
    """Close an account: its sessions end at once, its roles and what it did stay on record.

    The act is put on record at `place`, as are the next two.
    """
    require_account(session, actor, person)
    if not person.active:
        return
    require_officer_left(session, person, person.memberships)
    person.active = False
    person.code_digest = person.code_until = None
    end_sessions(session, person)
    record(session, actor, place, "people.close", person.username)


def reopen(session: Session, actor: Actor, place: Tenant, person: User) -> None:
    """Open a closed account again, with the password and the roles it had."""
    require_account(session, actor, person)
    if not person.active:
        person.active = True
        record(session, actor, place, "people.open", person.username)


def reset(session: Session, actor: Actor, place: Tenant, person: User) -> str:
    """Take the password away and end the sessions; return the code for choosing another."""
    require_account(session, actor, person)
    if not person.active:
        raise Conflict(_("This account is closed: open it first."), where=person.username)
    person.password_hash = ""
    end_sessions(session, person)
    record(session, actor, place, "people.reset", person.username)
    return make_code(person)


def hand_over(  # noqa: PLR0913 - who, to whom, what, when and how
    session: Session,
    actor: Actor,
    person: User,
    successor: User,
    roles: Iterable[Membership],
    *,
    since: date,
    until: date | None = None,
) -> list[Membership]:
    """Give roles of one person to another from a day on; return those that were handed over.

    Without a last day the first holder's end the day before; with one the other is a substitute
    (代班) and the first holder keeps them.
    """
    if successor.id == person.id:
        raise Invalid({"successor": _("Choose somebody else.")})
    chosen = list(roles)
    for held in chosen:
        grant = RoleGrant(held.tenant, Role(held.role), held.organ_id, since, until)
        grant_role(session, actor, successor, grant)
        if until is None:
            _end_before(session, actor, person, held, since)
    session.flush()
    return chosen


def _end_before(session: Session, actor: Actor, person: User, held: Membership, day: date) -> None:
    """End a role the day before another holds it; one that would end before it began goes."""
    require(actor, MANAGE, held.tenant)
    last = day - timedelta(days=1)
    record(
        session, actor, held.tenant, "people.role.end", person.username,
        role=held.role, organ=held.organ_id, until=_to_text(last),
    )  # fmt: skip
    if last < today() or (held.since and last < held.since):
        person.memberships.remove(held)
    else:
        held.until = last


def get_role(
    session: Session, person: User, tenant: Tenant, role: Role, organ_id: int | None = None
) -> Membership:
    """Return a role that somebody holds; raises `Conflict` where it is not held."""
    held = find_role(session, person, tenant, role, organ_id)
    if held is None:
        raise Conflict(
            _("%(name)s does not hold this role.", name=person.username), where=person.username
        )
    return held


def _to_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
