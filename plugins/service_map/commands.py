"""`gongkai points …`: import lists of points, list points, convert coordinates."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import (
    OPERATOR,
    Context,
    Datum,
    GeoPosition,
    Invalid,
    LngLat,
    OpenState,
    Scope,
    Tenant,
    command_errors,
    convert_position,
    get_plugin_settings,
    get_tenant,
    json_option,
    load_chain,
    open_session,
    print_note,
    print_result,
    read_input,
    to_public_position,
    zone,
)

from .i18n import _
from .manifest import NAME
from .models.point import ServiceOffer, ServicePoint
from .points.opening import find_opening
from .points.places import load_centres, measure_way
from .points.queries import is_shown
from .points.types import find_type, load_types

if TYPE_CHECKING:
    from .importing.reading import PreparedImport

_OPEN = {OpenState.OPEN: True, OpenState.CLOSED: False}
_tenant_option = click.option("--tenant", "code", required=True, metavar="CODE")
_datums = click.Choice([datum.value for datum in Datum], case_sensitive=False)


@click.group("points", help="Service points.")
def points() -> None:
    """Group the commands of service points."""


@points.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_tenant_option
@json_option
@command_errors
def import_command(file: Path, code: str, *, as_json: bool) -> None:
    """Take in a list of points of CODE and the places below it: CSV, XLSX or GeoJSON.

    Rows with faults are left out and say why. The same list again changes nothing; what was
    edited here stays.
    """
    # Every command loads this module, and reading lists takes more than all else in it.
    from core.sdk import read_sent_list

    from .importing.reading import prepare_import
    from .importing.rows import ImportOptions
    from .importing.service import apply_import

    tenant = _get_tenant(code)
    source = read_sent_list(read_input(file), file.name)
    with open_session(Scope.subtree(tenant, purpose="points import")) as session:
        ctx = Context(session, tenant, OPERATOR)
        prepared = prepare_import(ctx, source, ImportOptions())
        apply_import(ctx, file.name, prepared.plan)
    body = _to_answer(prepared)
    for each in body["rejected"]:
        print_note(f"{each['line']}: {each['reason']}")
    counts = "+{created} ~{updated} ={unchanged}".format(**body)
    print_result(body, as_json=as_json, text=f"{counts} ✗{len(body['rejected'])}")
    if body["rejected"]:
        sys.exit(1)


def _to_answer(prepared: "PreparedImport") -> dict[str, Any]:
    """Return counts, rejected rows by line, and findings; several faults of a row in one."""
    reasons: dict[str, list[str]] = {}
    for fault in prepared.found.read.faults:
        reasons.setdefault(fault.place, []).append(fault.message())
    rejected = [
        {"line": _to_line(place), "reason": "; ".join(told)} for place, told in reasons.items()
    ]
    findings = [each for each in prepared.to_findings() if each["severity"] != "error"]
    return prepared.plan.counts | {"rejected": rejected, "findings": findings}


def _to_line(place: str) -> int | None:
    digits = "".join(filter(str.isdecimal, place.rpartition("第")[2]))
    return int(digits) if digits else None


@points.command("list")
@_tenant_option
@click.option("--service", default="", metavar="TEXT", help="Points where this can be done.")
@click.option("--near", metavar="CODE|LAT,LON", help="The nearest first; LAT,LON are WGS-84.")
@click.option("--open-at", metavar="ISO", help="Say of this moment whether they are open.")
@json_option
@command_errors
def list_command(
    code: str, service: str, near: str | None, open_at: str | None, *, as_json: bool
) -> None:
    """List the public points that CODE's page shows; with --near those of its whole county."""
    tenant, moment = _get_tenant(code), _read_moment(open_at)
    with open_session(None) as session:
        county = next((t for t in load_chain(session, tenant) if t.level == "county"), tenant)
    with open_session(Scope.public(county if near else tenant)) as session:
        origin = _find_origin(session, near) if near else None
        found = session.scalars(_select_public(service)).all()
        rows = [_to_row(session, tenant, point, origin, moment) for point in found]
    if origin:
        rows.sort(key=lambda row: (row["distance_m"] is None, row["distance_m"] or 0))
    lines = (f"{row['distance_m'] or ''}\t{row['name']}\t{row['address']}" for row in rows)
    print_result({"points": rows}, as_json=as_json, text=lambda: "\n".join(lines))


