"""Versions of a place's indicators: drafted, circulated for comment, put in force, superseded.

The nearest version in force up the tree is a place's own, unless it has put one in force itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.messages.kinds import MessageKind, MessageSubject, add_message_kind
from core.panels.domain.indicators import (
    Indicator,
    VersionState,
    list_indicator_faults,
)
from core.panels.labels import say_indicator_fault
from core.panels.models import IndicatorVersion
from core.plugins.calls.measures import load_objective_measures
from core.web.context import Context
from core.web.urls import tenant_url

LEAST_COMMENT_DAYS = 5


@dataclass(frozen=True, slots=True)
class IndicatorLibrary:
    """The indicators of a feature, which has a table of its own for their versions.

    `manage` is the permission to change them, `groups` the words for those who are judged apart,
    `page` the endpoint of the public page.
    """

    name: str
    table: type[Any]  # an `IndicatorVersion` that is mapped
    manage: str
    groups: Mapping[str, Any]
    page: str

    @property
    def comments(self) -> str:
        """The kind of the messages that comment on a version."""
        return f"{self.name}.indicators"

    def find_in_force(self, session: Session, tenant: Tenant) -> Any:
        """Find the version by which a place judges: its own, or the nearest above it."""
        found = self._list_of_chain(session, tenant, VersionState.IN_FORCE)
        # From the place upwards: a path grows with each level.
        return max(found, key=lambda row: list(tenant.chain).index(row.tenant_id), default=None)

    def list_commented(self, session: Session, tenant: Tenant) -> Sequence[Any]:
        """List the versions of the place and those above it that are circulated for comment."""
        return self._list_of_chain(session, tenant, VersionState.COMMENT)

    def _list_of_chain(self, session: Session, tenant: Tenant, state: str) -> Sequence[Any]:
        here = self.table.tenant_id.in_(tenant.chain), self.table.state == state
        return session.scalars(select(self.table).where(*here).order_by(self.table.id)).all()

    def list_own(self, session: Session, tenant: Tenant) -> Sequence[Any]:
        """List the place's own versions, the newest first."""
        query = select(self.table).where(self.table.tenant_id == tenant.id)
        return session.scalars(query.order_by(self.table.number.desc())).all()

    def load(self, ctx: Context, set_id: int) -> Any:
        """Load a version of the place; raises `NotFound`."""
        found = ctx.session.get(self.table, set_id)
        if found is None or found.tenant_id != ctx.tenant.id:
            raise NotFound
        return found

    def list_faults(self, version: IndicatorVersion) -> list[str]:
        """Say what keeps a version from being circulated or put in force."""
        faults = list_indicator_faults(version.read(), self.groups)
        return [say_indicator_fault(fault, self.groups) for fault in faults]

    def list_measures(self, session: Session, tenant: Tenant) -> dict[str, str]:
        """List the measures that features fill this year, by key, with their names."""
        first = today().replace(month=1, day=1)
        values = load_objective_measures(session, tenant, first, today())
        return {value.measure: value.label for value in values}

    def derive(self, ctx: Context) -> Any:
        """Begin a version of the place's own: a copy of what is in force, else an empty one."""
        ctx.require(self.manage)
        source = self.find_in_force(ctx.session, ctx.tenant)
        newest = select(func.max(self.table.number)).where(self.table.tenant_id == ctx.tenant.id)
        made = self.table(
            tenant_id=ctx.tenant.id, number=(ctx.session.scalar(newest) or 0) + 1,
            title=source.title if source else _("Indicators for the disclosure of affairs"),
            indicators=list(source.indicators) if source else [],
            derived_from_id=source.id if source else None,
        )  # fmt: skip
        ctx.session.add(made)
        ctx.session.flush()
        self._audit(ctx, made, "drafted")
        return made

    def change(
        self, ctx: Context, version: Any, title: str, note: str, rows: Sequence[Indicator]
    ) -> None:
        """Change a draft; raises `Conflict` for a version that others have seen."""
        ctx.require(self.manage)
        if version.state != VersionState.DRAFT:
            raise Conflict(_("Only a draft can be changed; begin a new version."))
        version.title, version.note = title, note
        version.indicators = [row.to_json() for row in rows]
        self._audit(ctx, version, "changed")

    def circulate(self, ctx: Context, version: Any, until: date | None) -> None:
        """Circulate a draft for comment until a day; raises `Invalid` or `Conflict`."""
        self._require(ctx, version, VersionState.DRAFT, whole=True)
        first = today() + timedelta(days=LEAST_COMMENT_DAYS)
        if until is None or until < first:
            message = _("Give at least until %(day)s for comments.", day=first)
            raise Invalid({"comment_until": message})
        version.state, version.comment_until = VersionState.COMMENT, until
        self._audit(ctx, version, "circulated")

    def take_back(self, ctx: Context, version: Any) -> None:
        """Take a version back into draft, as after comments that change it."""
        self._require(ctx, version, VersionState.COMMENT)
        version.state, version.comment_until = VersionState.DRAFT, None
        self._audit(ctx, version, "taken_back")

    def put_in_force(self, ctx: Context, version: Any) -> None:
        """Put a version in force once comments have had their time; the last is superseded."""
        self._require(ctx, version, VersionState.COMMENT, whole=True)
        if version.comment_until and version.comment_until >= today():
            message = _("Comments can be sent until %(day)s.", day=version.comment_until)
            raise Conflict(message)
        own = select(self.table).where(self.table.tenant_id == ctx.tenant.id)
        # One is in force at a place: who puts another one in force at this moment waits.
        for other in ctx.session.scalars(own.with_for_update()):
            if other.state == VersionState.IN_FORCE:
                other.state, other.superseded_on = VersionState.SUPERSEDED, today()
        version.state, version.in_force_on = VersionState.IN_FORCE, today()
        self._audit(ctx, version, "in_force")

    def delete(self, ctx: Context, version: Any) -> None:
        """Delete a draft; raises `Conflict` for a version that others have seen."""
        self._require(ctx, version, VersionState.DRAFT)
        ctx.session.delete(version)
        self._audit(ctx, version, "deleted")

    def _require(
        self, ctx: Context, version: Any, state: VersionState, *, whole: bool = False
    ) -> None:
        ctx.require(self.manage)
        if version.state != state:
            raise Conflict(_("That is no longer possible: the state has changed."))
        if whole and (faults := self.list_faults(version)):
            raise Conflict(" ".join(faults))

    def _audit(self, ctx: Context, version: Any, act: str) -> None:
        ctx.audit(f"{self.name}.indicators_{act}", str(version.id))

    def take_comments(self) -> None:
        """Let everybody comment on what is circulated, by a message to its place."""
        kind = MessageKind(
            self.comments, _l("Comment on indicators"),
            _l("What should be measured or weighted differently?"), self._find_commented,
            hint=_l("Offices, townships, supervisors and citizens may all comment."),
        )  # fmt: skip
        add_message_kind(kind)

    def _find_commented(self, session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
        """Find the version that a comment is about, at the place that circulates it."""
        number = int(key) if key.isdecimal() and len(key) < 10 else 0
        found = session.get(self.table, number)
        if found is None or found.tenant_id != tenant.id or found.state == VersionState.DRAFT:
            return None
        title = _("%(title)s, version %(number)s", title=found.title, number=found.number)
        return MessageSubject(title, tenant_url(self.page, tenant))
