"""Open days with their slots, categories and forms.

Seats are counted in `Slot` and `Quota` by conditional updates; CHECK constraints make a wrong
count impossible. What belongs to a day is tied to it by composite keys, so that no registration can
name a slot, a category or a field of another day or tenant.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, Inherited, Organ, utc_now

from ..domain.states import DAY_STATES, FIELD_KINDS, MODES, RECURRENCES, SLOT_STATES


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Build the condition that a column holds one of these words."""
    return f"{column} IN ({','.join(repr(str(value)) for value in values)})"


def of_day() -> ForeignKeyConstraint:
    """Tie a row to a day of the same tenant."""
    target = ["open_day_day.tenant_id", "open_day_day.id"]
    return ForeignKeyConstraint(["tenant_id", "open_day_id"], target, ondelete="CASCADE")


def tied_to(kind: str, *, ondelete: str | None = "CASCADE") -> ForeignKeyConstraint:
    """Tie a row to a row of this kind (`slot`, `category`, …) of the same day."""
    target = [f"open_day_{kind}.open_day_id", f"open_day_{kind}.id"]
    return ForeignKeyConstraint(["open_day_id", f"{kind}_id"], target, ondelete=ondelete)


def reference(owner: str, column: str, target: str, **options: Any) -> Any:
    """Relate rows by one column of a composite key; `tenant_id` is the scope's business."""
    join = f"{target}.id == {owner}.{column}"
    return relationship(foreign_keys=f"{owner}.{column}", primaryjoin=join, **options)


def _parts(kind: str, order: str) -> Any:
    """Relate a day to its parts of a kind, in their order; they are deleted with it."""
    order_by = f"({kind}.{order}, {kind}.id)"
    cascade = {"cascade": "all, delete-orphan", "back_populates": "day"}
    return reference(kind, "open_day_id", "OpenDay", order_by=order_by, **cascade)