def _select_public(service: str) -> Select[ServicePoint]:
    """Select the public points at which something can be done, with their closures."""
    query = select(ServicePoint).where(is_shown()).options(selectinload(ServicePoint.closures))
    if service:
        offered = ServicePoint.offers.any(ServiceOffer.name.contains(service, autoescape=True))
        query = query.where(offered | ServicePoint.name.contains(service, autoescape=True))
    return query.order_by(ServicePoint.name, ServicePoint.id)


def _to_row(
    session: Session,
    tenant: Tenant,
    point: ServicePoint,
    origin: LngLat | None,
    moment: datetime | None,
) -> dict[str, Any]:
    opening = find_opening(point, moment)
    place = session.get_one(Tenant, point.tenant_id)
    lng, lat = _to_export(point, tenant)
    metres = measure_way(origin, point)
    return {
        "id": point.id,
        "name": point.name,
        "kind": find_type(load_types(session, tenant), point.type_key).label,
        "tenant": place.division_code,
        "distance_m": None if metres is None else round(metres),
        "open": _OPEN.get(opening.state),
        "next_change": opening.until.isoformat() if opening.until else None,
        "phone": point.phones[0]["number"] if point.phones else None,
        "address": point.address,
        "lat": lat,
        "lon": lng,
    }


def _to_export(point: ServicePoint, tenant: Tenant) -> tuple[float, float] | tuple[None, None]:
    """Return the position in WGS-84; as it was entered where the county forbids to convert it."""
    if point.entered is None:
        return None, None
    allowed = get_plugin_settings(NAME, tenant)["to_wgs84"]
    lng, lat = to_public_position(point.entered, may_remove_offset=allowed).pair
    return round(lng, 7), round(lat, 7)


def _find_origin(session: Session, near: str) -> LngLat:
    """Return where a code's place or LAT,LON is, in GCJ-02; raises `Invalid`."""
    lat, comma, lon = near.partition(",")
    if comma:
        try:
            position = GeoPosition(float(lon), float(lat), Datum.WGS84)
        except ValueError as error:
            raise Invalid(_("Write --near as CODE or LAT,LON."), where=near) from error
        return convert_position(position, Datum.GCJ02).pair
    for centre in load_centres(session, Tenant.division_code == near):
        return centre.pair
    raise Invalid(_("Nobody knows where this place is: it has no points."), where=near)


def _read_moment(text: str | None) -> datetime | None:
    """Read a moment, in China's zone where it names none; raises `Invalid`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Write the moment as 2026-10-01T09:30."), where=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone())


@points.command("convert", context_settings={"ignore_unknown_options": True})
@click.argument("lat", type=float)
@click.argument("lon", type=float)
@click.option("--from", "source", required=True, type=_datums, metavar="DATUM")
@click.option("--to", "target", required=True, type=_datums, metavar="DATUM")
@json_option
@command_errors
def convert_command(lat: float, lon: float, source: str, target: str, *, as_json: bool) -> None:
    """Convert coordinates between wgs84, gcj02, bd09 and cgcs2000."""
    lng, north = convert_position(GeoPosition(lon, lat, Datum(source)), Datum(target)).pair
    body = {"lat": round(north, 8), "lon": round(lng, 8)}
    print_result(body, as_json=as_json, text=f"{body['lat']:.8f} {body['lon']:.8f}")


def _get_tenant(code: str) -> Tenant:
    with open_session(None) as session:
        return get_tenant(session, code)
