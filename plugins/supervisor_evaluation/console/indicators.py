"""Staff pages of sets of indicators: versions, the draft, and what becomes of it."""

from typing import Any

from flask import flash

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint, count_open_messages, require_version

from ..domain.indicators import EvidenceDemand, SubjectGroup
from ..i18n import _
from ..indicators import sets
from ..indicators.forms import IndicatorSetForm, SetActForm, show_indicators, to_indicators
from ..labels import EVIDENCE, GROUPS, list_choices, say_indicator_fault
from ..manifest import MANAGE, MANIFEST
from ..models.indicators import IndicatorSet
from .pages import CONSOLE, attempt, blank, manage_page, render, to

INDICATORS = f"{CONSOLE}indicators/"
SET = f"{INDICATORS}<int:set_id>/"
BLANK_ROWS = 3

blueprint = PluginBlueprint(MANIFEST, __name__, part="indicators")


def load_set(ctx: Context, set_id: int) -> IndicatorSet:
    """Load the set of the address; raises `NotFound`."""
    return sets.get_set(ctx.session, ctx.tenant, set_id)


set_page = sdk.staff_page(MANAGE, indicator_set=load_set)


@blueprint.get(INDICATORS)
@manage_page
def index(ctx: Context) -> str:
    """List the versions of the place, and the set in force that it inherits."""
    in_force = sets.find_in_force(ctx.session, ctx.tenant)
    return render(
        "indicators",
        sets=sets.list_sets(ctx.session, ctx.tenant),
        inherited=in_force if in_force and in_force.tenant_id != ctx.tenant.id else None,
    )


@blueprint.post(f"{INDICATORS}new/")
@manage_page
def derive(ctx: Context) -> Any:
    """Begin a version: a copy of what is in force."""
    return to("indicators.edit", set_id=sets.derive_set(ctx).id)


@blueprint.get(SET)
@set_page
def edit(ctx: Context, indicator_set: IndicatorSet) -> str:
    """Show a set; a draft in its form."""
    return _page(ctx, indicator_set, blank(_show(indicator_set)))


@blueprint.post(SET)
@set_page
def save(ctx: Context, indicator_set: IndicatorSet) -> Any:
    """Store a draft; it may be unfinished until it is circulated."""
    form = IndicatorSetForm.read()
    if form.ok:
        require_version(indicator_set.version)
        values = form.values
        with attempt(ctx, form.errors, "title"):
            rows = to_indicators(values["rows"])
            sets.change_set(ctx, indicator_set, values["title"], values["note"], rows)
    if not form.ok:
        return _page(ctx, indicator_set, form), 422
    flash(_("Saved."), "success")
    return to("indicators.edit", set_id=indicator_set.id)


@blueprint.post(f"{SET}act/")
@set_page
def act(ctx: Context, indicator_set: IndicatorSet) -> Any:
    """Circulate a set, take it back, put it in force, or delete a draft."""
    require_version(indicator_set.version)
    form = SetActForm.read()
    acts = {
        "circulate": lambda: sets.circulate(ctx, indicator_set, form.values["comment_until"]),
        "take_back": lambda: sets.take_back(ctx, indicator_set),
        "put_in_force": lambda: sets.put_in_force(ctx, indicator_set),
        "delete": lambda: sets.delete_draft(ctx, indicator_set),
    }
    wanted = form.values["act"]
    if form.ok and wanted:
        with attempt(ctx, form.errors, "act"):
            acts[wanted]()
    if not form.ok:
        ctx.session.refresh(indicator_set)
        shown = FormData(form.values, form.errors, _show(indicator_set) | form.typed)
        return _page(ctx, indicator_set, shown), 422
    flash(_("Saved."), "success")
    if wanted == "delete":
        return to("indicators.index")
    return to("indicators.edit", set_id=indicator_set.id)


def _show(indicator_set: IndicatorSet) -> dict[str, Any]:
    shown = show_indicators(sets.read_indicators(indicator_set))
    return {"title": indicator_set.title, "note": indicator_set.note, "rows": shown}


def _page(ctx: Context, indicator_set: IndicatorSet, form: FormData) -> str:
    indicators = sets.read_indicators(indicator_set)
    measures = sets.list_measures(ctx.session, ctx.tenant)
    unknown = {each.measure: each.measure for each in indicators if each.measure}
    return render(
        "indicator_set",
        form,
        indicator_set=indicator_set,
        indicators=indicators,
        faults=[say_indicator_fault(fault) for fault in sets.list_faults(indicator_set)],
        blank_rows=BLANK_ROWS,
        evidence=list_choices({key: EVIDENCE[key] for key in EvidenceDemand}),
        groups=list_choices({key: GROUPS[key] for key in SubjectGroup}),
        measures=list_choices(unknown | measures),
        comments=count_open_messages(ctx.session, ctx.tenant, sets.COMMENT, str(indicator_set.id)),
    )
