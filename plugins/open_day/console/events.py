"""Staff pages on which open days are prepared: the list, the form, one day, a series."""

from collections.abc import Mapping
from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from .. import labels
from ..domain.recurrence import MOST_IN_A_SERIES, Rhythm, series_days
from ..domain.states import SHOWN, DayState
from ..events import forms, lifecycle, queries
from ..events.copies import copy_parts, make_series, set_span, to_shift
from ..i18n import _, _l
from ..manifest import MANAGE, MANIFEST, PUBLISH
from ..models.registration import EventSession, OpenDay
from .pages import DAY, blank, day_page, list_warnings, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="days")
LIST = "/<code>/console/open-days/"
_CHECKED = (DayState.DRAFT, DayState.IN_REVIEW, DayState.PUBLISHED, DayState.POSTPONED)


class SeriesForm(Form):
    """How often an open day comes back, and how many more are made."""

    rhythm = fields.ChoiceField(tuple(Rhythm), required=_l("Choose how often."))
    count = fields.NumberField(1, MOST_IN_A_SERIES - 1, required=_l("Enter how many more."))


@blueprint.get(LIST)
@sdk.staff_page(MANAGE, per_organ=True)
def index(ctx: Context) -> str:
    """List the open days of this place: coming, in preparation, past."""
    wanted = sdk.params.word("tab", queries.TABS)
    tab, page, counts = queries.list_days(ctx, wanted, sdk.params.page_number())
    tabs = [
        {
            "key": key,
            "label": labels.TAB_LABELS[key],
            "url": sdk.tenant_url("plugin_open_day_days.index", tab=key),
            "count": counts[key],
        }
        for key in queries.TABS
    ]
    in_review = OpenDay.state == DayState.IN_REVIEW
    waiting = queries.count_days(ctx, PUBLISH, in_review)
    return render("events/index", tab=tab, page=page, tabs=tabs, waiting=waiting)


@blueprint.get(f"{LIST}new/")
@sdk.staff_page(MANAGE, per_organ=True)
def new(ctx: Context) -> str:
    """Show the form of a new open day, empty or from an earlier one or a template."""
    source = _load_source(ctx, sdk.params.number("from"))
    typed = forms.NewEventForm.show(source or forms.usual_values())
    typed["organ_id"] = forms.preset_organ(ctx, source.organ_id if source else None)
    if source is not None:
        typed |= {"opens_at": "", "closes_at": "", "from": source.id, "is_template": ""}
    first = source.slots[0] if source and source.slots else None
    typed |= forms.show_schedule(first) | {"date": "", "last_day": ""}
    return _new_form(ctx, blank(typed), source)


def _load_source(ctx: Context, number: int | None) -> OpenDay | None:
    return queries.source_day(ctx, number) if number else None


@blueprint.post(LIST)
@sdk.staff_page(MANAGE, per_organ=True)
def create(ctx: Context) -> Any:
    """Begin an open day with its first session."""
    source = _load_source(ctx, forms.NewEventForm.read().values["source_id"])
    choices = forms.load_choices(ctx, source.item_id if source else None)
    form = forms.NewEventForm.read(choices=forms.offered(choices))
    if not form.ok:
        return _new_form(ctx, form, source), 422
    form.values["organ_id"] = forms.preset_organ(ctx, form.values["organ_id"])
    day = _create(ctx, dict(form.values), source)
    flash(_("Saved. Look through it, then hand it in for approval."), "success")
    return to("days.detail", day)


def _create(ctx: Context, values: dict[str, Any], source: OpenDay | None) -> OpenDay:
    """Create the day; the first session is as typed, others keep their distance from it.

    Where the first one has no time, in the source or now, the others keep their time of day.
    """
    del values["source_id"]
    columns = forms.to_schedule(values)
    starts_at, capacity = columns["starts_at"], columns["capacity"]
    created = lifecycle.create_day(ctx, values | {"copied_from_id": source.id if source else None})
    if source is not None and source.slots:
        is_timed = source.slots[0].start_shown and columns["start_shown"]
        shift = to_shift(source.slots[0].starts_at, starts_at, whole_days=not is_timed)
        copy_parts(ctx.session, source, created, shift)
        first = created.slots[0]
        first.reserved = min(first.reserved, capacity)
    else:
        first = EventSession(tenant_id=ctx.tenant.id, name=_("Whole event"), waiting_limit=capacity)
        created.slots.append(first)
    for name, value in columns.items():
        setattr(first, name, value)
    set_span(created)
    ctx.session.flush()
    return created


