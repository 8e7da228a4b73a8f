"""Service points, what they offer, when they are closed or move, and what happened to them."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, Datum, GeoPosition, Inherited, LngLat, Organ, TenantScoped, utc_now

STATES = ("draft", "public", "closed")
DATUMS = ("gcj02", "wgs84", "bd09", "cgcs2000")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({','.join(repr(value) for value in values)})"


def _of_point() -> Mapped[int]:
    return mapped_column(ForeignKey("service_map_point.id", ondelete="CASCADE"), index=True)


def _parts(order: str) -> Any:
    """Relate a point to its parts, in their order; they are deleted with it."""
    return relationship(order_by=order, cascade="all, delete-orphan", passive_deletes=True)


class PointType(Inherited, Base):
    """A type of points of a county's own, or its own name and fields for one that is built in."""

    __tablename__ = "service_map_type"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40))
    aliases: Mapped[list[Any]] = mapped_column(default=list, comment="other names, for imports")
    fields: Mapped[list[Any]] = mapped_column(
        default=list, comment="what it asks for: key, label, kind, choices"
    )
    is_used: Mapped[bool] = mapped_column(default=True, comment="else: offered for no new point")


class ServicePoint(TenantScoped, Base):
    """A service point (便民服务点) of a place.

    The position is kept as it was entered, with its datum. `gcj_lng` and `gcj_lat` say it in one
    datum for all points, so that distances can be compared; converting to GCJ-02 is allowed
    everywhere, back from it is not.
    """

    __tablename__ = "service_map_point"
    __table_args__ = (
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint(_one_of("datum", DATUMS), name="datum"),
        CheckConstraint("(lng IS NULL) = (lat IS NULL)", name="position"),
        CheckConstraint("(lng IS NULL) = (gcj_lng IS NULL)", name="position_in_gcj02"),
        CheckConstraint("(gcj_lng IS NULL) = (gcj_lat IS NULL)", name="whole_in_gcj02"),
        UniqueConstraint("tenant_id", "external_key"),
        Index("ix_service_map_point_list", "tenant_id", "state", "type_key"),
        Index("ix_service_map_point_near", "gcj_lat", "gcj_lng"),
        Index("ix_service_map_point_review", "tenant_id", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    type_key: Mapped[str] = mapped_column(String(40), default="other")
    details: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="values of the fields that its type asks for, by their keys"
    )
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    way: Mapped[str] = mapped_column(String(300), default="", comment="how to get there, in words")
    lng: Mapped[float | None] = mapped_column(comment="degrees, as entered")
    lat: Mapped[float | None] = mapped_column(comment="degrees, as entered")
    datum: Mapped[str] = mapped_column(String(10), default="gcj02", comment="of lng and lat")
    gcj_lng: Mapped[float | None]
    gcj_lat: Mapped[float | None]
    phones: Mapped[list[Any]] = mapped_column(
        default=list, comment="number, dial (as it is called), note (夜间值班)"
    )
    in_charge: Mapped[str] = mapped_column(String(60), default="", comment="a post, not a name")
    materials: Mapped[str] = mapped_column(Text, default="", comment="what to bring")
    facilities: Mapped[list[Any]] = mapped_column(default=list, comment="keys of FACILITIES")
    access_note: Mapped[str] = mapped_column(String(300), default="")
    hours: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="opening hours as they were read; NULL: only hours_text says something",
    )
    hours_text: Mapped[str] = mapped_column(
        String(500), default="", comment="the hours in the office's own words"
    )
    state: Mapped[str] = mapped_column(String(10), default="public")
    verified_on: Mapped[dt.date | None]
    verified_by: Mapped[str] = mapped_column(String(64), default="")
    review_on: Mapped[dt.date | None] = mapped_column(comment="to be verified again by this day")
    external_key: Mapped[str | None] = mapped_column(
        String(200), comment="what names it in the lists it is imported from"
    )
    imported: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="the values last imported: what differs from them was edited here",
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    organ: Mapped[Organ | None] = relationship()
    offers: Mapped[list["ServiceOffer"]] = _parts("(ServiceOffer.position, ServiceOffer.id)")
    closures: Mapped[list["PointClosure"]] = _parts("(PointClosure.starts_on, PointClosure.id)")
    moves: Mapped[list["PointMove"]] = _parts("(PointMove.moves_on, PointMove.id)")
    photos: Mapped[list["PointPhoto"]] = _parts("(PointPhoto.position, PointPhoto.id)")

    @property
    def gcj_pair(self) -> LngLat | None:
        """Where it is, in the datum of all comparisons."""
        return (
            None if self.gcj_lng is None or self.gcj_lat is None else (self.gcj_lng, self.gcj_lat)
        )

    @property
    def entered(self) -> GeoPosition | None:
        """The position as it was entered."""
        if self.lng is None or self.lat is None:
            return None
        return GeoPosition(self.lng, self.lat, Datum(self.datum))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class ServiceOffer(TenantScoped, Base):
    """Something that can be done at a point, perhaps an item of the catalog."""

    __tablename__ = "service_map_offer"
    __table_args__ = (Index("ix_service_map_offer_item", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = _of_point()
    name: Mapped[str] = mapped_column(String(120))
    item_id: Mapped[str | None] = mapped_column(String(80), comment="the catalog item it serves")
    materials: Mapped[str] = mapped_column(String(300), default="", comment="what to bring for it")
    position: Mapped[int] = mapped_column(default=0)


class PointClosure(TenantScoped, Base):
    """Days on which a point is closed though its hours say otherwise; without an end: for now."""

    __tablename__ = "service_map_closure"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = _of_point()
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    instead: Mapped[str] = mapped_column(String(200), default="", comment="where to go meanwhile")


class PointMove(TenantScoped, Base):
    """A relocation: from its day on the point has this address; afterwards the one it had."""

    __tablename__ = "service_map_move"
    __table_args__ = (CheckConstraint("(lng IS NULL) = (lat IS NULL)", name="position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = _of_point()
    moves_on: Mapped[dt.date]
    address: Mapped[str] = mapped_column(String(200), comment="the new one")
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    datum: Mapped[str] = mapped_column(String(10), default="gcj02")
    old_address: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    is_done: Mapped[bool] = mapped_column(default=False, comment="the point has the address")


class PointPhoto(TenantScoped, Base):
    """A photograph of a point, in the file store."""

    __tablename__ = "service_map_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = _of_point()
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the stored file")
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(120), comment="what is to be seen")
    position: Mapped[int] = mapped_column(default=0)


class PointHistory(TenantScoped, Base):
    """What was done to a point, by whom; kept when the point itself is deleted."""

    __tablename__ = "service_map_history"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(index=True, comment="no key: the point may be gone")
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64), default="")
    event: Mapped[str] = mapped_column(String(20))
    changes: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="field: value before, value after"
    )
