"""Staff pages of differences: the list of a desk, one with both sides, answers and reasons."""

from typing import Any

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..comparing import cases, queries
from ..domain.life import SYNC_REASONS
from ..labels import REASONS, _l
from ..manifest import MANIFEST, SETTLE
from ..models.sync import SyncComparison
from ..pairs.queries import load_kinds
from .pages import CASE, CASES, case_list, case_page, render, settle_page, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="cases")


class DeskAnswerForm(Form):
    """What a desk says to a difference."""

    note = fields.TextField(cases.LONGEST_NOTE, required=_l("Write what you found."))


class ExplainForm(Form):
    """The coded reason for which a difference is legitimate, and since when."""

    reason = fields.ChoiceField(SYNC_REASONS, required=_l("Choose a reason."))
    reason_on = fields.DayField(required=_l("Enter the day on which it came to be."))
    reason_note = fields.TextField(cases.LONGEST_NOTE)


class ReopenForm(Form):
    """Why an explanation does not hold."""

    why = fields.LineField(cases.LONGEST_NOTE, required=_l("Say why."))


@blueprint.get(CASES)
@case_list
def index(ctx: Context) -> str:
    """List comparisons of this place and those below; what is open first."""
    chosen = sdk.params.word("show", queries.FILTERS, "open")
    page = queries.list_seen(ctx, chosen, sdk.params.page_number())
    return render(
        "cases/index",
        page=page,
        chosen=chosen,
        filters=queries.FILTERS,
        places=queries.load_places(ctx.session, page.rows),
        kinds=load_kinds(),
        today=sdk.today(),
    )


@blueprint.get(CASE)
@case_page
def show(ctx: Context, row: SyncComparison) -> str:
    """Show both sides of a comparison, what differs, and what happened."""
    return _page(ctx, row, sdk.blank_form())


@blueprint.post(f"{CASE}answer/")
@case_page
def answer(ctx: Context, row: SyncComparison) -> Any:
    """Keep what a desk says."""
    form = DeskAnswerForm.read()
    return _take(ctx, row, form, lambda: cases.answer(ctx, row, form.values["note"]))


@blueprint.post(f"{CASE}explain/")
@settle_page
def explain(ctx: Context, row: SyncComparison) -> Any:
    """Settle a difference by a coded reason."""
    sdk.require_version(row.version)
    form = ExplainForm.read()

    def settle() -> None:
        values = form.values
        cases.explain(ctx, row, values["reason"], values["reason_on"], values["reason_note"])

    return _take(ctx, row, form, settle)


@blueprint.post(f"{CASE}reopen/")
@settle_page
def reopen(ctx: Context, row: SyncComparison) -> Any:
    """Withdraw an explanation."""
    sdk.require_version(row.version)
    form = ReopenForm.read()
    return _take(ctx, row, form, lambda: cases.reopen(ctx, row, form.values["why"]))


def _take(ctx: Context, row: SyncComparison, form: FormData, act: Any) -> Any:
    return sdk.take_form(
        ctx,
        form,
        act,
        again=lambda again: _page(ctx, row, again),
        then=lambda: to("cases.show", comparison_id=row.id),
        field="note",
    )


def _page(ctx: Context, row: SyncComparison, form: FormData) -> str:
    village = ctx.session.get_one(sdk.Tenant, row.tenant_id)
    return render(
        "cases/show",
        form,
        row=row,
        village=village,
        kind=load_kinds().get_kind(row.kind),
        sides=queries.load_sides_for_staff(row, village),
        events=queries.list_events(ctx.session, row),
        reasons=[{"value": key, "label": label} for key, label in REASONS.items()],
        may_settle=ctx.tenant.level != "village" and ctx.may(SETTLE, organ=row.organ_id),
        today=sdk.today(),
        edit_url=_build_edit_url(village, row),
    )


def _build_edit_url(village: sdk.Tenant, row: SyncComparison) -> str:
    """Return where the village corrects its list."""
    if row.village_publication_id is None:
        return ""
    return sdk.tenant_url("publishing_acts.detail", village, id=row.village_publication_id)