class OpenDay(Inherited, Base):
    """An open day (政务开放日) of a tenant, or a template of one that those below may copy."""

    __tablename__ = "open_day_day"
    __table_args__ = (
        Unique("tenant_id", "id"),
        Index("ix_open_day_day_list", "tenant_id", "state", "starts_at"),
        CheckConstraint(one_of("state", DAY_STATES), name="state"),
        CheckConstraint(one_of("mode", MODES), name="mode"),
        CheckConstraint(one_of("recurrence", RECURRENCES), name="recurrence"),
        CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="window"
        ),
        CheckConstraint("max_party >= 1", name="max_party"),
        CheckConstraint("offer_hours IS NULL OR offer_hours >= 1", name="offer_hours"),
        CheckConstraint("retention_days >= 1", name="retention_days"),
        CheckConstraint("NOT is_template OR state = 'draft'", name="template_is_a_draft"),
        CheckConstraint(
            "state NOT IN ('cancelled','postponed') OR state_reason <> ''", name="state_reason"
        ),
        CheckConstraint(
            "state NOT IN ('published','closed') OR (title <> '' AND starts_at IS NOT NULL)",
            name="what_is_published",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    theme: Mapped[str] = mapped_column(String(100), default="")
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="", comment="plain text, blank line: paragraph")
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"), index=True)
    series: Mapped[str] = mapped_column(String(60), default="", comment="key of its series")
    recurrence: Mapped[str] = mapped_column(String(10), default="none")
    place: Mapped[str] = mapped_column(String(200), default="", comment="where most of it happens")
    transport: Mapped[str] = mapped_column(String(500), default="")
    parking: Mapped[str] = mapped_column(String(300), default="")
    accessibility: Mapped[str] = mapped_column(String(500), default="")
    contact: Mapped[str] = mapped_column(String(50), default="")
    phone: Mapped[str] = mapped_column(String(50), default="", comment="of the office, public")
    item_id: Mapped[str | None] = mapped_column(String(80), comment="the catalog item it serves")
    is_template: Mapped[bool] = mapped_column(default=False, comment="copied by those below")
    copied_from_id: Mapped[int | None] = mapped_column(
        comment="the day or template it was copied from; no key: either may go"
    )
    starts_at: Mapped[datetime | None] = mapped_column(comment="start of the first slot")
    ends_at: Mapped[datetime | None] = mapped_column(comment="end of the last slot")

    mode: Mapped[str] = mapped_column(String(12), default="first_come")
    by_telephone: Mapped[bool] = mapped_column(
        default=False, comment="the office registers whoever telephones"
    )
    opens_at: Mapped[datetime | None] = mapped_column(comment="registration opens; NULL: at once")
    closes_at: Mapped[datetime | None] = mapped_column(comment="closes; NULL: when the slot starts")
    max_party: Mapped[int] = mapped_column(default=1, comment="most people of one registration")
    one_per_phone: Mapped[bool] = mapped_column(
        default=True, comment="one registration a phone and day, else one a phone and slot"
    )
    offer_hours: Mapped[int | None] = mapped_column(
        comment="hours to accept a place from the waiting list; NULL: given without asking"
    )
    eligibility: Mapped[str] = mapped_column(
        String(300), default="", comment="who may come, confirmed by a tick"
    )
    remind_hours: Mapped[int | None] = mapped_column(default=24, comment="before the slot starts")
    consent_text: Mapped[str] = mapped_column(Text, default="")
    consent_version: Mapped[int] = mapped_column(default=1, comment="rises with each change")
    retention_days: Mapped[int] = mapped_column(
        default=180, comment="days after the end that personal data is kept"
    )
    lottery_seed: Mapped[str | None] = mapped_column(
        String(64), comment="secret until the draw; its SHA-256 is published before"
    )

    state: Mapped[str] = mapped_column(String(10), default="draft")
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime | None]
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="SET NULL"), index=True, comment="the results"
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    organ: Mapped[Organ | None] = relationship()
    slots: Mapped[list["EventSession"]] = _parts("EventSession", "starts_at")
    categories: Mapped[list["Category"]] = _parts("Category", "position")
    fields: Mapped[list["FormField"]] = _parts("FormField", "position")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name

    @property
    def signup(self) -> str:
        """How people come to their places, one of `SIGNUPS`."""
        return "telephone" if self.by_telephone else self.mode

    @signup.setter
    def signup(self, chosen: str) -> None:
        self.by_telephone = chosen == "telephone"
        self.mode = "invitation" if self.by_telephone else chosen


