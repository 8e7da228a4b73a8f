"""Tasks of a feature: entered, reported as mended, looked at again, counted, escalated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core.clock import today
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below
from core.errors import Conflict, Invalid, NotFound
from core.mending.domain.life import (
    MENDING_TRANSITIONS,
    TO_MEND,
    MendingState,
    MendingTransition,
)
from core.mending.models import MendingTask
from core.mending.reminders import tell_of_overdue
from core.publishing.files.validation import check_file
from core.settings import current_settings
from core.storage.files import current_files as file_store
from core.tenancy.service import find_tenant
from core.web.context import Context
from core.web.urls import safe_next
from core.workflow import TransitionError, Workflow

LIFE = Workflow(MENDING_TRANSITIONS)
LONGEST_URL = 500


class MendingFigures(NamedTuple):
    """How many tasks there are, how many are mended, reported, overdue."""

    total: int
    closed: int
    reported: int
    overdue: int


class MendingDesk(NamedTuple):
    """What waits for somebody: to mend, of that overdue, to look at again, overdue elsewhere."""

    to_mend: int
    overdue: int
    reported: int
    overdue_elsewhere: int


class MendingOwner(NamedTuple):
    """Who mends: an organ of the place, or a place below as a whole; its name."""

    name: str
    tenant_id: int
    organ_id: int | None = None


@dataclass(frozen=True, slots=True)
class MendingRegister:
    """The tasks of a feature, which has tables of its own for them and their files.

    `manage` is the permission to enter tasks and look again, `answer` the one to report, for one's
    own organ. `get_owner` returns whom a form's value names, or raises `Invalid`.
    """

    name: str
    task: type[Any]  # a `MendingTask` that is mapped
    file: type[Any]  # a `MendingFile` that is mapped
    manage: str
    answer: str
    get_owner: Callable[[Context, str], MendingOwner]

    def is_overdue(self) -> ColumnElement[bool]:
        """Build the condition for tasks that should have been done before today."""
        late: ColumnElement[bool] = self.task.state.in_(TO_MEND) & (self.task.due_on < today())
        return late

    def is_at(self, tenant: Tenant) -> ColumnElement[bool]:
        """Build the condition for tasks of a place and those below it."""
        places = select(Tenant.id).where(below(tenant.path))
        inside: ColumnElement[bool] = self.task.tenant_id.in_(places)
        return inside

    def select_seen(self, ctx: Context, state: str = "") -> Select[Any]:
        """Select what the person mends or has found from here; "overdue" is a state.

        What is due first stands on top, what is closed last.
        """
        theirs = ctx.scope(self.answer).condition(self.task.organ_id)
        seen: ColumnElement[bool] = (self.task.tenant_id == ctx.tenant.id) & theirs
        if ctx.may(self.manage):
            seen = or_(seen, self.task.origin_id == ctx.tenant.id)
        query = select(self.task).where(seen)
        if state:
            is_in = self.is_overdue() if state == "overdue" else self.task.state == state
            query = query.where(is_in)
        last = case((self.task.state == MendingState.CLOSED, 1), else_=0)
        return query.order_by(last, self.task.due_on, self.task.id)

    def select_mended(self, tenant: Tenant) -> Select[Any]:
        """Select what was mended at a place and below it, the newest first."""
        query = select(self.task).where(self.is_at(tenant), self.task.state == MendingState.CLOSED)
        return query.order_by(self.task.closed_on.desc(), self.task.id.desc())

    def get(self, ctx: Context, number: int) -> Any:
        """Return a task of this place, or one that was found from here; raises `NotFound`."""
        found = ctx.session.get(self.task, number)
        if found is None or ctx.tenant.id not in {found.tenant_id, found.origin_id}:
            raise NotFound
        return found

    def count_desk(self, ctx: Context) -> MendingDesk:
        """Count what waits for the person: of the own organs, and of what was found from here."""
        own = (self.task.tenant_id == ctx.tenant.id) & self.task.state.in_(TO_MEND)
        mine = own & ctx.scope(self.answer).condition(self.task.organ_id)
        found = self.task.origin_id == ctx.tenant.id
        others = self.task.organ_id.is_not(None) | (self.task.tenant_id != ctx.tenant.id)
        conditions = (
            mine,
            mine & self.is_overdue(),
            found & (self.task.state == MendingState.REPORTED),
            found & others & self.is_overdue(),
        )
        return MendingDesk(*self._count(ctx.session, conditions))

    def _count(
        self, session: Session, conditions: Iterable[ColumnElement[bool]], *where: Any
    ) -> list[int]:
        counts = (func.count(case((condition, 1))) for condition in conditions)
        query = select(*counts).select_from(self.task).where(*where)
        return [int(number) for number in session.execute(query).one()]

    def load_figures(self, session: Session, tenant: Tenant) -> MendingFigures:
        """Count the tasks of a place and of those below it, for everybody."""
        states = (MendingState.CLOSED, MendingState.REPORTED)
        conditions = (true(), *(self.task.state == one for one in states), self.is_overdue())
        return MendingFigures(*self._count(session, conditions, self.is_at(tenant)))

    def add(self, ctx: Context, values: Mapping[str, Any]) -> Any:
        """Enter a task of an organ, or of a place below, whose own people then have it.

        Raises `Invalid` for an owner or a page that is not of this place.
        """
        ctx.require(self.manage)
        owner = self.get_owner(ctx, values["subject"])
        kept = {name: values[name] for name in ("text", "source", "reference", "due_on")}
        task = self.task(
            tenant_id=owner.tenant_id, organ_id=owner.organ_id, origin_id=ctx.tenant.id,
            subject=owner.name, page_url=read_page_url(ctx, values["page_url"]), **kept,
        )  # fmt: skip
        ctx.session.add(task)
        ctx.session.flush()
        ctx.audit(f"{self.name}.finding", str(task.id))
        return task

    def report(self, ctx: Context, task: Any, report: str, files: Sequence[FileStorage]) -> None:
        """Report what was mended; raises `Invalid` for a file, `Conflict` where it is too late."""
        ctx.require(self.answer, organ=task.organ_id)
        if task.tenant_id != ctx.tenant.id:
            raise Conflict(_("The place that mends it reports it."))
        task.files.extend([self._store(task, file) for file in files])
        _move(task, MendingTransition.REPORT)
        task.report, task.reported_at = report, utc_now()
        task.reported_by_name = ctx.actor.name
        ctx.audit(f"{self.name}.finding_reported", str(task.id))

    def _store(self, task: MendingTask, file: FileStorage) -> Any:
        most = current_settings().max_upload_bytes
        try:
            checked = check_file(file.filename or "", file.read(), most_bytes=most)
        except Invalid as error:
            raise Invalid({"files": error.fields.get("file", error.message)}) from error
        return self.file(
            tenant_id=task.tenant_id, name="" if checked.is_photograph else checked.filename,
            digest=file_store().put(checked.data), media_type=checked.media_type,
            is_picture=checked.is_photograph,
        )  # fmt: skip

    def recheck(self, ctx: Context, task: Any, values: Mapping[str, Any]) -> None:
        """Close what was mended, or open it again until another day; by the place that found it."""
        ctx.require(self.manage)
        if task.origin_id != ctx.tenant.id:
            raise Conflict(_("The place that found it looks at it again."))
        act = MendingTransition(values["act"])
        _move(task, act)
        task.recheck_note = values["recheck_note"]
        task.closed_on = today() if act is MendingTransition.CLOSE else None
        if act is MendingTransition.REOPEN:
            task.due_on, task.escalated_at = values["due_on"], None
        ctx.audit(f"{self.name}.finding_{act}", str(task.id))

    def escalate(self, session: Session, tenant: Tenant) -> None:
        """Tell of what is overdue (at night): its owner here, and this place of what it found.

        Each is told once until the task gets another day.
        """
        is_new = self.task.escalated_at.is_(None)
        own = select(self.task).where(self.task.tenant_id == tenant.id, self.is_overdue(), is_new)
        for task in session.scalars(own).all():
            task.escalated_at = utc_now()
            tell_of_overdue(session, tenant, self.name, task, task.organ_id)
        for task in self._list_found_overdue(tenant):
            tell_of_overdue(session, tenant, self.name, task, None)

    def _list_found_overdue(self, tenant: Tenant) -> Iterator[MendingTask]:
        # What places below have to mend are rows of theirs.
        with open_session(Scope.subtree(tenant, "what is overdue")) as below_here:
            found = select(self.task).where(self.task.origin_id == tenant.id, self.is_overdue())
            yield from below_here.scalars(found).all()


def _move(task: MendingTask, act: MendingTransition) -> None:
    try:
        task.state = LIFE.next_state(MendingState(task.state), act)
    except TransitionError as error:
        raise Conflict(_("That is no longer possible: the state has changed.")) from error


def read_page_url(ctx: Context, typed: str) -> str:
    """Return the path of a page of this place, or one below it; raises `Invalid` for others.

    Takes what the browser's address line holds; a page of another site cannot be looked at here.
    """
    if not typed:
        return ""
    parts = urlsplit(typed)
    if parts.netloc and parts.netloc != request.host:
        raise Invalid({"page_url": _("This is an address of another site.")})
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    inside = path.removeprefix(request.script_root)
    place = find_tenant(ctx.session, inside.lstrip("/").partition("/")[0])
    if place is None or not place.path.startswith(ctx.tenant.path) or not safe_next(path, ""):
        raise Invalid({"page_url": _("Enter the address of a page of this place, or below it.")})
    if len(path) > LONGEST_URL:
        raise Invalid({"page_url": _("At most %(n)s characters.", n=LONGEST_URL)})
    return path
