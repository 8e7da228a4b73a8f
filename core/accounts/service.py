"""Accounts: create, give roles, sign in with a lockout that survives restarts."""

from datetime import date, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from core.accounts.models import Membership, User
from core.accounts.passwords import find_password_fault
from core.accounts.sessions import end_sessions
from core.clock import today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.permissions import Action, Actor, Held, Role, allowed
from core.tenancy.models import Tenant
from core.web import rate_limit

_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    """Return a hash to check where no account is found, so that both answers take as long."""
    return _hasher.hash("nobody has this password")


ATTEMPTS_PER_ACCOUNT = 5
ATTEMPTS_PER_ADDRESS = 30
LOCKOUT = timedelta(minutes=15)


def find_user(session: Session, username: str) -> User | None:
    """Find the account of this name, with its memberships."""
    query = select(User).where(User.username == username)
    return session.scalar(query.options(selectinload(User.memberships)))


def get_user(session: Session, username: str) -> User:
    """Return the account of this name; raises `NotFound`."""
    user = find_user(session, username)
    if user is None:
        raise NotFound(_("There is no account %(name)s.", name=username), where=username)
    return user


def add_user(
    session: Session, *, username: str, name: str, password: str, may_be_weak: bool = False
) -> User:
    """Create an account; raises `Invalid` on a weak password, `Conflict` on a taken name.

    Only a demonstration may have passwords that everybody knows.
    """
    if not may_be_weak:
        _refuse_weak(password, username, field="password")
    if not username.strip():
        raise Invalid({"username": _("Enter an account name.")})
    if find_user(session, username) is not None:
        raise Conflict(_("The account %(name)s exists already.", name=username), where=username)
    user = User(username=username, name=name, password_hash=_hasher.hash(password))
    session.add(user)
    session.flush()  # callers give roles to its id
    return user


