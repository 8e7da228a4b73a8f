"""Staff pages on which open days are prepared: the list, the form, one day, a series."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    PluginBlueprint,
    allowed,
    current_actor,
    current_tenant,
    session,
    staff_page,
    tenant_url,
    utc_now,
    zone,
)

from ..domain.recurrence import MOST_IN_A_SERIES, Rhythm, series_days
from ..domain.states import SHOWN
from ..events.copies import copy_parts, make_series, set_span
from ..events.forms import (
    DayDraft,
    EventChoices,
    choices_for,
    read_day,
    read_new_day,
    typed_first_slot,
    typed_in,
)
from ..events.lifecycle import APPROVE, create_day, delete_day, edit_day, has_written, is_editable
from ..events.program import find_issues
from ..events.queries import (
    TABS,
    count_waiting,
    get_day,
    history_of,
    latest_days,
    list_days,
    source_day,
    templates_for,
)
from ..forms import FormReader
from ..i18n import _
from ..labels import DAY_STATES, HISTORY, ISSUES, MODES, RHYTHMS, SLOT_STATES, TAB_LABELS
from ..manifest import MANAGE, MANIFEST
from ..models.registration import EventSession, OpenDay

blueprint = PluginBlueprint(MANIFEST, __name__, part="days")
HERE = "plugin_open_day_days"


@blueprint.get("/<code>/console/open-days/")
@staff_page(MANAGE)
def index() -> str:
    """The open days of this place: coming, in preparation, past."""
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    desk = list_days(session(), current_tenant(), request.args.get("tab", ""), number)
    tabs = [
        {
            "key": tab,
            "label": TAB_LABELS[tab],
            "url": tenant_url(f"{HERE}.index", tab=tab),
            "count": desk.counts[tab],
        }
        for tab in TABS
    ]
    return render_template(
        "open_day/console/index.html",
        desk=desk,
        tabs=tabs,
        day_states=DAY_STATES,
        zone=zone(),
        waiting=count_waiting(session(), current_tenant()),
    )


@blueprint.get("/<code>/console/open-days/new/")
@staff_page(MANAGE)
def new() -> str:
    """A new open day, empty or from an earlier one or a template."""
    source = _source(request.args.get("from", ""))
    zone_ = zone()
    typed: dict[str, Any] = {"mode": "first_come", "one_per_phone": True, "retention_days": 180,
                             "remind_hours": 24, "max_party": 1,
                             "consent_text": _default_consent()}  # fmt: skip
    if source is not None:
        typed = typed_in(source, zone_) | {"opens_at": "", "closes_at": "", "from": source.id}
    first = source.slots[0] if source and source.slots else None
    return _new_form(typed | typed_first_slot(first, zone_), {}, source)


def _default_consent() -> str:
    return _(
        "We collect your name and telephone number to arrange this open day and to tell you of "
        "changes. They are used for nothing else and are deleted half a year after it."
    )


def _source(number: str) -> OpenDay | None:
    if not number.isdecimal() or len(number) > 9:
        return None
    return source_day(session(), current_tenant(), int(number))


@blueprint.post("/<code>/console/open-days/")
@staff_page(MANAGE)
def create() -> Any:
    """Begin an open day with its first session."""
    source = _source(request.form.get("from", ""))
    draft = read_new_day(request.form, zone(), _choices(source))
    if draft.errors:
        return _new_form(request.form, draft.errors, source), 422
    day = _made(draft, source)
    flash(_("Saved. Look through it, then hand it in for approval."), "success")
    return to_day(day)


def _made(draft: DayDraft, source: OpenDay | None) -> OpenDay:
    """The new day; the first session is as typed, others keep their distance from it."""
    values = draft.values | {
        "is_template": bool(request.form.get("is_template")),
        "copied_from_id": source.id if source else None,
    }
    day = create_day(session(), current_actor(), current_tenant(), values)
    assert draft.starts_at is not None
    if source is not None and source.slots:
        copy_parts(session(), source, day, draft.starts_at - source.slots[0].starts_at)
        first = day.slots[0]
        first.capacity = draft.capacity
        first.reserved = min(first.reserved, draft.capacity)
    else:
        first = EventSession(
            tenant_id=day.tenant_id,
            name=_("Whole event"),
            capacity=draft.capacity,
            waiting_limit=draft.capacity,
        )
        day.slots.append(first)
    assert draft.ends_at is not None
    first.starts_at, first.ends_at = draft.starts_at, draft.ends_at
    set_span(day)
    session().flush()
    return day


@blueprint.get("/<code>/console/open-days/<int:id>/")
@staff_page(MANAGE)
def detail(id: int) -> str:  # noqa: A002 - the name that addresses use
    """One open day as it stands: what is to be done next, sessions, people, history."""
    tenant, actor = current_tenant(), current_actor()
    day = get_day(session(), tenant, id)
    approves = allowed(actor, APPROVE, tenant)
    return render_template(
        "open_day/console/detail.html",
        day=day,
        zone=zone(),
        now=utc_now(),
        mode=str(MODES[day.mode]),
        day_states=DAY_STATES,
        slot_states=SLOT_STATES,
        history_labels=HISTORY,
        public_url=tenant_url("plugin_open_day.show", day_id=id) if day.state in SHOWN else "",
        history=history_of(session(), day),
        warnings=[
            {"severity": "warning", "message": ISSUES[issue], "where": where}
            for issue, where in find_issues(session(), day)
        ]
        if day.state in {"draft", "in_review", "published", "postponed"}
        else [],
        editable=is_editable(day),
        may_approve=approves and not has_written(session(), actor, day),
    )


@blueprint.get("/<code>/console/open-days/<int:id>/edit/")
@staff_page(MANAGE)
def edit(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """The form with what the day says so far."""
    day = get_day(session(), current_tenant(), id)
    if day.state in {"in_review", "cancelled"}:
        flash(_("This open day cannot be edited now."), "error")
        return to_day(day)
    return _edit_form(day, typed_in(day, zone()), {})


@blueprint.post("/<code>/console/open-days/<int:id>/edit/")
@staff_page(MANAGE)
def save(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Keep what was typed, unless somebody else was faster."""
    day = get_day(session(), current_tenant(), id)
    draft = read_day(request.form, zone(), _choices(day))
    if not is_editable(day):
        draft.errors.pop("title", None)
    if request.form.get("version") != str(day.version):
        draft.errors["title"] = _(
            "Somebody else changed this in the meantime. Below is what you typed; "
            "saving again puts it in the place of theirs."
        )
    if draft.errors:
        return _edit_form(day, request.form, draft.errors), 422
    edit_day(session(), current_actor(), current_tenant(), day, draft.values)
    flash(_("Saved."), "success")
    return to_day(day)


