"""The accounts of the demonstration county. Their password is known to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.accounts.service import add_user, find_user, give_role
from core.errors import Forbidden
from core.permissions import Role
from core.tenancy.models import Organ, Tenant
from core.tenancy.packs import UserEntry, find_pack, read_pack
from core.tenancy.service import get_tenant
from core.web.site.hosts import is_loopback

DEMO = "demo-county"
# Printed at every start and useless elsewhere: while an account has it, the demonstration
# listens on this machine only.
DEMO_PASSWORD = "gongkai-demo"  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can sign in to try what."""

    username: str
    name: str
    tenant: str
    role: str


def ensure_sign_ins(session: Session, entries: Sequence[UserEntry]) -> list[SignIn]:
    """Make the accounts that are not there yet; one whose password was changed keeps it."""
    return [_ensure(session, entry) for entry in entries]


def _ensure(session: Session, entry: UserEntry) -> SignIn:
    tenant = get_tenant(session, entry.tenant)
    user = find_user(session, entry.username) or add_user(
        session,
        username=entry.username,
        name=entry.name,
        password=DEMO_PASSWORD,
        may_be_weak=True,
    )
    organ_id = _organ_id(session, tenant, entry.organ)
    give_role(session, user, tenant, Role(entry.role), organ_id=organ_id)
    return SignIn(entry.username, entry.name, tenant.name, entry.role)


def _organ_id(session: Session, tenant: Tenant, name: str | None) -> int | None:
    if name is None:
        return None
    return session.scalar(select(Organ.id).where(Organ.tenant_id == tenant.id, Organ.name == name))


def check_host(session: Session, host: str, entries: Sequence[UserEntry]) -> None:
    """Raise `Forbidden` where others could reach accounts whose password they know."""
    if is_loopback(host) or not unchanged(session, entries):
        return
    message = _(
        "%(host)s can be reached from other machines. Change the passwords of the demonstration's "
        "accounts first, or listen on 127.0.0.1.",
        host=host,
    )
    raise Forbidden(message, where=host)


def unchanged(session: Session, entries: Sequence[UserEntry]) -> list[str]:
    """Accounts that have the demonstration's password, or will get it when they are made."""
    names = [entry.username for entry in entries]
    users = {
        user.username: user
        for user in session.scalars(select(User).where(User.username.in_(names)))
    }
    return [name for name in names if name not in users or _has_demo_password(users[name])]


def list_with_demo_password(session: Session) -> list[str]:
    """List accounts named as in the demonstration that people can enter with its password."""
    names = [entry.username for entry in read_pack(find_pack(DEMO)).users]
    query = select(User).where(User.active, User.username.in_(names)).order_by(User.id)
    return [user.username for user in session.scalars(query) if _has_demo_password(user)]


def _has_demo_password(user: User) -> bool:
    try:
        return PasswordHasher().verify(user.password_hash, DEMO_PASSWORD)
    except (VerificationError, InvalidHashError):
        return False
