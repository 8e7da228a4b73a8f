"""One connection for each thread: a session that only reads lends its connection to the next.

A page may use several sessions (its own, one of the directory, a short transaction of the rate
limit). Each keeps the connection of its transaction, so that a few readers could take all that
there are and wait for each other. So whenever a session is going to use the database, the others of
its thread that have written nothing and locked nothing end their transaction; they begin another
when they are used again. What they have loaded stays loaded.
"""

import threading
from typing import Any
from weakref import WeakSet

from sqlalchemy.orm import ORMExecuteState, Session

# In `info` of a session: the connection of its transaction, while it has one.
CONNECTION = "connection"
_KEPT = "keeps_transaction"

_thread = threading.local()


def track(session: Session) -> None:
    """Count a session among those of the present thread."""
    _sessions().add(session)


def release_idle(using: Session | None = None) -> None:
    """End the transactions in which the other sessions of this thread have only read."""
    for session in list(_sessions()):
        if session is not using and session.in_transaction() and _is_idle(session):
            session.commit()


def keep_transaction(session: Session) -> None:
    """Say that the session's transaction holds something: it ends when its owner says so."""
    session.info[_KEPT] = True


def note_statement(state: ORMExecuteState) -> None:
    """Keep the transaction of a statement that writes, or locks what it reads."""
    reads = state.is_select and getattr(state.statement, "_for_update_arg", None) is None
    if not reads:
        keep_transaction(state.session)


def note_flush(session: Session, *_: Any) -> None:
    """Keep the transaction of a session that writes rows."""
    keep_transaction(session)


def note_end(session: Session, transaction: Any) -> None:
    """Begin anew after the end of a transaction."""
    if transaction.parent is None:
        session.info.pop(_KEPT, None)
        session.info.pop(CONNECTION, None)


def _is_idle(session: Session) -> bool:
    waits = session.info.get("after_commit")
    pending = session.new or session.deleted or session.dirty
    return not (session.info.get(_KEPT) or waits or pending or session.in_nested_transaction())


def _sessions() -> "WeakSet[Session]":
    found: WeakSet[Session] | None = getattr(_thread, "sessions", None)
    if found is None:
        found = _thread.sessions = WeakSet()
    return found