def give_role(  # noqa: PLR0913 - what makes a role, each by name
    session: Session,
    user: User,
    tenant: Tenant,
    role: Role,
    *,
    organ_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> bool:
    """Give a role at a node, for one of its organs if named; `False` where it is held just so.

    Given again, it is held from and until the days named now. Whoever holds it for the place as a
    whole and gets it for one organ, or the other way round, holds it for what is named now.
    """
    if since and until and until < since:
        raise Invalid({"until": _("The last day lies before the first.")})
    held = find_role(session, user, tenant, role, organ_id)
    if held is None:
        _drop_wider_or_narrower(session, user, tenant, role, organ_id)
        session.add(
            Membership(
                user_id=user.id,
                tenant_id=tenant.id,
                role=role.value,
                organ_id=organ_id,
                since=since,
                until=until,
            )
        )
        return True
    changed = (held.since, held.until) != (since, until)
    held.since, held.until = since, until
    return changed


def find_role(
    session: Session, user: User, tenant: Tenant, role: Role, organ_id: int | None
) -> Membership | None:
    """Find a role that somebody was given at a node, for the organ or the place as a whole."""
    query = _select_roles(user, tenant, role)
    return session.scalar(query.where(Membership.organ_id.is_not_distinct_from(organ_id)))


def _drop_wider_or_narrower(
    session: Session, user: User, tenant: Tenant, role: Role, organ_id: int | None
) -> None:
    query = _select_roles(user, tenant, role)
    if organ_id is not None:
        query = query.where(Membership.organ_id.is_(None))
    for held in session.scalars(query):
        session.delete(held)
    session.flush()


def _select_roles(user: User, tenant: Tenant, role: Role) -> Select[Membership]:
    return select(Membership).where(
        Membership.user_id == user.id, Membership.tenant_id == tenant.id, Membership.role == role
    )


def to_actor(session: Session, user: User) -> Actor:
    """Load the person as an actor with every role held."""
    query = (
        select(Membership.role, Tenant.path, Membership.organ_id)
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(Membership.user_id == user.id, Membership.is_held_on(today()))
        .order_by(func.length(Tenant.path), Membership.id)
    )
    held = tuple(Held(Role(role), path, organ) for role, path, organ in session.execute(query))
    return Actor(user.id, user.name, held if user.active else ())


def change_password(  # noqa: PLR0913 - a form, field by field
    session: Session, user: User, *, current: str, new: str, again: str, address: str
) -> None:
    """Give the account another password, which ends its sessions on other devices.

    Raises `Invalid` for what was typed wrong, `Forbidden` while the account is locked out.
    """
    _refuse_locked_out(user.username, address)
    if not _fits(user.password_hash, current):
        _count_failure(user.username, address)
        raise Invalid({"current": _("This is not your present password.")})
    if new == current:
        raise Invalid({"new": _("Choose a password that differs from the present one.")})
    set_password(user, new, again)
    end_sessions(session, user, keep=user.session_token)


def set_password(user: User, new: str, again: str) -> None:
    """Set a password typed twice; raises `Invalid` where it is weak or the two differ."""
    _refuse_weak(new, user.username, field="new")
    if new != again:
        raise Invalid({"again": _("The two new passwords differ.")})
    user.password_hash = _hasher.hash(new)


def _refuse_weak(password: str, username: str, *, field: str) -> None:
    if fault := find_password_fault(password, username):
        raise Invalid({field: fault})


def workplaces(session: Session, user: User) -> list[tuple[Tenant, Role]]:
    """Where the person has which role, topmost places first."""
    query = (
        select(Tenant, Membership.role)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .where(Membership.user_id == user.id, Membership.is_held_on(today()))
        .order_by(func.length(Tenant.path), Tenant.division_code, Membership.id)
    )
    return [(tenant, Role(role)) for tenant, role in session.execute(query)]


def list_workplaces(session: Session, actor: Actor) -> list[Tenant]:
    """List the portals at which a person holds roles, each once."""
    paths = {held.path for held in actor.held}
    query = select(Tenant).where(Tenant.path.in_(paths), Tenant.status == "active")
    rows = session.scalars(query.order_by(func.length(Tenant.path), Tenant.division_code))
    return [tenant for tenant in rows if tenant.has_portal]


def people_who_may(
    session: Session, action: Action, tenant: Tenant, *, organ: int | None = None
) -> list[User]:
    """Active people who may do this at a tenant with a thing of the organ, nearest first."""
    query = (
        select(User, Membership.role, Tenant.path, Membership.organ_id)
        .join(Membership, Membership.user_id == User.id)
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(User.active, Tenant.id.in_(tenant.chain), Membership.is_held_on(today()))
        .order_by(func.length(Tenant.path).desc(), User.id)
    )
    found: dict[int, User] = {}
    for user, role, path, organ_id in session.execute(query):
        actor = Actor(user.id, user.name, (Held(Role(role), path, organ_id),))
        if allowed(actor, action, tenant, organ=organ):
            found.setdefault(user.id, user)
    return list(found.values())


def check_password(session: Session, username: str, password: str, address: str) -> User:
    """Return the account if the password fits; raises `Forbidden` alike for every other case."""
    _refuse_locked_out(username, address)
    user = find_user(session, username)
    known = user.password_hash if user else ""
    if _fits(known or _decoy(), password) and user and known and user.active:
        rate_limit.reset(_account_key(username))
        return user
    _count_failure(username, address)
    raise Forbidden(_("The account name or the password is wrong."))


def _refuse_locked_out(username: str, address: str) -> None:
    limits = _limits(username, address)
    if any(rate_limit.is_exceeded(key, limit) for key, limit in limits):
        raise Forbidden(_("Too many failed attempts. Try again in 15 minutes."))


def _count_failure(username: str, address: str) -> None:
    for key, limit in _limits(username, address):
        rate_limit.hit(key, limit, LOCKOUT)


def _limits(username: str, address: str) -> list[tuple[str, int]]:
    """Return the keys under which failed attempts are counted, each with its limit."""
    return [
        (_account_key(username), ATTEMPTS_PER_ACCOUNT),
        (f"sign-in.address:{address}", ATTEMPTS_PER_ADDRESS),
    ]


def _account_key(username: str) -> str:
    return f"sign-in.account:{username}"


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
