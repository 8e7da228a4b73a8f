"""What the pages about plugins show: how each stands here and below, and what may be said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant, below
from core.errors import Invalid
from core.permissions import Actor
from core.plugins.activation.cache import tenants_below
from core.plugins.activation.decisions import INHERIT, Effect, acts_for_county
from core.plugins.activation.labels import POLICY_LABELS
from core.plugins.activation.rules import Policy, State
from core.plugins.admin.overview import PluginStatus, StatusReport, load_statuses
from core.plugins.api.manifest import Label
from core.tenancy.service import scope_names
from core.web import params
from core.web.forms.fields import LineField, TextField, TickedField, TickField
from core.web.forms.form import Form

PLACES_SHOWN = 60
NEAR, ALL = "", "all"
LONGEST_REASON = 500
INHERIT_LABEL = _l("As above: take back what was said here")


@dataclass(frozen=True, slots=True)
class Overview:
    """A plugin here, and in how many places below it is on or quarantined."""

    status: PluginStatus
    on: int
    quarantined: int
    below: int


def overviews(session: Session, tenant: Tenant) -> list[Overview]:
    """Every installed plugin at a tenant and below it, by name."""
    places = list(tenants_below(session, [tenant.path]))
    report = load_statuses(session, places)
    return [_overview(report, tenant, places, name) for name in sorted(report.installed)]


def _overview(
    report: StatusReport, tenant: Tenant, places: Sequence[Tenant], name: str
) -> Overview:
    status = report.status(tenant, name)
    levels = status.manifest.levels
    states = [report.state(place, name) for place in places
              if place.id != tenant.id and place.level in levels]  # fmt: skip
    return Overview(status, states.count(State.ON), states.count(State.QUARANTINED), len(states))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which places are listed: the tenant and those directly below it, all, or those of a level."""

    level: str = NEAR
    state: str = ""
    words: str = ""

    @classmethod
    def asked(cls) -> "Filter":
        """As asked for in the address."""
        return cls(params.text("level"), params.text("state"), params.text("q"))

    def fits(self, row: "PlaceRow") -> bool:
        """Whether a place is listed."""
        tenant, state = row.status.tenant, row.status.activation.state.value
        return (
            (self.level == ALL or (row.near if self.level == NEAR else tenant.level == self.level))
            and (not self.state or state == self.state)
            and (not self.words or self.words in row.name or self.words in tenant.division_code)
        )


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in the list, named from below the tenant whose page it is; `near`: a step away."""

    status: PluginStatus
    name: str
    near: bool


def place_rows(session: Session, tenant: Tenant, plugin: str, wanted: Filter) -> list[PlaceRow]:
    """List the tenant and those below it that fit, in the order of the tree."""
    places = list(tenants_below(session, [tenant.path]))
    report = load_statuses(session, places)
    names = list_names(tenant, places)
    rows = [
        PlaceRow(
            report.status(place, plugin), names[place.id], tenant.id in {place.id, place.parent_id}
        )
        for place in places
    ]
    return [row for row in rows if wanted.fits(row)]


def list_names(tenant: Tenant, places: Iterable[Tenant]) -> dict[int, str]:
    """Names by id, seen from a tenant: a village with its township, 石桥镇 柳湾村."""
    by_id = {place.id: place for place in places}
    return {
        place.id: scope_names(
            by_id[node] for node in place.chain if node in by_id and node != tenant.id
        )
        or place.name
        for place in by_id.values()
    }


@dataclass(frozen=True, slots=True)
class Option:
    """A word to choose."""

    value: str
    label: Label


def words_for(
    session: Session, actor: Actor, tenant: Tenant, rows: Iterable[PlaceRow]
) -> list[Option]:
    """List the policies that the actor may set at some of these places."""
    if acts_for_county(session, actor, tenant):
        words = list(Policy)
    else:
        choice = any(row.status.may_choose for row in rows)
        words = [Policy.ON, Policy.OFF] if choice else [Policy.OFF]
    options = [Option(word.value, POLICY_LABELS[word]) for word in words]
    return [*options, Option(INHERIT, INHERIT_LABEL)]


class PolicyForm(Form):
    """A decision about places, the filter of their list, and another filter to change to."""

    word = LineField(20)
    place = TickedField()
    every = TickField()
    reason = TextField(100_000)
    level = LineField(20)
    state = LineField(20)
    q = LineField(200)
    to_level = LineField(20)
    to_state = LineField(20)
    to_q = LineField(200)


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """What was filled in: a word, places, a reason; `every` means all that the filter lists."""

    word: str
    codes: tuple[str, ...]
    every: bool
    reason: str
    filter: Filter

    @classmethod
    def read(cls, *, narrowed: bool = False) -> "PolicyRequest":
        """As it was posted; `narrowed` to the places that the filter beside the list asks for."""
        values = PolicyForm.read().values
        names = ("to_level", "to_state", "to_q") if narrowed else ("level", "state", "q")
        return cls(
            values["word"],
            tuple(values["place"]),
            values["every"],
            values["reason"],
            Filter(*(values[name] for name in names)),
        )

    def said(self) -> Policy | None:
        """Return the policy; raises `Invalid` where none was chosen."""
        if self.word != INHERIT and self.word not in set(Policy):
            raise Invalid({"word": _("Choose what to decide.")})
        if len(self.reason) > LONGEST_REASON:
            raise Invalid({"reason": _("At most %(n)s characters.", n=LONGEST_REASON)})
        return None if self.word == INHERIT else Policy(self.word)

    def places(self, session: Session, tenant: Tenant, plugin: str) -> list[Tenant]:
        """List the chosen places at and below a tenant; raises `Invalid` where there are none."""
        if self.every:
            rows = place_rows(session, tenant, plugin, self.filter)
            found = [row.status.tenant for row in rows]
        else:
            found = _by_codes(session, tenant, self.codes)
        if not found:
            raise Invalid({"place": _("Choose at least one place.")})
        return found


def _by_codes(session: Session, tenant: Tenant, codes: Sequence[str]) -> list[Tenant]:
    found: list[Tenant] = []
    for start in range(0, len(codes), 500):
        query = select(Tenant).where(
            Tenant.division_code.in_(codes[start : start + 500]), below(tenant.path)
        )
        found += session.scalars(query)
    return found


def count_effects(effects: Iterable[Effect]) -> tuple[int, int]:
    """How many go on, and how many go off."""
    states = [effect.after for effect in effects]
    on = states.count(State.ON)
    return on, len(states) - on
