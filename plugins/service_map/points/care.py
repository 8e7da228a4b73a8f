"""What happens to a point: closed for a while, moved elsewhere, photographed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    OPERATOR,
    Conflict,
    Context,
    NotFound,
    Tenant,
    check_file,
    current_settings,
    file_store,
    today,
)

from ..i18n import _
from ..models.point import PointClosure, PointMove, PointPhoto, ServicePoint
from .service import edit_point, log_point

MOST_CLOSURES, MOST_MOVES, MOST_PHOTOS = 50, 20, 12


def add_closure(ctx: Context, point: ServicePoint, values: Mapping[str, Any]) -> None:
    """Enter days on which a point is closed; raises `Conflict` where there are too many."""
    _refuse_more(point.closures, MOST_CLOSURES)
    point.closures.append(PointClosure(tenant_id=point.tenant_id, **values))
    _log(ctx, point, "close", {"closures": [None, str(values["starts_on"])]})


def remove_closure(ctx: Context, point: ServicePoint, closure_id: int) -> None:
    """Withdraw a closure; raises `NotFound`."""
    closure = get_part(point.closures, closure_id)
    point.closures.remove(closure)
    _log(ctx, point, "reopen", {"closures": [str(closure.starts_on), None]})


def add_move(ctx: Context, point: ServicePoint, values: Mapping[str, Any]) -> None:
    """Enter a relocation; from its day on the point has the new address."""
    _refuse_more(point.moves, MOST_MOVES)
    move = PointMove(tenant_id=point.tenant_id, old_address=point.address, **values)
    point.moves.append(move)
    _log(ctx, point, "move", {"address": [point.address, move.address]})
    make_moves(ctx, point)


def remove_move(ctx: Context, point: ServicePoint, move_id: int) -> None:
    """Withdraw a relocation that has not come yet; raises `NotFound` and `Conflict`."""
    move = get_part(point.moves, move_id)
    if move.is_done:
        raise Conflict(_("The point has moved already; enter another relocation."))
    point.moves.remove(move)
    _log(ctx, point, "stay", {"address": [move.address, point.address]})


def make_moves(ctx: Context, point: ServicePoint) -> None:
    """Give a point the address to which it has moved by today."""
    for move in point.moves:
        if move.is_done or move.moves_on > today():
            continue
        move.old_address, move.is_done = point.address, True
        place: dict[str, Any] = {"address": move.address, "lng": move.lng, "lat": move.lat}
        edit_point(ctx, point, place | {"datum": move.datum}, "moved")


def make_due_moves(session: Session, tenant: Tenant) -> None:
    """Move the points of a place whose day has come (at night)."""
    due = select(PointMove.point_id).where(
        PointMove.tenant_id == tenant.id,
        PointMove.is_done.is_(False),
        PointMove.moves_on <= today(),
    )
    query = select(ServicePoint).where(ServicePoint.id.in_(due))
    for point in session.scalars(query).all():
        make_moves(Context(session, tenant, OPERATOR), point)


def add_photo(ctx: Context, point: ServicePoint, name: str, data: bytes, alt: str) -> None:
    """Store a photograph, encoded anew without its own position; raises `Invalid`."""
    _refuse_more(point.photos, MOST_PHOTOS)
    checked = check_file(name, data, most_bytes=current_settings().max_upload_bytes)
    if not checked.is_photograph:
        raise Conflict(_("This is no photograph."))
    point.photos.append(
        PointPhoto(
            tenant_id=point.tenant_id, digest=file_store().put(checked.data), alt=alt,
            media_type=checked.media_type, width=checked.width or 1, height=checked.height or 1,
            position=len(point.photos),
        )
    )  # fmt: skip
    _log(ctx, point, "photo", {"photos": [None, alt]})


def remove_photo(ctx: Context, point: ServicePoint, photo_id: int) -> None:
    """Remove a photograph; raises `NotFound`."""
    photo = get_part(point.photos, photo_id)
    point.photos.remove(photo)
    _log(ctx, point, "drop_photo", {"photos": [photo.alt, None]})


def _log(ctx: Context, point: ServicePoint, event: str, changes: Mapping[str, Any]) -> None:
    ctx.session.flush()
    log_point(ctx, point, event, changes)


def get_part(rows: list[Any], row_id: int) -> Any:
    """Return the closure, relocation or photograph of this id; raises `NotFound`."""
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotFound(where=str(row_id))
    return found


def _refuse_more(rows: list[Any], most: int) -> None:
    if len(rows) >= most:
        raise Conflict(_("There are %(n)s already, which is the most.", n=most))
