"""Import a list of points, and undo an import as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.sdk import Conflict, Context, NotFound, undo_fields, utc_now

from ..i18n import _
from ..manifest import MANAGE
from ..models.lists import PointImport, PointImportChange
from ..models.point import ServicePoint
from ..points.service import delete_point, edit_point, log_point
from ..points.values import set_values
from .merging import PlannedChange, PointImportPlan, to_list_values, to_point_values


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did: points deleted, set back, and those edited since, which stay."""

    deleted: int
    restored: int
    kept: tuple[str, ...]


def apply_import(ctx: Context, filename: str, plan: PointImportPlan) -> PointImport | None:
    """Do what a plan says, and remember how to undo it; `None` where there was nothing to do."""
    ctx.require(MANAGE)
    made = PointImport(
        tenant_id=ctx.tenant.id, filename=filename[:200], counts=plan.counts,
        actor_id=ctx.actor.user_id, actor_name=ctx.actor.name,
    )  # fmt: skip
    ctx.session.add(made)
    ctx.session.flush()
    for change in plan.created:
        _create(ctx, made, change)
    changed = [_update(ctx, made, change) for change in (*plan.updated, *plan.unchanged)]
    if not plan.created and not any(changed):
        ctx.session.delete(made)
        return None
    ctx.audit("service_map.import", str(made.id), **plan.counts)
    ctx.session.flush()
    return made


def _create(ctx: Context, made: PointImport, change: PlannedChange) -> None:
    row = change.row
    point = ServicePoint(tenant_id=row.tenant.id, external_key=row.key, imported=dict(row.values))
    set_values(point, to_point_values(row.values))
    ctx.session.add(point)
    ctx.session.flush()
    ctx.session.add(_to_change(made, point, "created", {}, to_list_values(point)))
    log_point(ctx, point, "import")


def _update(ctx: Context, made: PointImport, change: PlannedChange) -> bool:
    """Take what the list brings, and keep what it says now for the next comparison.

    Return whether anything changed.
    """
    point, taken = change.point, change.merged.taken
    assert point is not None
    imported = (point.imported or {}) | dict(change.row.values)
    if not taken and point.imported == imported:
        return False
    old = to_list_values(point)
    before = {name: old[name] for name in taken}
    before |= {"imported": point.imported, "external_key": point.external_key}
    edit_point(ctx, point, to_point_values(taken, point), "import")
    point.imported, point.external_key = imported, point.external_key or change.row.key
    ctx.session.flush()
    new = to_list_values(point)
    after = {name: new[name] for name in taken}
    ctx.session.add(_to_change(made, point, "updated", before, after))
    return True


def _to_change(
    made: PointImport,
    point: ServicePoint,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> PointImportChange:
    return PointImportChange(
        tenant_id=point.tenant_id, import_id=made.id, point_id=point.id, action=action,
        before=before, after=after,
    )  # fmt: skip


def list_imports(ctx: Context, most: int = 20) -> Sequence[PointImport]:
    """Load the newest imports of a place."""
    query = select(PointImport).where(PointImport.tenant_id == ctx.tenant.id)
    return ctx.session.scalars(query.order_by(PointImport.id.desc()).limit(most)).all()


def get_import(ctx: Context, import_id: int) -> PointImport:
    """Load an import of this place; raises `NotFound`."""
    query = select(PointImport).where(
        PointImport.id == import_id, PointImport.tenant_id == ctx.tenant.id
    )
    found = ctx.session.scalar(query)
    if found is None:
        raise NotFound(where=str(import_id))
    return found


def undo_import(ctx: Context, made: PointImport) -> Undone:
    """Take back what an import did; what was edited since stays, and is named.

    Raises `Conflict` where it was undone before, or a later import changed the same points.
    """
    ctx.require(MANAGE)
    if made.undone_at is not None:
        raise Conflict(_("This import has been undone already."))
    changes = _load_changes(ctx, made)
    _refuse_later(ctx, made, [change.point_id for change in changes])
    points = _load_points(ctx, [change.point_id for change in changes])
    deleted, restored, kept = 0, 0, list[str]()
    for change in changes:
        point = points.get(change.point_id)
        if point is None:
            continue
        merged = undo_fields(change.before, change.after, to_list_values(point))
        if merged.kept:
            kept.append(point.name)
        if change.action == "created" and not merged.kept:
            delete_point(ctx, point)
            deleted += 1
        elif change.action == "updated":
            _restore(ctx, point, change, merged.taken)
            restored += bool(merged.taken)
    made.undone_at = utc_now()
    ctx.audit("service_map.undo_import", str(made.id), deleted=deleted, restored=restored)
    return Undone(deleted, restored, tuple(kept))


def _restore(
    ctx: Context, point: ServicePoint, change: PointImportChange, taken: dict[str, Any]
) -> None:
    edit_point(ctx, point, to_point_values(taken, point), "undo")
    point.imported = change.before.get("imported")
    point.external_key = change.before.get("external_key")


def _load_changes(ctx: Context, made: PointImport) -> Sequence[PointImportChange]:
    query = select(PointImportChange).where(PointImportChange.import_id == made.id)
    return ctx.session.scalars(query.order_by(PointImportChange.id)).all()


def _refuse_later(ctx: Context, made: PointImport, ids: list[int]) -> None:
    later = (
        select(PointImportChange.point_id)
        .join(PointImport, PointImport.id == PointImportChange.import_id)
        .where(PointImportChange.import_id > made.id, PointImport.undone_at.is_(None))
    )
    if set(ctx.session.scalars(later)) & set(ids):
        raise Conflict(_("A later import changed the same points: undo that one first."))


def _load_points(ctx: Context, ids: list[int]) -> dict[int, ServicePoint]:
    points: dict[int, ServicePoint] = {}
    for first in range(0, len(ids), 500):
        some = ServicePoint.id.in_(ids[first : first + 500])
        points |= {each.id: each for each in ctx.session.scalars(select(ServicePoint).where(some))}
    return points
