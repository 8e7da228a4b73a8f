"""The form of an open day, and what it offers to choose from: organs, modes, catalog items."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from core import sdk
from core.sdk import Context, Form, fields

from ..domain.states import MODES
from ..i18n import _, _l
from ..labels import MODES as MODE_LABELS
from ..manifest import MANAGE
from ..models.registration import EventSession

Options = list[dict[str, Any]]
MOST_SEATS = 100_000
# What may still be put right while people are registering: it changes nobody's plans.
PRACTICAL = ("transport", "parking", "accessibility", "contact", "phone", "summary", "body")


class OptionalChoice(fields.ChoiceField):
    """A choice from a list of today; `None` where nothing is chosen."""

    empty: Any = None


class EventForm(Form):
    """What an open day says of itself."""

    title = fields.LineField(200, required=_l("Enter a title."))
    theme = fields.LineField(100)
    place = fields.LineField(200)
    contact = fields.LineField(50)
    phone = fields.LineField(50)
    eligibility = fields.LineField(300)
    summary = fields.TextField(500)
    body = fields.TextField(20_000)
    transport = fields.TextField(500)
    parking = fields.TextField(300)
    accessibility = fields.TextField(500)
    consent_text = fields.TextField(5_000)
    max_party = fields.NumberField(1, 200, default=1)
    offer_hours = fields.NumberField(1, 720)
    remind_hours = fields.NumberField(1, 336)
    retention_days = fields.NumberField(1, 3650, default=180)
    mode = fields.ChoiceField(MODES, default="first_come")
    one_per_phone = fields.TickField()
    opens_at = fields.MomentField()
    closes_at = fields.MomentField()
    organ_id = OptionalChoice()
    item_id = OptionalChoice()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Registration must end after it begins."""
        opens, closes = values["opens_at"], values["closes_at"]
        if opens and closes and opens >= closes:
            yield "closes_at", _("Registration must end after it begins.")


class NewEventForm(EventForm):
    """A new open day with its first session."""

    source_id = fields.NumberField(1, 10**9, name="from")
    is_template = fields.TickField()
    date = fields.DayField(required=_l("Enter the day."))
    starts = fields.TimeField(required=_l("Enter when it begins."))
    ends = fields.TimeField(required=_l("Enter when it ends."))
    capacity = fields.NumberField(
        1, MOST_SEATS, required=_l("Enter how many people can take part.")
    )

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that the session, too, ends after it begins."""
        yield from super().check(values)
        if values["starts"] and values["ends"] and values["starts"] >= values["ends"]:
            yield "ends", _("It must end after it begins.")


def at(day: date | None, clock: time | None) -> datetime | None:
    """Combine a day and a time of day in the installation's zone."""
    return datetime.combine(day, clock, sdk.zone()) if day and clock else None


def local_times(slot: EventSession | None) -> dict[str, Any]:
    """Return day, beginning and end of a session as the fields of its form show them."""
    if slot is None:
        return {"starts": "09:00", "ends": "11:00"}
    starts, ends = slot.starts_at.astimezone(sdk.zone()), slot.ends_at.astimezone(sdk.zone())
    clock = "%H:%M"
    return {"date": starts.date(), "starts": starts.strftime(clock), "ends": ends.strftime(clock)}


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
        "modes": to_options(MODE_LABELS),
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
