"""Forms of sessions, categories and questions."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..domain.states import FIELD_KINDS, SLOT_STATES
from ..forms import FormReader, shown_moment
from ..i18n import _
from ..models.registration import Category, EventSession, FormField, Quota
from .forms import MOST_SEATS

MOST_CHOICES = 30
LONGEST_CHOICE = 100
# The door opens so long before the beginning, unless the form says otherwise.
DOOR_OPENS = timedelta(minutes=60)

Errors = dict[str, str]


def read_slot(form: Mapping[str, str], zone: ZoneInfo) -> tuple[dict[str, Any], Errors]:
    """A session's values by column, and what is wrong."""
    read = FormReader(form, zone)
    day = read.day("date", required=_("Enter the day."))
    starts = read.at(day, read.clock("starts", required=_("Enter when it begins.")))
    ends = read.at(day, read.clock("ends", required=_("Enter when it ends.")))
    values: dict[str, Any] = {
        "name": read.line("name", 100, required=_("Give the session a name.")),
        "place": read.line("place", 200),
        "guide": read.line("guide", 100),
        "starts_at": starts,
        "ends_at": ends,
        "capacity": read.number("capacity", 1, MOST_SEATS, required=_("Enter how many places.")),
        "reserved": read.number("reserved", 0, MOST_SEATS) or 0,
        "waiting_on": read.ticked("waiting_on"),
        "waiting_limit": read.number("waiting_limit", 0, MOST_SEATS),
        "self_check_in": read.ticked("self_check_in"),
        "check_in_from": read.moment("check_in_from") or (starts and starts - DOOR_OPENS),
        "check_in_until": read.moment("check_in_until") or ends,
        "state": read.choice("state", SLOT_STATES) or "open",
    }
    _check_slot(values, read.errors)
    return values, read.errors


def _check_slot(values: Mapping[str, Any], errors: Errors) -> None:
    if values["starts_at"] and values["ends_at"] and values["starts_at"] >= values["ends_at"]:
        errors["ends"] = _("It must end after it begins.")
    if values["capacity"] is not None and values["reserved"] > values["capacity"]:
        errors["reserved"] = _("There cannot be more reserved places than places.")
    opens, closes = values["check_in_from"], values["check_in_until"]
    if "ends" not in errors and opens and closes and opens >= closes:
        errors["check_in_until"] = _("Check-in must end after it begins.")


def typed_slot(slot: EventSession, zone: ZoneInfo, quotas: Sequence[Quota]) -> dict[str, Any]:
    """What the form of a session shows."""
    names = ("name", "place", "guide", "capacity", "reserved", "waiting_on", "self_check_in",
             "state")  # fmt: skip
    starts, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    shown = {name: getattr(slot, name) for name in names} | {
        "date": starts.date(),
        "starts": starts.strftime("%H:%M"),
        "ends": ends.strftime("%H:%M"),
        "waiting_limit": "" if slot.waiting_limit is None else slot.waiting_limit,
        "check_in_from": shown_moment(slot.check_in_from, zone),
        "check_in_until": shown_moment(slot.check_in_until, zone),
    }
    return shown | {f"quota-{one.category_id}": one.seats for one in quotas}


def read_quotas(
    form: Mapping[str, str], zone: ZoneInfo, categories: Sequence[Category]
) -> tuple[dict[int, int], Errors]:
    """Places of the categories in a session; an empty field sets no bound."""
    read = FormReader(form, zone)
    found = {one.id: read.number(f"quota-{one.id}", 0, MOST_SEATS) for one in categories}
    return {one: seats for one, seats in found.items() if seats is not None}, read.errors


def read_category(form: Mapping[str, str], zone: ZoneInfo) -> tuple[dict[str, Any], Errors]:
    """A category of people."""
    read = FormReader(form, zone)
    label = read.line("label", 50, required=_("Enter the name of the category."))
    return {"label": label, "by_invitation": read.ticked("by_invitation")}, read.errors


def read_field(
    form: Mapping[str, str], zone: ZoneInfo, others: Sequence[FormField]
) -> tuple[dict[str, Any], Errors]:
    """A question of the registration form; it may depend on a choice or box before it."""
    read = FormReader(form, zone)
    kind = read.choice("kind", FIELD_KINDS, required=_("Choose what is asked for."))
    values: dict[str, Any] = {
        "label": read.line("label", 100, required=_("Enter the question.")),
        "help": read.line("help", 200),
        "kind": kind,
        "required": read.ticked("required"),
        "choices": _choices(read, kind),
        "minimum": read.number("minimum", 0, 10**6) if kind == "number" else None,
        "maximum": read.number("maximum", 0, 10**6) if kind == "number" else None,
        "personal": read.ticked("personal") or kind in {"id_number", "phone"},
        "retention_days": read.number("retention_days", 1, 3650),
    }
    low, high = values["minimum"], values["maximum"]
    if low is not None and high is not None and low > high:
        read.errors["maximum"] = _("The greatest must not be less than the least.")
    values |= _condition(read, others)
    return values, read.errors


def _choices(read: FormReader, kind: str) -> list[str]:
    if kind != "choice":
        return []
    lines = (" ".join(line.split()) for line in read.raw("choices").splitlines())
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) < 2:
        read.errors["choices"] = _("Enter at least two answers, one on each line.")
    elif len(found) > MOST_CHOICES or max(map(len, found)) > LONGEST_CHOICE:
        read.errors["choices"] = _(
            "At most %(n)s answers of %(m)s characters.", n=MOST_CHOICES, m=LONGEST_CHOICE
        )
    return found


def _condition(read: FormReader, others: Sequence[FormField]) -> dict[str, Any]:
    """Chosen from a list of `key=value`, made from the questions that come before."""
    chosen = read.raw("condition")
    if not chosen:
        return {"condition_key": None, "condition_value": ""}
    if chosen not in {value for value, _label in conditions(others)}:
        read.errors["condition"] = _("Choose one of the list.")
    key, _equals, value = chosen.partition("=")
    return {"condition_key": key, "condition_value": value}


def conditions(fields: Sequence[FormField]) -> list[tuple[str, str]]:
    """What a question can depend on: an answer to a choice, a box that is ticked."""
    found = []
    for one in fields:
        if one.kind == "choice":
            found += [(f"{one.key}={choice}", f"{one.label}: {choice}") for choice in one.choices]
        elif one.kind == "checkbox":
            found.append((f"{one.key}=yes", _("%(question)s: ticked", question=one.label)))
    return found


def typed_field(one: FormField) -> dict[str, Any]:
    """What the form of a question shows."""
    names = ("label", "help", "kind", "required", "personal")
    shown: dict[str, Any] = {name: getattr(one, name) for name in names}
    for name in ("minimum", "maximum", "retention_days"):
        shown[name] = "" if getattr(one, name) is None else getattr(one, name)
    shown["choices"] = "\n".join(one.choices)
    shown["condition"] = f"{one.condition_key}={one.condition_value}" if one.condition_key else ""
    return shown


def new_key(prefix: str, taken: Sequence[str]) -> str:
    """A key that no other has; keys never change, so that answers keep their question."""
    numbers = [int(key[len(prefix) :]) for key in taken if re.fullmatch(f"{prefix}[0-9]+", key)]
    return f"{prefix}{max(numbers, default=0) + 1}"
