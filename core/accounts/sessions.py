"""Sessions of signed-in people: one row for each browser, asked for with every request of theirs.

So a session ends at once, in every worker process and for every copy of its cookie, when somebody
signs out, the account is closed or its password changes; and it ends by itself when it is idle.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.accounts.models import User, UserSession
from core.clock import now
from core.db.scope import open_session
from core.permissions import Role
from core.redaction import keyed_digest

TOKEN_BYTES, LONGEST_TOKEN = 24, 64
# Without a request a session ends after this time, by the role that can do most.
IDLE_MINUTES = {Role.OFFICER: 60, Role.REVIEWER: 120, Role.LIAISON: 480, Role.CLERK: 480}
IDLE_WITHOUT_ROLE = 60
# With requests too, it ends after this time.
LONGEST = timedelta(days=7)
# How old the time of the last request may be before it is written again.
SEEN_EVERY = timedelta(minutes=5)
# Browsers and systems as people call them, the more particular names first.
_BROWSERS = {
    "MicroMessenger": "WeChat", "Edg": "Edge", "QQBrowser": "QQ", "HuaweiBrowser": "Huawei",
    "360SE": "360", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
    "Windows": "Windows", "Macintosh": "macOS", "Kylin": "Kylin", "UOS": "UOS", "Linux": "Linux",
}  # fmt: skip


def begin_session(session: Session, user: User, user_agent: str = "") -> str:
    """Begin a session of the person; return the secret for the cookie."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    moment = now()
    session.execute(delete(UserSession).where(UserSession.begun_at <= moment - LONGEST))
    session.add(
        UserSession(
            user_id=user.id,
            digest=_digest(token),
            device=name_device(user_agent),
            begun_at=moment,
            seen_at=moment,
            idle_minutes=_idle_minutes(user),
        )
    )
    session.flush()
    return token


def find_signed_in(session: Session, token: str) -> User | None:
    """Find the person whose running session has this secret, and note that it is used."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    query = (
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.digest == _digest(token), User.active)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    user, row = found
    moment = now()
    if has_ended(row, moment):
        return None
    if not timedelta() <= moment - row.seen_at < SEEN_EVERY:
        _note_use(row.id, moment)
    user.session_token = token
    return user


def has_ended(row: UserSession, moment: datetime) -> bool:
    """Say whether a session has been idle, or has run, for too long."""
    idle = moment - row.seen_at >= timedelta(minutes=row.idle_minutes)
    return idle or moment - row.begun_at >= LONGEST


def end_session(session: Session, token: str) -> None:
    """End one session; nothing happens where there is none."""
    session.execute(delete(UserSession).where(UserSession.digest == _digest(token)))


def end_sessions(session: Session, user: User, *, keep: str = "") -> None:
    """End all sessions of a person, but the one with the secret `keep`."""
    session.execute(
        delete(UserSession).where(
            UserSession.user_id == user.id, UserSession.digest != _digest(keep)
        )
    )


def list_sessions(session: Session, user: User) -> list[UserSession]:
    """List the running sessions of a person, the one used last first."""
    query = select(UserSession).where(UserSession.user_id == user.id)
    rows = session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id))
    moment = now()
    return [row for row in rows if not has_ended(row, moment)]


def is_session(row: UserSession, token: str) -> bool:
    """Say whether a row is the session with this secret."""
    return secrets.compare_digest(row.digest, _digest(token))


def name_device(user_agent: str) -> str:
    """Return browser and system of a `User-Agent` header, as people call them."""
    found = (
        next((name for mark, name in names.items() if mark in user_agent), "")
        for names in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(name for name in found if name)


def _idle_minutes(user: User) -> int:
    minutes = [IDLE_MINUTES[Role(held.role)] for held in user.memberships]
    return min(minutes, default=IDLE_WITHOUT_ROLE)


def _note_use(session_id: int, moment: datetime) -> None:
    """Write the time of the last request in a transaction of its own, as a page only reads."""
    with open_session(None) as session:
        session.execute(
            update(UserSession).where(UserSession.id == session_id).values(seen_at=moment)
        )


def _digest(token: str) -> str:
    return keyed_digest("accounts.session", token)
