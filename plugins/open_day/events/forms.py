"""The form of an open day, and what it offers to choose from: organs, modes, catalog items."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from core import sdk
from core.sdk import Context, Form, fields

from ..domain.announced import MOST_SEATS, read_people, read_times
from ..domain.states import ONLINE, SIGNUPS
from ..i18n import _, _l
from ..labels import SIGNUPS as SIGNUP_LABELS
from ..manifest import MANAGE
from ..models.registration import EventSession

Options = list[dict[str, Any]]
# Where no end is announced: the last second of the day.
END_OF_DAY = time(23, 59, 59)
# What may still be put right while people are registering: it changes nobody's plans.
PRACTICAL = ("transport", "parking", "accessibility", "contact", "phone", "summary", "body")


class OptionalChoice(fields.ChoiceField):
    """A choice from a list of today; `None` where nothing is chosen."""

    empty: Any = None


class TitleForm(Form):
    """What an open day is called."""

    title = fields.LineField(200, required=_l("Enter a title."))


class ScheduleForm(Form):
    """When a session is and for how many, as announcements print it: only the day is needed."""

    date = fields.DayField(required=_l("Enter the day."))
    last_day = fields.DayField()
    starts = fields.LineField(100)
    ends = fields.LineField(100)
    capacity = fields.LineField(100)

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Beginnings come before ends; a number of people has its bounds."""
        day, last = values["date"], values["last_day"] or values["date"]
        span, end = read_times(values["starts"]), read_times(values["ends"])
        number = read_people(values["capacity"])
        if day and last < day:
            yield "last_day", _("The last day must not be before the first.")
        if values["ends"] and (end.start is None or end.end or end.words):
            yield "ends", _("Enter a time like 11:00, or nothing.")
        elif end.start and span.start is None:
            yield "starts", _("Enter when it begins as a time like 09:00, since the end is one.")
        elif (clock := span.end or end.start) and last == day and (span.start or clock) >= clock:
            yield "ends", _("It must end after it begins.")
        if number is not None and not 1 <= number <= MOST_SEATS:
            yield "capacity", _("Enter a number from 1 to %(most)s.", most=MOST_SEATS)


