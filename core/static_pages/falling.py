"""Take away pages that lie in files before and after what they show changes.

The session itself does it, with the places whose versions it raises (`core.db.versions`): nothing
that changes something has to remember it. Where links cannot be taken away, nothing is committed.
"""

from pathlib import Path

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.db.scope import ScopedSession
from core.db.versions import list_raised
from core.errors import Invalid
from core.log.logger import get_logger
from core.settings import Settings
from core.static_pages.changing import ChangeNote
from core.static_pages.folder import ALL_PLACES, StaticFolder

log = get_logger("gongkai.static_pages")

_EXTENSION, _NOTE = "static_pages", "static_pages_note"


def init_static_pages(app: Flask, settings: Settings) -> None:
    """Give the application its folder of pages, if it is told one."""
    folder = settings.static_pages
    app.extensions[_EXTENSION] = StaticFolder(Path(folder)) if folder else None


def find_folder() -> StaticFolder | None:
    """Return the folder of this installation; `None` where no pages are written ahead."""
    return current_app.extensions.get(_EXTENSION) if has_app_context() else None


def take_everything_down() -> None:
    """Take all pages away: the program starts, and may be another than the one that wrote them.

    Raises `Invalid` where that cannot be done: no change could be stored then, either.
    """
    folder = find_folder()
    if folder is None:
        return
    try:
        note = ChangeNote(folder, [ALL_PLACES])
        note.take_down()
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}"
        raise Invalid({"GONGKAI_STATIC_PAGES": reason}) from error
    note.release()


def _before_commit(session: Session) -> None:
    raised = list_raised(session)
    folder = find_folder() if raised and not session.in_nested_transaction() else None
    if folder is None:
        return
    note = session.info[_NOTE] = ChangeNote(folder, raised)
    note.take_down()


def _after_commit(session: Session) -> None:
    if session.get_nested_transaction() is None:
        _end(session)


def _after_rollback(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        _end(session)


def _end(session: Session) -> None:
    """Take the links away once more: the commit may have come between them and a writer."""
    note: ChangeNote | None = session.info.pop(_NOTE, None)
    if note is None:
        return
    try:
        note.take_down()
    except OSError:
        log.exception("pages written ahead were not taken away")
        note.leave()  # whoever writes next does it
    else:
        note.release()


event.listen(ScopedSession, "before_commit", _before_commit)
event.listen(ScopedSession, "after_commit", _after_commit)
event.listen(ScopedSession, "after_soft_rollback", _after_rollback)