class EventSession(Inherited, Base):
    """A session (场次) with its own place, time and seats.

    Open seats are `capacity - reserved`; the reserved ones go to invited and nominated people and
    to those whom the staff registers. Each pool has its own count of seats taken.

    Announcements often give no end, no time or no number of places: `ends_at` is then the end of
    the (last) day and `capacity` the greatest number there is, so that every rule has its moment
    and its bound, and the three flags say that nobody is told of them.
    """

    __tablename__ = "open_day_slot"
    __table_args__ = (
        of_day(),
        Unique("open_day_id", "id"),
        Index("ix_open_day_slot_start", "starts_at"),
        CheckConstraint(one_of("state", SLOT_STATES), name="state"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("capacity >= 0 AND reserved >= 0 AND reserved <= capacity", name="seats"),
        CheckConstraint("taken >= 0 AND taken <= capacity - reserved", name="taken"),
        CheckConstraint(
            "reserved_taken >= 0 AND reserved_taken <= reserved", name="reserved_taken"
        ),
        CheckConstraint("waiting_limit IS NULL OR waiting_limit >= 0", name="waiting_limit"),
        CheckConstraint("waiting >= 0 AND waiting <= waiting_last", name="waiting"),
        CheckConstraint(
            "check_in_from IS NULL OR check_in_until IS NULL OR check_in_from < check_in_until",
            name="check_in",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200), default="", comment="empty: the day's place")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    start_shown: Mapped[bool] = mapped_column(default=True, comment="else: only the day is told")
    end_shown: Mapped[bool] = mapped_column(default=True)
    time_text: Mapped[str] = mapped_column(
        String(100), default="", comment="the time in the announcer's words"
    )
    capacity: Mapped[int] = mapped_column(comment="people, the reserved seats included")
    is_counted: Mapped[bool] = mapped_column(
        default=True, comment="else: `capacity` is a bound that nobody is told"
    )
    capacity_text: Mapped[str] = mapped_column(
        String(100), default="", comment="the number of people in the announcer's words"
    )
    reserved: Mapped[int] = mapped_column(
        default=0, comment="seats kept back from open registration"
    )
    taken: Mapped[int] = mapped_column(default=0, comment="open seats that are taken or on offer")
    reserved_taken: Mapped[int] = mapped_column(default=0)
    guide: Mapped[str] = mapped_column(String(100), default="", comment="of a guided group")
    check_in_from: Mapped[datetime | None]
    check_in_until: Mapped[datetime | None]
    self_check_in: Mapped[bool] = mapped_column(default=False)
    waiting_on: Mapped[bool] = mapped_column(default=True)
    waiting_limit: Mapped[int | None] = mapped_column(comment="registrations that may wait")
    waiting: Mapped[int] = mapped_column(default=0, comment="registrations that wait now")
    waiting_last: Mapped[int] = mapped_column(default=0, comment="last waiting number given")
    tickets: Mapped[int] = mapped_column(default=0, comment="last lottery number given")
    state: Mapped[str] = mapped_column(String(10), default="open")

    day: Mapped[OpenDay] = reference(
        "EventSession", "open_day_id", "OpenDay", back_populates="slots"
    )

    @property
    def places(self) -> str:
        """The number of people as it was announced; empty where none was."""
        return self.capacity_text or (str(self.capacity) if self.is_counted else "")


class Category(Inherited, Base):
    """Whom a day is for: residents, enterprises, deputies, students; perhaps with own seats."""

    __tablename__ = "open_day_category"
    __table_args__ = (
        of_day(),
        Unique("open_day_id", "id"),
        Unique("open_day_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(50))
    position: Mapped[int] = mapped_column(default=0)
    by_invitation: Mapped[bool] = mapped_column(
        default=False, comment="not to be chosen in open registration"
    )

    day: Mapped[OpenDay] = reference(
        "Category", "open_day_id", "OpenDay", back_populates="categories"
    )


class Quota(Inherited, Base):
    """Seats of a category in a slot, of either pool; without a row only the slot limits it."""

    __tablename__ = "open_day_quota"
    __table_args__ = (
        tied_to("slot"),
        tied_to("category"),
        Unique("slot_id", "category_id"),
        CheckConstraint("taken >= 0 AND taken <= seats", name="taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    slot_id: Mapped[int]
    category_id: Mapped[int] = mapped_column(index=True)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class FormField(Inherited, Base):
    """A question of the registration form; with a condition it is asked only where that holds."""

    __tablename__ = "open_day_field"
    __table_args__ = (
        of_day(),
        Unique("open_day_id", "id"),
        Unique("open_day_id", "key"),
        CheckConstraint(one_of("kind", FIELD_KINDS), name="kind"),
        CheckConstraint("retention_days IS NULL OR retention_days >= 1", name="retention_days"),
        CheckConstraint("condition_key IS NULL OR condition_key <> key", name="condition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(100))
    help: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(12), default="text")
    choices: Mapped[list[Any]] = mapped_column(default=list, comment="texts of a choice")
    required: Mapped[bool] = mapped_column(default=False)
    minimum: Mapped[int | None] = mapped_column(comment="of a number, e.g. the least age")
    maximum: Mapped[int | None]
    condition_key: Mapped[str | None] = mapped_column(
        String(40), comment="asked only if the field of this key has the value"
    )
    condition_value: Mapped[str] = mapped_column(String(100), default="")
    personal: Mapped[bool] = mapped_column(
        default=True, comment="about a person: masked, left out of exports by default"
    )
    retention_days: Mapped[int | None] = mapped_column(comment="NULL: as long as the registration")
    position: Mapped[int] = mapped_column(default=0)

    day: Mapped[OpenDay] = reference("FormField", "open_day_id", "OpenDay", back_populates="fields")