def require_places(signup: str, typed: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong where citizens register online, but the places are not a number."""
    if signup not in ONLINE or read_people(typed["capacity"]) is not None:
        return {}
    return {"capacity": _("Enter how many people can take part, as a number: it is counted.")}


class DetailForm(Form):
    """What an open day says of itself: the essentials, then part by part as they are folded."""

    place = fields.LineField(200)
    signup = fields.ChoiceField(SIGNUPS, default="first_come", name="mode")
    eligibility = fields.LineField(300)
    phone = fields.LineField(50)
    opens_at = fields.MomentField()
    closes_at = fields.MomentField()
    max_party = fields.NumberField(1, 200, default=1)
    one_per_phone = fields.TickField()
    offer_hours = fields.NumberField(1, 720)
    remind_hours = fields.NumberField(1, 336)
    consent_text = fields.TextField(5_000)
    retention_days = fields.NumberField(1, 3650, default=180)
    theme = fields.LineField(100)
    summary = fields.TextField(500)
    body = fields.TextField(20_000)
    contact = fields.LineField(50)
    transport = fields.TextField(500)
    parking = fields.TextField(300)
    accessibility = fields.TextField(500)
    organ_id = OptionalChoice()
    item_id = OptionalChoice()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that registration ends after it begins, and that there is a number to call."""
        yield from super().check(values)
        opens, closes = values["opens_at"], values["closes_at"]
        if opens and closes and opens >= closes:
            yield "closes_at", _("Registration must end after it begins.")
        if values["signup"] == "telephone" and not values["phone"]:
            yield "phone", _("Enter the telephone number at which people register.")


class EventForm(DetailForm, TitleForm):
    """An open day without its sessions."""


class NewEventForm(DetailForm, ScheduleForm, TitleForm):
    """A new open day with its first session."""

    source_id = fields.NumberField(1, 10**9, name="from")
    is_template = fields.TickField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that places which are counted are a number."""
        yield from super().check(values)
        yield from require_places(values["signup"], values).items()


def usual_values() -> dict[str, Any]:
    """Return what the form of a new day begins with; values that differ unfold their part."""
    consent = _(
        "We collect your name and telephone number to arrange this open day and to tell you of "
        "changes. They are used for nothing else and are deleted half a year after it."
    )
    return {
        "signup": "first_come", "one_per_phone": True, "retention_days": 180, "remind_hours": 24,
        "max_party": 1, "consent_text": consent,
    }  # fmt: skip


def at(day: date | None, clock: time | None) -> datetime | None:
    """Combine a day and a time of day in the installation's zone."""
    return datetime.combine(day, clock, sdk.zone()) if day and clock is not None else None


def to_schedule(values: dict[str, Any]) -> dict[str, Any]:
    """Take the fields of a `ScheduleForm` out of the values; return the session's columns."""
    day, last, starts, ends, people = (
        values.pop(name) for name in ("date", "last_day", "starts", "ends", "capacity")
    )
    span, number = read_times(starts), read_people(people)
    end = span.end or read_times(ends).start
    return {
        "starts_at": at(day, span.start or time.min),
        "ends_at": at(last or day, end or END_OF_DAY),
        "start_shown": span.start is not None,
        "end_shown": end is not None,
        "time_text": span.words,
        "capacity": MOST_SEATS if number is None else number,
        "is_counted": number is not None,
        "capacity_text": people if number is None else "",
    }


def show_schedule(slot: EventSession | None) -> dict[str, Any]:
    """Return times and places of a session as the fields of its form show them."""
    if slot is None:
        return {}
    starts, ends = slot.starts_at.astimezone(sdk.zone()), slot.ends_at.astimezone(sdk.zone())
    start = starts.strftime("%H:%M") if slot.start_shown else ""
    said = slot.end_shown and read_times(slot.time_text).end is None
    return {
        "date": starts.date(),
        "last_day": "" if ends.date() == starts.date() else ends.date(),
        "starts": slot.time_text or start,
        "ends": ends.strftime("%H:%M") if said else "",
        "capacity": slot.places,
    }


def to_options(labels: Mapping[Any, Any]) -> Options:
    """Convert labels by value to the options of a list."""
    return [{"value": value, "label": label} for value, label in labels.items()]


def load_choices(ctx: Context, kept: str | None = None) -> dict[str, Options]:
    """Load what the person can choose; the item that a day has already stays among it."""
    scope = ctx.scope(MANAGE)
    organs = {
        organ.id: organ.name
        for organ in sdk.list_organs(ctx.session, ctx.tenant)
        if organ.id in scope
    }
    return {
        "organs": to_options(organs),
        "items": _load_items(ctx, kept),
        "modes": to_options(SIGNUP_LABELS),
    }


def preset_organ(ctx: Context, chosen: int | None) -> int | None:
    """Return the chosen organ; for a person with a role for one organ, that one if none is."""
    scope = ctx.scope(MANAGE)
    return chosen if chosen in scope else min(scope.ids, default=None)


def offered(choices: Mapping[str, Options]) -> dict[str, list[Any]]:
    """Return the words that the form's choices offer, by field."""
    lists = {"organ_id": choices["organs"], "item_id": choices["items"]}
    return {name: [option["value"] for option in options] for name, options in lists.items()}


def _load_items(ctx: Context, kept: str | None) -> Options:
    """Load the items of the place's effective catalog, domain after domain."""
    catalog = sdk.effective_catalog(ctx.session, ctx.tenant).catalog
    options = [
        {
            "value": item.item_id,
            "label": sdk.item_title(item),
            "group": sdk.domain_name(catalog, item.domain),
        }
        for item in sdk.listed_items(catalog, ctx.tenant.level)
    ]
    if kept and kept not in {option["value"] for option in options}:
        item = catalog.items.get(kept)
        label = sdk.item_title(item) if item else kept
        options.append({"value": kept, "label": label, "group": _("Not in the list of this place")})
    return options
