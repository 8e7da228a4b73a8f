"""How many people live in the villages: from a list that the county enters, never estimated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.sdk import (
    Context,
    ListColumn,
    ListFault,
    ListRead,
    ListRow,
    ListSource,
    NamedPlaces,
    Tenant,
    load_named_places,
    parse_whole_number,
    place_columns,
    read_list,
    today,
)

from ..i18n import _
from ..manifest import MANAGE
from ..models.lists import VillagePeople

MOST_PEOPLE = 1_000_000


@dataclass(slots=True)
class PeopleList:
    """A list as it was read: people and households by village (its id)."""

    read: ListRead
    found: dict[int, Mapping[str, Any]] = field(default_factory=dict)


def read_people(ctx: Context, source: ListSource) -> PeopleList:
    """Read a list of villages with their people; rows that name none are left out and say why."""
    columns = (
        *place_columns(),
        ListColumn("households", _("Households"), ("户数", "总户数"), parse=_parse_count),
        ListColumn("people", _("People"), ("人口", "人数", "总人口", "常住人口", "人口数"),
                   required=True, parse=_parse_count),
    )  # fmt: skip
    places, result = (
        load_named_places(ctx.session, ctx.tenant),
        PeopleList(read_list(source, columns)),
    )
    good = []
    for row in result.read.rows:
        try:
            place = _find_village(places, row, result)
        except ValueError as error:
            excerpt = " ".join(filter(None, row.texts.values()))[:200]
            result.read.faults.append(ListFault(str(error), row.place, None, excerpt))
        else:
            good.append(row)
            result.found[place.id] = row.values
    result.read.rows[:] = good
    return result


def _find_village(places: NamedPlaces, row: ListRow, result: PeopleList) -> Tenant:
    place = places.find(row.values)
    if place.level != "village":
        raise ValueError(_("Only rows of villages are taken: figures would count twice."))
    if place.id in result.found:
        raise ValueError(_("This village stands in the list twice."))
    return place


def _parse_count(text: str) -> int:
    number = parse_whole_number(text)
    if not 0 <= number <= MOST_PEOPLE:
        raise ValueError(_("Enter a number of people or households."))
    return number


def load_people(ctx: Context) -> dict[int, VillagePeople]:
    """Load what was entered for the villages of the place and below, by their ids."""
    rows = ctx.session.scalars(select(VillagePeople))
    return {row.tenant_id: row for row in rows}


def store_people(ctx: Context, found: Mapping[int, Mapping[str, Any]]) -> None:
    """Store the figures of a list; villages that it leaves out keep theirs."""
    ctx.require(MANAGE)
    known = load_people(ctx)
    for place, values in found.items():
        row = known.get(place) or VillagePeople(tenant_id=place)
        row.people, row.entered_on = values["people"], today()
        row.households = values.get("households")
        ctx.session.add(row)
    ctx.audit("service_map.people", ctx.tenant.division_code, villages=len(found))
