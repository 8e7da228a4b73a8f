"""Staff pages of sets of indicators: versions, the draft, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from core import sdk
from core.sdk import Context, FormData

from ..domain.indicators import EvidenceDemand, SubjectGroup
from ..indicators import sets
from ..indicators.forms import IndicatorSetForm, SetActForm, show_indicators, to_indicators
from ..labels import EVIDENCE, GROUPS, list_choices, say_indicator_fault
from ..manifest import MANAGE, MANIFEST
from ..models.indicators import IndicatorSet
from .pages import CONSOLE, manage_page, render, to

INDICATORS = f"{CONSOLE}indicators/"
SET = f"{INDICATORS}<int:set_id>/"
BLANK_ROWS = 3

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="indicators")


def load_set(ctx: Context, set_id: int) -> IndicatorSet:
    """Load the set of the address; raises `NotFound`."""
    return sets.get_set(ctx.session, ctx.tenant, set_id)


set_page = sdk.staff_page(MANAGE, indicator_set=load_set)


@blueprint.get(INDICATORS)
@manage_page
def index(ctx: Context) -> str:
    """List the versions of the place, and the set in force that it inherits."""
    in_force = sets.find_in_force(ctx.session, ctx.tenant)
    inherited = in_force if in_force and in_force.tenant_id != ctx.tenant.id else None
    return render("indicators", sets=sets.list_sets(ctx.session, ctx.tenant), inherited=inherited)


@blueprint.post(f"{INDICATORS}new/")
@manage_page
def derive(ctx: Context) -> Any:
    """Begin a version: a copy of what is in force."""
    return to("indicators.edit", set_id=sets.derive_set(ctx).id)


@blueprint.get(SET)
@set_page
def edit(ctx: Context, indicator_set: IndicatorSet) -> str:
    """Show a set; a draft in its form."""
    return _page(ctx, indicator_set, sdk.blank_form())


@blueprint.post(SET)
@set_page
def save(ctx: Context, indicator_set: IndicatorSet) -> Any:
    """Store a draft; it may be unfinished until it is circulated."""
    sdk.require_version(indicator_set.version)
    form = IndicatorSetForm.read()
    return _take(ctx, indicator_set, form, lambda: sets.change_set(
        ctx, indicator_set, form.values["title"], form.values["note"],
        to_indicators(form.values["rows"])), "title")  # fmt: skip


@blueprint.post(f"{SET}act/")
@set_page
def act(ctx: Context, indicator_set: IndicatorSet) -> Any:
    """Circulate a set, take it back, put it in force, or delete a draft."""
    sdk.require_version(indicator_set.version)
    form = SetActForm.read()
    acts: dict[str, Callable[[], None]] = {
        "": lambda: None,
        "circulate": lambda: sets.circulate(ctx, indicator_set, form.values["comment_until"]),
        "take_back": lambda: sets.take_back(ctx, indicator_set),
        "put_in_force": lambda: sets.put_in_force(ctx, indicator_set),
        "delete": lambda: sets.delete_draft(ctx, indicator_set),
    }
    return _take(ctx, indicator_set, form, acts[form.values["act"]], "act")


def _take(
    ctx: Context, indicator_set: IndicatorSet, form: FormData, act: Callable[[], None], field: str
) -> Any:
    number = indicator_set.id

    def go_on() -> Any:
        if ctx.session.get(IndicatorSet, number) is None:
            return to("indicators.index")
        return to("indicators.edit", set_id=number)

    return sdk.take_form(
        ctx, form, act, again=lambda form: _page(ctx, indicator_set, form), then=go_on, field=field
    )


def _page(ctx: Context, indicator_set: IndicatorSet, form: FormData) -> str:
    indicators = sets.read_indicators(indicator_set)
    stored = {"title": indicator_set.title, "note": indicator_set.note,
              "rows": show_indicators(indicators)}  # fmt: skip
    unknown = {each.measure: each.measure for each in indicators if each.measure}
    measures = unknown | sets.list_measures(ctx.session, ctx.tenant)
    number = str(indicator_set.id)
    return render(
        "indicator_set",
        FormData(form.values, form.errors, stored | form.typed),
        indicator_set=indicator_set,
        indicators=indicators,
        faults=[say_indicator_fault(fault) for fault in sets.list_faults(indicator_set)],
        blank_rows=BLANK_ROWS,
        evidence=list_choices({key: EVIDENCE[key] for key in EvidenceDemand}),
        groups=list_choices({key: GROUPS[key] for key in SubjectGroup}),
        measures=list_choices(measures),
        comments=sdk.count_open_messages(ctx.session, ctx.tenant, sets.COMMENT, number),
    )
