"""The form of an open day: what was typed becomes values, or messages beside the fields.

What an open day's form offers to choose from: organs, kinds of registration, catalog items.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.sdk import Tenant, domain_name, effective_catalog, item_title, listed_items, organs_of

from ..domain.states import MODES
from ..forms import FormReader, shown_moment
from ..i18n import _
from ..labels import MODES as MODE_LABELS
from ..models.registration import EventSession, OpenDay

Options = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EventChoices:
    """Options of the form's lists."""

    organs: Options
    items: Options
    modes: Options


def choices_for(session: Session, tenant: Tenant, kept: str | None = None) -> EventChoices:
    """What can be chosen at a place; an item that a day has already stays among its choices."""
    organs = [{"value": organ.id, "label": organ.name} for organ in organs_of(session, tenant)]
    modes = [{"value": key, "label": label} for key, label in MODE_LABELS.items()]
    return EventChoices(organs, _items(session, tenant, kept), modes)


def _items(session: Session, tenant: Tenant, kept: str | None) -> Options:
    """Items of the place's effective catalog, domain after domain."""
    catalog = effective_catalog(session, tenant).catalog
    found: Options = [
        {
            "value": item.item_id,
            "label": item_title(item),
            "group": domain_name(catalog, item.domain),
        }
        for item in listed_items(catalog, tenant.level)
    ]
    if kept and kept not in {option["value"] for option in found}:
        item = catalog.items.get(kept)
        label = item_title(item) if item else kept
        found.append({"value": kept, "label": label, "group": _("Not in the list of this place")})
    return found


LINES = {"theme": 100, "place": 200, "contact": 50, "phone": 50, "eligibility": 300}
TEXTS = {
    "summary": 500,
    "body": 20_000,
    "transport": 500,
    "parking": 300,
    "accessibility": 500,
    "consent_text": 5_000,
}
# What may still be put right while people are registering: it changes nobody's plans.
PRACTICAL = ("transport", "parking", "accessibility", "contact", "phone", "summary", "body")
NUMBERS = {
    "max_party": (1, 200),
    "offer_hours": (1, 720),
    "remind_hours": (1, 336),
    "retention_days": (1, 3650),
}
MOST_SEATS = 100_000


@dataclass(slots=True)
class DayDraft:
    """What a form says of a day: values by column, the first session, what is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    capacity: int = 0
    errors: dict[str, str] = field(default_factory=dict)


def read_day(form: Mapping[str, str], zone: ZoneInfo, choices: EventChoices) -> DayDraft:
    """Read the fields that a day has itself."""
    read = FormReader(form, zone)
    values: dict[str, Any] = {"title": read.line("title", 200, required=_("Enter a title."))}
    values |= {name: read.line(name, most) for name, most in LINES.items()}
    values |= {name: read.text(name, most) for name, most in TEXTS.items()}
    values |= {name: read.number(name, *bounds) for name, bounds in NUMBERS.items()}
    values["max_party"] = values["max_party"] or 1
    values["retention_days"] = values["retention_days"] or 180
    values["mode"] = read.choice("mode", MODES) or "first_come"
    values["one_per_phone"] = read.ticked("one_per_phone")
    values["opens_at"], values["closes_at"] = read.moment("opens_at"), read.moment("closes_at")
    organ = _chosen(read, "organ_id", choices.organs)
    values["organ_id"] = int(organ) if organ else None
    values["item_id"] = _chosen(read, "item_id", choices.items)
    if values["opens_at"] and values["closes_at"] and values["opens_at"] >= values["closes_at"]:
        read.errors["closes_at"] = _("Registration must end after it begins.")
    return DayDraft(values, errors=read.errors)


def read_new_day(form: Mapping[str, str], zone: ZoneInfo, choices: EventChoices) -> DayDraft:
    """Read a new day with its first session; a template needs no date."""
    draft = read_day(form, zone, choices)
    read = FormReader(form, zone)
    day = read.day("date", required=_("Enter the day."))
    starts = read.clock("starts", required=_("Enter when it begins."))
    ends = read.clock("ends", required=_("Enter when it ends."))
    capacity = read.number(
        "capacity", 1, MOST_SEATS, required=_("Enter how many people can take part.")
    )
    if starts and ends and starts >= ends:
        read.errors["ends"] = _("It must end after it begins.")
    draft.starts_at, draft.ends_at = read.at(day, starts), read.at(day, ends)
    draft.capacity = capacity or 0
    draft.errors |= read.errors
    return draft


def _chosen(read: FormReader, name: str, options: Options) -> str | None:
    value = read.raw(name)
    if value and value not in {str(option["value"]) for option in options}:
        read.errors[name] = _("Choose one of the list.")
        return None
    return value or None


def typed_in(day: OpenDay, zone: ZoneInfo) -> dict[str, Any]:
    """What the form shows of a day that nobody has typed anew."""
    names = ["title", "mode", "item_id", "organ_id", "one_per_phone", *LINES, *TEXTS, *NUMBERS]
    shown: dict[str, Any] = {name: getattr(day, name) for name in names}
    shown = {name: "" if value is None else value for name, value in shown.items()}
    for name in ("opens_at", "closes_at"):
        shown[name] = shown_moment(getattr(day, name), zone)
    return shown


def typed_first_slot(slot: EventSession | None, zone: ZoneInfo) -> dict[str, Any]:
    """Times and seats of the session that a new day takes over; the day itself is asked."""
    if slot is None:
        return {"date": "", "starts": "09:00", "ends": "11:00", "capacity": ""}
    starts, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return {
        "date": "",
        "starts": starts.strftime("%H:%M"),
        "ends": ends.strftime("%H:%M"),
        "capacity": slot.capacity,
    }