@blueprint.post("/<code>/console/open-days/<int:id>/delete/")
@staff_page(MANAGE)
def delete(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Delete a draft or a template."""
    day = get_day(session(), current_tenant(), id)
    delete_day(session(), current_actor(), current_tenant(), day)
    flash(_("It was deleted."))
    return redirect(tenant_url(f"{HERE}.index"))


@blueprint.get("/<code>/console/open-days/<int:id>/series/")
@staff_page(MANAGE)
def series(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Ask how often the day comes back."""
    day = get_day(session(), current_tenant(), id)
    return _series_form(day, {"rhythm": Rhythm.MONTHLY_WEEKDAY, "count": "6"}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/series/")
@staff_page(MANAGE)
def repeat(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Make the further days of a series as drafts."""
    day = get_day(session(), current_tenant(), id)
    read = FormReader(request.form, zone())
    rhythm = read.choice("rhythm", tuple(Rhythm), required=_("Choose how often."))
    count = read.number("count", 1, MOST_IN_A_SERIES - 1, required=_("Enter how many more."))
    if not day.slots:
        read.errors["count"] = _("Add at least one session first.")
    if read.errors or count is None:
        return _series_form(day, request.form, read.errors), 422
    first = day.slots[0].starts_at.astimezone(zone()).date()
    days = series_days(first, Rhythm(rhythm), count + 1)[1:]
    make_series(session(), current_actor(), current_tenant(), day, days=days, rhythm=Rhythm(rhythm))
    flash(_("%(n)s further open days were made as drafts.", n=count), "success")
    return redirect(tenant_url(f"{HERE}.index", tab="preparing"))


def to_day(day: OpenDay) -> Response:
    """Go to the page of a day."""
    return redirect(tenant_url(f"{HERE}.detail", id=day.id))


def _choices(day: OpenDay | None) -> EventChoices:
    return choices_for(session(), current_tenant(), day.item_id if day else None)


def _new_form(typed: Any, errors: dict[str, str], source: OpenDay | None) -> str:
    return render_template(
        "open_day/console/new.html",
        typed=typed,
        errors=errors,
        choices=_choices(source),
        latest=latest_days(session(), current_tenant()),
        templates=templates_for(session(), current_tenant()),
        offers_template=current_tenant().level != "village",
    )


def _edit_form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/edit.html",
        day=day,
        typed=typed,
        errors=errors,
        choices=_choices(day),
        editable=is_editable(day),
    )


def _series_form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    rhythms = [{"value": key, "label": label} for key, label in RHYTHMS.items()]
    return render_template(
        "open_day/console/series.html", day=day, typed=typed, errors=errors, rhythms=rhythms
    )