@blueprint.get(DAY)
@day_page
def detail(ctx: Context, day: OpenDay) -> str:
    """Show an open day as it stands: what is to be done next, sessions, people, history."""
    shown = day.state in SHOWN
    return render(
        "events/detail",
        day=day,
        public_url=sdk.tenant_url("plugin_open_day.show", day_id=day.id) if shown else "",
        history=queries.list_history(ctx.session, day),
        warnings=list_warnings(ctx, day) if day.state in _CHECKED else [],
        editable=lifecycle.is_editable(day),
        may_approve=ctx.may(PUBLISH, organ=day.organ_id) and not lifecycle.has_written(ctx, day),
    )


@blueprint.get(f"{DAY}edit/")
@day_page
def edit(ctx: Context, day: OpenDay) -> Any:
    """Show the form with what the day says so far."""
    if day.state in {DayState.IN_REVIEW, DayState.CANCELLED}:
        flash(_("This open day cannot be edited now."), "error")
        return to("days.detail", day)
    return _edit_form(ctx, day, blank(forms.EventForm.show(day)))


@blueprint.post(f"{DAY}edit/")
@day_page
def save(ctx: Context, day: OpenDay) -> Any:
    """Keep what was typed, unless somebody else was faster (optimistic lock)."""
    sdk.require_version(day.version)
    choices = forms.offered(forms.load_choices(ctx, day.item_id))
    form = forms.EventForm.read(choices=choices)
    if not lifecycle.is_editable(day):
        form.errors.pop("title", None)
    if not form.ok:
        return _edit_form(ctx, day, form), 422
    form.values["organ_id"] = forms.preset_organ(ctx, form.values["organ_id"])
    lifecycle.edit_day(ctx, day, form.values)
    flash(_("Saved."), "success")
    return to("days.detail", day)


@blueprint.post(f"{DAY}delete/")
@day_page
def delete(ctx: Context, day: OpenDay) -> Response:
    """Delete a draft or a template."""
    lifecycle.delete_day(ctx, day)
    flash(_("It was deleted."))
    return to("days.index")


@blueprint.get(f"{DAY}series/")
@day_page
def series(ctx: Context, day: OpenDay) -> str:
    """Ask how often the day comes back."""
    del ctx
    return _series_form(day, blank({"rhythm": Rhythm.MONTHLY_WEEKDAY, "count": "6"}))


@blueprint.post(f"{DAY}series/")
@day_page
def repeat(ctx: Context, day: OpenDay) -> Any:
    """Make the further days of a series as drafts."""
    form = SeriesForm.read()
    if not day.slots:
        form.errors["count"] = _("Add at least one session first.")
    if not form.ok:
        return _series_form(day, form), 422
    rhythm, count = Rhythm(form.values["rhythm"]), form.values["count"]
    first = day.slots[0].starts_at.astimezone(sdk.zone()).date()
    make_series(ctx, day, series_days(first, rhythm, count + 1)[1:], rhythm)
    flash(_("%(n)s further open days were made as drafts.", n=count), "success")
    return to("days.index", tab="preparing")


def _new_form(ctx: Context, form: FormData, source: OpenDay | None) -> str:
    return render(
        "events/new",
        form,
        choices=forms.load_choices(ctx, source.item_id if source else None),
        usual=_usual(ctx),
        latest=queries.latest_days(ctx),
        templates=queries.templates_for(ctx.session, ctx.tenant),
        offers_template=ctx.tenant.level != "village",
    )


def _edit_form(ctx: Context, day: OpenDay, form: FormData) -> str:
    choices, editable = forms.load_choices(ctx, day.item_id), lifecycle.is_editable(day)
    return render(
        "events/edit", form, day=day, choices=choices, usual=_usual(ctx), editable=editable
    )


def _usual(ctx: Context) -> dict[str, Any]:
    """Return what the parts of the form hold while they stay folded."""
    organ = {"organ_id": forms.preset_organ(ctx, None)}
    return forms.NewEventForm.show(forms.usual_values() | organ)


def _series_form(day: OpenDay, form: FormData) -> str:
    rhythms: Mapping[Any, Any] = labels.RHYTHMS
    return render("events/series", form, day=day, rhythms=forms.to_options(rhythms))
