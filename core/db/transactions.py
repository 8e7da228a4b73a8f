"""Helpers around transactions: callbacks after the commit, savepoints, loops item by item."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.db.scope import Scope, ScopedSession, open_session
from core.db.turns import begin_writing
from core.log.logger import get_logger

T = TypeVar("T")

log = get_logger("gongkai.db")

_CALLBACKS = "after_commit"  # core.db.idle looks at it, too


@dataclass(slots=True)
class _Callback:
    """A call that waits; `savepoint` is the one it was asked for in, `None` the transaction."""

    function: Callable[..., object]
    arguments: tuple[Any, ...]
    savepoint: SessionTransaction | None

    def run(self) -> None:
        try:
            self.function(*self.arguments)
        except Exception:
            log.exception("callback after a commit failed", callback=repr(self.function))


def after_commit(session: Session, function: Callable[..., object], *arguments: Any) -> None:
    """Call a function once the session's transaction has committed, and never if it does not.

    Equal calls are made once. The function must not use the session; if it raises, that is
    logged, since what was written cannot be taken back any more.
    """
    waiting: list[_Callback] = session.info.setdefault(_CALLBACKS, [])
    savepoint_ = session.get_nested_transaction()
    known = (one for one in waiting if one.savepoint in {None, savepoint_})
    if not any((one.function, one.arguments) == (function, arguments) for one in known):
        waiting.append(_Callback(function, arguments, savepoint_))


@event.listens_for(ScopedSession, "after_commit")
def _run_callbacks(session: Session) -> None:
    committed = session.get_nested_transaction()
    if committed is None:
        for callback in session.info.pop(_CALLBACKS, ()):
            callback.run()
        return
    for callback in session.info.get(_CALLBACKS, ()):
        if callback.savepoint is committed:  # only a savepoint: the outer one decides now
            callback.savepoint = committed.parent if committed.parent.nested else None


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget_callbacks(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_CALLBACKS, None)
    elif ended.nested:  # else a flush that failed within the transaction
        waiting: list[_Callback] = session.info.get(_CALLBACKS, [])
        waiting[:] = [callback for callback in waiting if callback.savepoint is not ended]


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo what the block wrote if it raises, and keep the rest of the transaction usable.

    For what may clash with another process (a unique number): catch the error around the block.
    """
    # SQLite's driver begins only before a write: releasing the savepoint would commit all.
    begin_writing(session)
    with session.begin_nested():
        yield


@dataclass(frozen=True, slots=True)
class LoopCount:
    """How many items of a loop went well, and how many failed."""

    done: int = 0
    failed: int = 0


def for_each_in_own_transaction(
    scope: Scope | Callable[[T], Scope], items: Iterable[T], work: Callable[[Session, T], object]
) -> LoopCount:
    """Work on each item in a session and transaction of its own; one that fails stops no other.

    `scope` may depend on the item. Failures are rolled back, logged with the item and counted.
    """
    done = failed = 0
    for item in items:
        try:
            with open_session(scope if isinstance(scope, Scope) else scope(item)) as session:
                work(session, item)
        except Exception:
            log.exception("an item of a loop failed", item=repr(item))
            failed += 1
        else:
            done += 1
    return LoopCount(done, failed)
